namespace Bridle.Hosting;

/// <summary>What was opened, to be closed in the opposite order. What cannot be closed keeps nothing else from being closed; the first error is thrown at the end. Not for concurrent use.</summary>
internal sealed class Unwinding : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> _opened = new();

    /// <summary>Closes this as well, before all that is there already.</summary>
    public T Add<T>(T opened)
        where T : IAsyncDisposable
    {
        _opened.Push(opened.DisposeAsync);
        return opened;
    }

    /// <summary>The same for what is closed at once.</summary>
    public T AddPlain<T>(T opened)
        where T : IDisposable
    {
        _opened.Push(() =>
        {
            opened.Dispose();
            return ValueTask.CompletedTask;
        });
        return opened;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Exception? first = null;
        while (_opened.TryPop(out var close))
        {
            try
            {
                await close();
            }
            catch (Exception problem)
            {
                first ??= problem;
            }
        }

        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
