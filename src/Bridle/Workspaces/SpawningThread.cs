using System.Runtime.ExceptionServices;

namespace Bridle.Workspaces;

/// <summary>
/// The one thread that starts programs. A program that asked to die with its parent dies with the <em>thread</em> that started it, so that must be one that
/// lives as long as we do; a thread of the pool is let go after a while, and a server in the background would go with it.
/// </summary>
internal static class SpawningThread
{
    private static readonly Queue<Action> s_work = [];
    private static readonly Lazy<Thread> s_thread = new(Begin);

    /// <summary>Does it there and waits for it.</summary>
    public static T Run<T>(Func<T> start)
    {
        _ = s_thread.Value;
        // Never spinning: on a machine with few processors that keeps the thread that it waits for from running.
        using var done = new ManualResetEventSlim(false, 0);
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Add(() =>
        {
            try
            {
                result = start();
            }
            catch (Exception problem)
            {
                failure = ExceptionDispatchInfo.Capture(problem);
            }

            done.Set();
        });
        done.Wait();
        failure?.Throw();
        return result!;
    }

    private static Thread Begin()
    {
        var thread = new Thread(Work, 256 * 1024) { IsBackground = true, Name = "starting programs" };
        thread.Start();
        return thread;
    }

    private static void Add(Action work)
    {
        lock (s_work)
        {
            s_work.Enqueue(work);
            Monitor.Pulse(s_work);
        }
    }

    private static void Work()
    {
        while (true)
        {
            Take()();
        }
    }

    // A monitor sleeps at once; what the library has for queues between threads spins first, after each program that was started.
    private static Action Take()
    {
        lock (s_work)
        {
            while (s_work.Count == 0)
            {
                Monitor.Wait(s_work);
            }

            return s_work.Dequeue();
        }
    }
}
