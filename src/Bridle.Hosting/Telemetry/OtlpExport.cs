using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Bridle.Hosting.Telemetry;

/// <summary>
/// Sends what one session's instruments say to a collector, every few seconds and at the end, for which it takes two seconds at most. A collector that is slow, gone or
/// unwilling costs what it was not sent, and one line to the person; never a turn, and never its exit code.
/// </summary>
internal sealed class OtlpExport : IAsyncDisposable
{
    private const int MostKept = 4_096;
    private static readonly TimeSpan s_atTheEnd = TimeSpan.FromSeconds(2);

    private readonly TelemetryOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<string>? _warn;
    private readonly ActivityListener _listener;
    private readonly MetricFigures _figures;
    private readonly HttpClient _http = new(new SocketsHttpHandler { ActivityHeadersPropagator = null, ConnectTimeout = TimeSpan.FromSeconds(5), AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _ending = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Lock _lock = new();
    private readonly Task _sending;
    private List<Activity> _spans = [];
    private List<TelemetryLog> _logs = [];
    private int _lost;
    private bool _warned;

    public OtlpExport(TelemetryInstruments instruments, TelemetryOptions options, TimeProvider time, Action<string>? warn)
    {
        (_options, _time, _warn) = (options, time, warn);
        _listener = new()
        {
            ShouldListenTo = source => ReferenceEquals(source, instruments.Source),
            Sample = (ref ActivityCreationOptions<ActivityContext> creation) =>
                options.Addresses.ContainsKey("traces") && options.Sampling.Keeps(creation.TraceId, creation.Parent) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span => Keep(ref _spans, span),
        };
        ActivitySource.AddActivityListener(_listener);
        _figures = new(instruments.Meter, time.GetUtcNow());
        _sending = Task.Run(SendEverySoOftenAsync);
    }

    /// <summary>Takes something to say.</summary>
    public void Say(TelemetryLog log) => Keep(ref _logs, log);

    /// <summary>Sends what there is, and gives up what cannot be sent in time.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        using var patience = new CancellationTokenSource(s_atTheEnd);
        await Task.WhenAny(_sending, Task.Delay(s_atTheEnd));
        await SendAsync(patience.Token);
        _listener.Dispose();
        _figures.Dispose();
        _http.Dispose();
    }

    private void Keep<T>(ref List<T> kept, T one)
    {
        lock (_lock)
        {
            if (kept.Count < MostKept)
            {
                kept.Add(one);
            }
            else
            {
                _lost++;
            }
        }
    }

    private async Task SendEverySoOftenAsync()
    {
        try
        {
            while (!_ending.IsCancellationRequested)
            {
                await Task.Delay(_options.Every, _time, _ending.Token);
                await SendAsync(_ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The end sends the rest.
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _one.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            var (spans, logs) = Take();
            await Task.WhenAll(
                spans.Count == 0 ? Task.CompletedTask : PostAsync("traces", () => OtlpWords.Traces(_options.Resource, spans), () => PutBack(ref _spans, spans), cancellationToken),
                logs.Count == 0 ? Task.CompletedTask : PostAsync("logs", () => OtlpWords.Logs(_options.Resource, logs), () => PutBack(ref _logs, logs), cancellationToken),
                SendFiguresAsync(cancellationToken));
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task SendFiguresAsync(CancellationToken cancellationToken)
    {
        if (_figures.Take(_time.GetUtcNow()) is { Count: > 0 } figures)
        {
            await PostAsync("metrics", () => OtlpWords.Metrics(_options.Resource, figures), _figures.PutBack, cancellationToken);
        }
    }

    private (List<Activity> Spans, List<TelemetryLog> Logs) Take()
    {
        lock (_lock)
        {
            var taken = (_spans, _logs);
            (_spans, _logs) = ([], []);
            return taken;
        }
    }

    // Once more with the next, before what came meanwhile.
    private void PutBack<T>(ref List<T> kept, List<T> unsent)
    {
        lock (_lock)
        {
            kept = [.. unsent.Concat(kept).Take(MostKept)];
        }
    }

    private async Task PostAsync(string signal, Func<byte[]> body, Action putBack, CancellationToken cancellationToken)
    {
        if (!_options.Addresses.TryGetValue(signal, out var address))
        {
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body()) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            foreach (var (name, value) in _options.Headers[signal])
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                putBack();
            }

            Warn(response.IsSuccessStatusCode ? null : $"it answers {(int)response.StatusCode}", address);
        }
        catch (Exception problem) when (problem is HttpRequestException or OperationCanceledException or IOException)
        {
            putBack();
            Warn(_ending.IsCancellationRequested && problem is OperationCanceledException && cancellationToken.IsCancellationRequested && !_sending.IsCompleted ? null
                : problem is OperationCanceledException ? "it does not answer in time" : (problem.InnerException?.Message ?? problem.Message).TrimEnd('.'), address);
        }
    }

    private void Warn(string? why, Uri address)
    {
        lock (_lock)
        {
            if (why is null || _warned)
            {
                return;
            }

            _warned = true;
        }

        _warn?.Invoke($"Telemetry could not be sent to {address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}: {why}. The run is not affected.{(_lost > 0 ? $" {_lost} entries were left out." : "")}");
    }
}
