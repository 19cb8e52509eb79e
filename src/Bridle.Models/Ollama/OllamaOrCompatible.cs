using System.Runtime.CompilerServices;

namespace Bridle.Models.Ollama;

/// <summary>
/// A server that is called Ollama's and may be any that speaks the protocol of OpenAI. It is asked as Ollama first, which alone lets us say how much it should remember; one that does not
/// know the path is asked the other way from then on.
/// </summary>
internal sealed class OllamaOrCompatible(IModel native, IModel compatible) : IModel
{
    private volatile bool _isCompatible;

    public ModelInfo Info => native.Info;

    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReplyFailed? unknown = null;
        if (!_isCompatible)
        {
            await foreach (var update in native.StreamAsync(request, cancellationToken).ConfigureAwait(false))
            {
                if (update is ReplyFailed failed && IsAnotherServer(failed))
                {
                    unknown = failed;
                    break;
                }

                yield return update;
            }

            if (unknown is null)
            {
                yield break;
            }
        }

        await foreach (var update in compatible.StreamAsync(request, cancellationToken).ConfigureAwait(false))
        {
            // It knows neither path: what it said first is what a person expects to read.
            if (unknown is not null && update is ReplyFailed { Error.Kind: ModelErrorKind.NotFound })
            {
                yield return unknown;
                yield break;
            }

            _isCompatible = true;
            yield return update;
        }
    }

    // A model that is missing is a 404 as well, and the server says so.
    private static bool IsAnotherServer(ReplyFailed failed) =>
        failed is { PartialText: null or "", Error: { Kind: ModelErrorKind.NotFound, Status: 404 } error } && !error.Advice.Contains(OllamaProtocol.Pull, StringComparison.Ordinal);
}
