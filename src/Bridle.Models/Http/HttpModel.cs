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

            if (Learn(failed.Error) is { } learned)
            {
                // The reply may come out shorter than the person allowed, so they are told.
                if (learned.Name is OutputCaps.Quirk)
                {
                    yield return new RetryScheduled(plan.Attempt, _options.MaxAttempts, TimeSpan.Zero,
                        failed.Error with { Message = $"{Info.FullName} takes no more than {learned.Value} tokens in one reply and is asked for that from here on ({failed.Error.Message.TrimEnd('.')})." });
                }

                continue;
            }

            var (delay, error) = plan.Next(ImageRefusal.In(failed.Error, request, Info));
            if (delay is not { } wait)
            {
                yield return failed with { Error = error };
                yield break;
            }

            yield return new RetryScheduled(plan.Attempt, _options.MaxAttempts, wait, error);
            await Task.Delay(wait, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>How the server's refusal says that it wants the request instead, when that was not tried yet; else null.</summary>
    private WireQuirk? Learn(ModelError error)
    {
        if (error.Kind is not (ModelErrorKind.BadRequest or ModelErrorKind.TooLarge) || protocol.QuirkIn(error, _endpoint) is not { } quirk || _endpoint.Quirks.Contains(quirk))
        {
            return null;
        }

        // At most one quirk of each name: a server that names ever new values would otherwise keep us asking.
        if (_endpoint.Quirks.Any(known => known.Name == quirk.Name))
        {
            return null;
        }

        _endpoint = _endpoint with { Quirks = [.. _endpoint.Quirks, quirk] };
        return quirk;
    }
}
