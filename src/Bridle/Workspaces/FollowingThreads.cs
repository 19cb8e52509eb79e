namespace Bridle.Workspaces;

/// <summary>
/// Threads that follow processes, kept for the next one: making a thread costs a short command more than everything else about it here.
/// They are not the thread pool's, because a process may run for hours.
/// </summary>
internal static class FollowingThreads
{
    private const int MostIdle = 4;

    // Only what is used of it is taken.
    private const int StackSize = 1024 * 1024;
    private static readonly TimeSpan s_idleFor = TimeSpan.FromSeconds(30);
    private static readonly object s_lock = new();
    private static readonly Queue<Action> s_waiting = new();
    private static int s_idle;

    /// <summary>Runs it at once on a thread of its own. It must not throw.</summary>
    public static void Run(Action work)
    {
        lock (s_lock)
        {
            if (s_idle > s_waiting.Count)
            {
                s_waiting.Enqueue(work);
                Monitor.Pulse(s_lock);
                return;
            }
        }

        new Thread(() => WorkOn(work), StackSize) { IsBackground = true, Name = "following a process" }.Start();
    }

    private static void WorkOn(Action? work)
    {
        while (work is not null)
        {
            work();
            work = Next();
        }
    }

    /// <summary>The next one, or null when there are idle threads enough or none came for a while.</summary>
    private static Action? Next()
    {
        lock (s_lock)
        {
            if (s_idle == MostIdle)
            {
                return null;
            }

            s_idle++;
            try
            {
                while (s_waiting.Count == 0)
                {
                    if (!Monitor.Wait(s_lock, s_idleFor) && s_waiting.Count == 0)
                    {
                        return null;
                    }
                }

                return s_waiting.Dequeue();
            }
            finally
            {
                s_idle--;
            }
        }
    }
}
