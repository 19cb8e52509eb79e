using System.Collections;
using Bridle.Events;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Trust;
using Bridle.Permissions;

namespace Bridle.Hosting.Assembly;

/// <summary>
/// The long outputs of a session, as files that its model may read: the gate lets them pass, and confined programs see the newest of them. What a log that comes from elsewhere
/// names opens nothing: it could name what another session keeps. As a list, it is what confined programs see now. Safe to use concurrently.
/// </summary>
internal sealed class SessionSpills : IEventSink, IReadOnlyList<string>
{
    // Each is a mount of its own at every start of a program.
    private const int MostShown = 40;

    private static readonly HashSet<string> s_results = ["tool_returned"];
    private static readonly HashSet<string> s_ofHooks = ["hook_ran", "reminder_added"];
    private readonly OpenLog _log;
    private readonly Lock _lock = new();
    private readonly List<string> _paths = [];
    private PermissionsInForce? _inForce;

    /// <summary>With those that an opened log names already.</summary>
    public SessionSpills(OpenLog log)
    {
        _log = log;
        var named = log.Journal.ReadOnly(s_results, "spill").Concat(log.Journal.ReadOnly(s_ofHooks, "spills")).Where(record => Of(record.Event).Count > 0).OrderBy(record => record.N).ToList();
        var last = named.Count is 0 ? 0 : log.LastStrange();
        foreach (var hash in named.Where(record => record.N > last).SelectMany(record => Of(record.Event)))
        {
            Take(hash);
        }
    }

    public int Count => Shown().Count;

    public string this[int index] => Shown()[index];

    /// <summary>Opens them at a gate, and from now on what is recorded as well.</summary>
    public SessionSpills Follow(PermissionsInForce inForce)
    {
        _inForce = inForce;
        inForce.OpenFiles(_paths);
        return this;
    }

    /// <summary>Keeps what a hook said at length. What is for the model opens as well, and again when the session is resumed if a record names it.</summary>
    public SpilledText Keep(string text, bool isForModel)
    {
        var hash = _log.Journal.Blobs.Put(System.Text.Encoding.UTF8.GetBytes(text));
        if (isForModel && Take(hash) is { } path)
        {
            _inForce?.OpenFiles([path]);
        }

        return new(hash, _log.Journal.Blobs.PathOf(hash));
    }

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        if (sessionEvent is Recorded { Event: ToolReturned { Spill: { } hash } } && Take(hash) is { } path)
        {
            _inForce?.OpenFiles([path]);
        }

        return ValueTask.CompletedTask;
    }

    public IEnumerator<string> GetEnumerator() => Shown().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IReadOnlyList<string> Of(DurableEvent named) => named switch
    {
        ToolReturned { Spill: { } hash } => [hash],
        HookRan { Spills: { } hashes } => hashes,
        ReminderAdded { Spills: { } hashes } => hashes,
        _ => [],
    };

    private string? Take(string hash)
    {
        if (_log.Journal.Blobs.PathOf(hash) is not { } path)
        {
            return null;
        }

        var real = RealFolder.Of(Path.GetDirectoryName(path)!)?.Path is { } folder ? Path.Combine(folder, hash) : path;
        lock (_lock)
        {
            _paths.Remove(real);
            _paths.Add(real);
        }

        return real;
    }

    private List<string> Shown()
    {
        lock (_lock)
        {
            return [.. _paths.TakeLast(MostShown)];
        }
    }
}
