using System.Runtime.CompilerServices;

namespace Bridle.Models.Http;

/// <summary>
/// A model behind HTTP. Tries again only while nothing of a reply has been shown; afterwards a broken reply is the caller's to ask again.
/// A reply that comes in one piece is shown in one piece, so that a caller sees the same updates either way.
/// </summary>
internal sealed class HttpModel(WireProtocol protocol, ModelEndpoint endpoint, ModelInfo info, HttpModelOptions? options = null) : IModel
{
    private readonly HttpModelOptions _options = options ?? new();
    private ModelEndpoint _endpoint = endpoint;

    public ModelInfo Info { get; } = info;

    public async IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var plan = new RetryPlan(_options);
        while (true)
        {
            ReplyFailed? failed = null;
            var shown = false;
            await using (var exchange = new HttpExchange(protocol, _endpoint, Info, request, _options, cancellationToken))
            {
                while (failed is null)
                {
                    var update = await exchange.NextAsync().ConfigureAwait(false);
                    failed = update as ReplyFailed;
                    if (failed is null)
                    {
                        shown = true;
                        yield return update;
                        if (update is ReplyFinished)
                        {
                            yield break;
                        }
                    }
                }
            }

            if (shown)
            {
                yield return failed with { Error = failed.Error with { Attempts = plan.Attempt } };
                yield break;
            }

            if (Learn(failed.Error))
            {
                continue;
            }

            var (delay, error) = plan.Next(failed.Error);
            if (delay is not { } wait)
            {
                yield return failed with { Error = error };
                yield break;
            }

            yield return new RetryScheduled(plan.Attempt, _options.MaxAttempts, wait, error);
            await Task.Delay(wait, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>True when the server's refusal says how it wants the request instead, and that was not tried yet.</summary>
    private bool Learn(ModelError error)
    {
        if (error.Kind is not (ModelErrorKind.BadRequest or ModelErrorKind.TooLarge) || protocol.QuirkIn(error, _endpoint) is not { } quirk || _endpoint.Quirks.Contains(quirk))
        {
            return false;
        }

        // At most one quirk of each name: a server that names ever new values would otherwise keep us asking.
        if (_endpoint.Quirks.Any(known => known.Name == quirk.Name))
        {
            return false;
        }

        _endpoint = _endpoint with { Quirks = [.. _endpoint.Quirks, quirk] };
        return true;
    }
}
