using System.Collections.Concurrent;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>Runs asynchronous work on the calling thread, continuations included: strace counts system calls by thread, so that the Nth sync must be the same in every run.</summary>
internal static class OneThread
{
    public static T Run<T>(Func<Task<T>> work)
    {
        var before = SynchronizationContext.Current;
        using var pump = new Pump();
        SynchronizationContext.SetSynchronizationContext(pump);
        try
        {
            var task = work();
            task.ContinueWith(_ => pump.End(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            pump.RunToEnd();
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private sealed class Pump : SynchronizationContext, IDisposable
    {
        private readonly BlockingCollection<(SendOrPostCallback Callback, object? State)> _waiting = [];

        public override void Post(SendOrPostCallback d, object? state)
        {
            try
            {
                _waiting.Add((d, state));
            }
            catch (InvalidOperationException)
            {
                // The work is over; what comes late runs beside it.
                ThreadPool.QueueUserWorkItem(_ => d(state));
            }
        }

        public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing here waits for another thread.");

        public void End() => _waiting.CompleteAdding();

        public void RunToEnd()
        {
            foreach (var (callback, state) in _waiting.GetConsumingEnumerable())
            {
                callback(state);
            }
        }

        public void Dispose()
        {
        }
    }
}
