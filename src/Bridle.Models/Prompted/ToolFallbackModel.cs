using System.Runtime.CompilerServices;
using Bridle.Messages;

namespace Bridle.Models.Prompted;

/// <summary>
/// For a model of which nobody knows whether it calls tools: asks natively, and when the server says that tools are unsupported, once more with the tools in the
/// prompt. From then on <see cref="Info"/> says <see cref="Known.No"/>, so that callers ask in the prompt at once. Safe to use concurrently.
/// </summary>
/// <param name="inner">The model.</param>
/// <param name="onToolsUnsupported">Told once, with what is now known, so that it can be recorded; it must not throw.</param>
public sealed class ToolFallbackModel(IModel inner, Action<ModelInfo>? onToolsUnsupported = null) : IModel
{
    private readonly PromptedTools _prompted = new(inner);
    private ModelInfo? _learned;

    /// <inheritdoc/>
    public ModelInfo Info => Volatile.Read(ref _learned) ?? inner.Info;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What is not known is tried; a known no was the caller's to respect, except for what was learned since it asked.
        var tried = request.ToolCalling == ToolCalling.Native && Volatile.Read(ref _learned) is null;
        var first = request.ToolCalling == ToolCalling.Native && !tried ? request with { ToolCalling = ToolCalling.Prompted } : request;
        var shown = false;
        var refused = false;
        await foreach (var update in _prompted.StreamAsync(first, cancellationToken).ConfigureAwait(false))
        {
            if (tried && !shown && request.Tools.Count > 0 && inner.Info.Tools == Known.Unknown && update is ReplyFailed { Error.Kind: ModelErrorKind.ToolsUnsupported })
            {
                refused = true;
                break;
            }

            shown |= update is not RetryScheduled;
            yield return update;
        }

        if (!refused)
        {
            yield break;
        }

        Learn();
        await foreach (var update in _prompted.StreamAsync(request with { ToolCalling = ToolCalling.Prompted }, cancellationToken).ConfigureAwait(false))
        {
            yield return update;
        }
    }

    private void Learn()
    {
        var learned = inner.Info with { Tools = Known.No };
        if (Interlocked.CompareExchange(ref _learned, learned, null) is null)
        {
            onToolsUnsupported?.Invoke(learned);
        }
    }
}
