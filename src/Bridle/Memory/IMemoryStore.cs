namespace Bridle.Memory;

/// <summary>
/// Keeps the notes of one scope. It stores and nothing else: what may be stored and what is shown is <see cref="NoteBook"/>'s to say. Safe to use concurrently, also from several processes.
/// A disk that does not work is an <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
/// </summary>
public interface IMemoryStore
{
    /// <summary>Where it keeps them, as shown to a person.</summary>
    string Place { get; }

    /// <summary>All notes, in the order of their names. What a person broke is left out with a warning, and stays as it is.</summary>
    MemoryContents Read();

    /// <summary>
    /// Changes notes, alone: nobody else's change comes between what <paramref name="change"/> is shown and what it does. When this returns the change survives a crash;
    /// when it throws each note is as it was or as it was meant to be.
    /// </summary>
    void Change(Func<MemoryContents, MemoryChange> change);
}

/// <summary>What a store holds.</summary>
/// <param name="Notes">The notes.</param>
/// <param name="Warnings">What could not be read, one line each, for a person.</param>
public sealed record MemoryContents(IReadOnlyList<MemoryNote> Notes, IReadOnlyList<string> Warnings)
{
    /// <summary>Nothing.</summary>
    public static MemoryContents Empty { get; } = new([], []);
}

/// <summary>What is to be done to a store.</summary>
/// <param name="Put">Notes that are added, or take the place of the one of their name.</param>
/// <param name="Remove">Names of notes that go.</param>
public sealed record MemoryChange(IReadOnlyList<MemoryNote> Put, IReadOnlyList<string> Remove)
{
    /// <summary>Nothing is to be done.</summary>
    public static MemoryChange None { get; } = new([], []);
}
