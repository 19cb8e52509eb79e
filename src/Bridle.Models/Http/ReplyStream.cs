namespace Bridle.Models.Http;

/// <summary>The body of a reply under an idle timeout and a size limit. Read by one reader; the underlying stream belongs to the caller.</summary>
internal sealed class ReplyStream(Stream inner, SilenceWatch watch, long maxBytes, CancellationToken caller) : Stream
{
    private long _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var pending = inner.ReadAsync(buffer, watch.Token);
        return pending.IsCompletedSuccessfully ? new(Count(pending.Result)) : WaitAsync(pending);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask<int> WaitAsync(ValueTask<int> pending)
    {
        watch.Begin();
        try
        {
            return Count(await pending.ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or IOException && !caller.IsCancellationRequested && watch.Expired)
        {
            throw new SilenceException(watch.Limit);
        }
        catch (IOException) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
        finally
        {
            watch.End();
        }
    }

    private int Count(int read)
    {
        _bytes += read;
        return _bytes > maxBytes ? throw new ReplyTooLargeException(maxBytes) : read;
    }
}
