using System.Threading.Channels;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat.Live;

/// <summary>The keys of a question. What is pasted is no key, so that no paste decides anything.</summary>
internal sealed class AskedKeys(ChannelReader<Stroke> strokes, Func<IDisposable?> lend) : IKeys
{
    public bool Waiting => false;

    public async ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await ReadStrokeAsync(cancellationToken) is { } stroke)
        {
            if (!stroke.IsPaste)
            {
                return stroke.Key;
            }
        }

        return null;
    }

    /// <summary>The next key or paste; null when there will be none.</summary>
    public async ValueTask<Stroke?> ReadStrokeAsync(CancellationToken cancellationToken) =>
        await strokes.WaitToReadAsync(cancellationToken) && strokes.TryRead(out var stroke) ? stroke : null;

    public IDisposable? Lend() => lend();

    public void Dispose()
    {
    }
}
