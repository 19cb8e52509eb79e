namespace Bridle.CrashTarget.Scenarios;

/// <summary>
/// Counts the places at which a scenario can be ended: after every record of the log (before anybody acts on it) and after every effect of a tool (before its answer
/// is recorded). Records are counted by a watcher of the session, which hears of each as soon as the log has taken it.
/// </summary>
internal sealed class Points(Action<int, string> reached)
{
    private readonly Lock _lock = new();
    private int _count;

    public void Reach(string what)
    {
        lock (_lock)
        {
            reached(++_count, what);
        }
    }
}
