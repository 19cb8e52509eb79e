using Bridle.Journal;

namespace Bridle.Tests.Journal;

/// <summary>A folder of its own for a test, with a store in it, removed at the end.</summary>
internal sealed class TestFolder : IDisposable
{
    // Where there is one, a file system in memory: thousands of syncs on a shared disk would take minutes and show nothing more.
    private const string Memory = "/dev/shm";

    public TestFolder()
    {
        Root = Path.Combine(Directory.Exists(Memory) ? Memory : Path.GetTempPath(), $"bridle-journal-{Guid.NewGuid():n}");
        Directory.CreateDirectory(Root);
        Store = new SessionStore(Data, State, Clock);
    }

    public string Root { get; }

    public string Data => Path.Combine(Root, "data");

    public string State => Path.Combine(Root, "state");

    public SteppingClock Clock { get; } = new();

    public SessionStore Store { get; }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Dispose();
        Directory.CreateDirectory(Root);
    }

    /// <summary>Loses keys and seals, as when a data folder came from another machine.</summary>
    public void ForgetSeals()
    {
        if (Directory.Exists(State))
        {
            Directory.Delete(State, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

/// <summary>A clock that goes on by 10 ms whenever it is asked; its zone is UTC.</summary>
internal sealed class SteppingClock : TimeProvider
{
    private DateTimeOffset _now = new(2026, 11, 21, 11, 0, 0, TimeSpan.Zero);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => _now += TimeSpan.FromMilliseconds(10);
}
