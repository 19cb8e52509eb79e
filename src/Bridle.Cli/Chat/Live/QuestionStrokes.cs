using System.Threading.Channels;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat.Live;

/// <summary>The strokes that come while a question has the keyboard. One reads them.</summary>
internal sealed class QuestionStrokes : IStrokes
{
    private readonly Channel<Stroke> _come = Channel.CreateUnbounded<Stroke>();
    private readonly Stack<Stroke> _back = new();

    public bool Waiting => _back.Count > 0 || _come.Reader.Count > 0;

    public void Add(Stroke stroke) => _come.Writer.TryWrite(stroke);

    /// <summary>There will be no more.</summary>
    public void Close() => _come.Writer.TryComplete();

    public async ValueTask<Stroke?> ReadAsync(CancellationToken cancellationToken) =>
        TryRead() ?? (await _come.Reader.WaitToReadAsync(cancellationToken) ? TryRead() : null);

    public void PutBack(Stroke stroke) => _back.Push(stroke);

    /// <summary>The next one, or null when none is there now.</summary>
    public Stroke? TryRead() => _back.TryPop(out var given) || _come.Reader.TryRead(out given) ? given : null;
}
