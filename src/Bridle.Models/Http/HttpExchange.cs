using System.Net;
using System.Text;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.Http;

/// <summary>One try: sends the request and hands out what comes. Everything but cancellation becomes an update.</summary>
internal sealed class HttpExchange(
    WireProtocol protocol, ModelEndpoint endpoint, ModelInfo model, ModelRequest request, HttpModelOptions options, CancellationToken caller) : IAsyncDisposable
{
    private const int MaxErrorBytes = 256 * 1024;
    private static readonly TimeSpan EndWithin = TimeSpan.FromMilliseconds(100);

    private readonly SilenceWatch _watch = new(options.Time, options.SilenceFor(request.Stream), caller);
    private readonly Queue<ModelUpdate> _ready = new();
    private readonly StringBuilder _shown = new();
    private HttpResponseMessage? _response;
    private IAsyncEnumerator<ModelUpdate>? _updates;
    private Usage? _usage;
    private Uri? _posted;
    private long? _sent;
    private Stream? _body;
    private bool _finished;

    /// <summary>The next update; the last one is a <see cref="ReplyFinished"/> or a <see cref="ReplyFailed"/>.</summary>
    public async ValueTask<ModelUpdate> NextAsync()
    {
        try
        {
            if (_response is null)
            {
                await OpenAsync().ConfigureAwait(false);
            }

            while (_ready.Count == 0)
            {
                Take(await _updates!.MoveNextAsync().ConfigureAwait(false)
                    ? _updates.Current
                    : new ReplyFailed(TransportErrors.Cut(endpoint.BaseUrl, "the reply ended before it was complete")));
            }

            var update = _ready.Dequeue();
            _finished = update is ReplyFinished;
            return update;
        }
        catch (Exception) when (caller.IsCancellationRequested)
        {
            throw new OperationCanceledException(caller);
        }
        catch (Exception e) when (TransportErrors.From(e, _posted ?? endpoint.BaseUrl, _watch, answered: _response is not null) is { } error)
        {
            return Failed(error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_updates is not null)
        {
            await _updates.DisposeAsync().ConfigureAwait(false);
        }

        if (_response is not null && !_finished)
        {
            await AbortAsync(_response).ConfigureAwait(false);
        }
        else if (_body is not null)
        {
            await ReadEndAsync(_body).ConfigureAwait(false);
        }

        _response?.Dispose();
        _watch.Dispose();
    }

    /// <summary>
    /// Reads the end of the body, which stands right behind the protocol's own end: only then does the next request find the connection free. A server that is slow
    /// to end costs its connection, not our time.
    /// </summary>
    private async Task ReadEndAsync(Stream body)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(caller);
        soon.CancelAfter(EndWithin);
        try
        {
            await BodyReading.AllAsync(body, MaxErrorBytes, soon.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The reply is complete; the connection is not worth more.
        }
    }

    /// <summary>
    /// Closes the connection of a reply that nobody waits for any more. Disposing alone would go on reading for seconds, to keep the connection;
    /// cancelling a read that waits closes it at once.
    /// </summary>
    private static async Task AbortAsync(HttpResponseMessage response)
    {
        using var stop = new CancellationTokenSource();
        try
        {
            var body = await response.Content.ReadAsStreamAsync(CancellationToken.None).ConfigureAwait(false);
            var scratch = new byte[4096];
            for (var reads = 0; reads < 16; reads++)
            {
                var pending = body.ReadAsync(scratch, stop.Token);
                if (!pending.IsCompleted)
                {
                    await stop.CancelAsync().ConfigureAwait(false);
                }

                if (await pending.ConfigureAwait(false) == 0)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // It is closed.
        }
    }

    private async Task OpenAsync()
    {
        if (endpoint.Key is { } key && key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new BadKeyException();
        }

        using var message = protocol.Write(endpoint, model, request);
        (_posted, _sent) = (message.RequestUri, message.Content?.Headers.ContentLength);
        _watch.Begin();
        _response = await (options.Connections ?? HttpConnections.For(options.ConnectTimeout)).SendAsync(message, _watch.Token).ConfigureAwait(false);
        _watch.End();
        _body = await _response.Content.ReadAsStreamAsync(_watch.Token).ConfigureAwait(false);
        var body = new ReplyStream(_body, _watch, options.MaxReplyBytes, caller);
        if (_response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.Created))
        {
            Take(new ReplyFailed(await ReadErrorAsync(body).ConfigureAwait(false)));
            return;
        }

        var (shape, start) = await ReplyShapes.OfAsync(_response.Content.Headers.ContentType?.MediaType, request.Stream, body, caller).ConfigureAwait(false);
        switch (shape)
        {
            case ReplyShape.Stream:
                _updates = protocol.ReadStreamAsync(start, model, request, caller).GetAsyncEnumerator(caller);
                break;
            case ReplyShape.Whole:
                Take(protocol.ReadWhole(await BodyReading.AllAsync(start, int.MaxValue, caller).ConfigureAwait(false), model, request));
                break;
            default:
                var page = await BodyReading.AllAsync(start, MaxErrorBytes, caller).ConfigureAwait(false);
                Take(new ReplyFailed(TransportErrors.NotAReply(_posted!, _response.Content.Headers.ContentType?.MediaType, page.Span)));
                break;
        }
    }

    private async Task<ModelError> ReadErrorAsync(Stream body)
    {
        ReadOnlyMemory<byte> words = default;
        try
        {
            words = await BodyReading.AllAsync(body, MaxErrorBytes, caller).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The status alone has to do.
        }

        var status = (int)_response!.StatusCode;
        if (status is >= 300 and < 400)
        {
            return TransportErrors.Redirected(status, _posted!, _response.Headers.Location);
        }

        var error = OverflowWords.OfSilence(protocol.ReadError(status, _response.Headers, words, _posted!), status, words.Span, _sent);
        return RetryHeaders.Complete(error, status, _response.Headers, options.Time);
    }

    private void Take(ModelUpdate update)
    {
        switch (update)
        {
            case UsageNoted noted:
                _usage = noted.Usage;
                return;
            case TextArrived text:
                _shown.Append(text.Text);
                break;
            case ReplyFailed failed:
                update = Failed(failed.Error, failed);
                break;
            case ReplyFinished finished when _updates is null:
                ShowWhole(finished.Reply);
                break;
        }

        _ready.Enqueue(update);
    }

    private void ShowWhole(ModelReply reply)
    {
        foreach (var part in reply.Parts)
        {
            switch (part)
            {
                case TextPart { Text.Length: > 0 } text:
                    _ready.Enqueue(new TextArrived(text.Text));
                    break;
                case ReasoningPart { Text.Length: > 0 } reasoning:
                    _ready.Enqueue(new ReasoningArrived(reasoning.Text));
                    break;
                case ToolCallPart call:
                    _ready.Enqueue(new CallArriving(call.Name));
                    break;
            }
        }
    }

    private ReplyFailed Failed(ModelError error, ReplyFailed? from = null)
    {
        // What is no reply came with the status of one: the server took the request and may have answered it, so that it may be billed.
        if (error.Kind is ModelErrorKind.Malformed && _response is { StatusCode: HttpStatusCode.OK or HttpStatusCode.Created })
        {
            error = error with { IsSent = true };
        }

        var partial = from is { PartialText.Length: > 0 } ? from.PartialText : _shown.ToString();
        return new(Redact(error), partial, from?.Usage ?? _usage);
    }

    /// <summary>Servers like to repeat the key they refuse.</summary>
    private ModelError Redact(ModelError error) => endpoint.Key is { Length: >= 4 } key && (error.Message.Contains(key, StringComparison.Ordinal) || error.Advice.Contains(key, StringComparison.Ordinal))
        ? error with { Message = error.Message.Replace(key, "[key]", StringComparison.Ordinal), Advice = error.Advice.Replace(key, "[key]", StringComparison.Ordinal) }
        : error;
}
