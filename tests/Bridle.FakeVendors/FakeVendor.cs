using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>A vendor's refusal of a request: status, words and code.</summary>
public sealed record FakeRefusal(int Status, string Message, string? Code = null, string? Param = null);

/// <summary>
/// A fake of one vendor's server: checks each request as strictly as the vendor does, answers with the vendor's own error or with the next turn of its
/// script, and keeps what it was sent. After the script's end every request is refused with status 500, not to be tried again.
/// </summary>
public abstract class FakeVendor : IAsyncDisposable
{
    private readonly ConcurrentQueue<FakeTurn> _script;
    private readonly ConcurrentQueue<FakeRefusal> _refusals = new();
    private readonly ConcurrentDictionary<int, bool> _beside = new();
    private int _turns;

    protected FakeVendor(IEnumerable<FakeTurn> script)
    {
        _script = new(script);
        Server = new(Answer);
    }

    /// <summary>The server under it.</summary>
    public FakeHttpServer Server { get; }

    /// <summary>The base URL to give to a client.</summary>
    public virtual Uri Url => Server.Url;

    /// <summary>The key it takes; null takes any and none.</summary>
    public string? Key { get; init; }

    /// <summary>Answers instead of the script: gets the turn's number and the request's body.</summary>
    public Func<int, JsonElement, FakeTurn>? Script { get; init; }

    /// <summary>Answers requests that are not for a reply, such as for the list of models; null for those that are.</summary>
    public Func<FakeRequest, FakeReply?> Beside { get; init; } = _ => null;

    /// <summary>The bodies of all requests for a reply, accepted or not.</summary>
    public IReadOnlyList<JsonElement> Bodies => [.. Server.Requests.Where(request => request.Method == "POST" && request.Body.Length > 0 && !_beside.ContainsKey(request.Number)).Select(request => request.Json)];

    /// <summary>What was refused because the request was wrong, as opposed to faults of the script.</summary>
    public IReadOnlyList<FakeRefusal> Refusals => [.. _refusals];

    /// <summary>Appends turns to the script.</summary>
    public void Add(params ReadOnlySpan<FakeTurn> turns)
    {
        foreach (var turn in turns)
        {
            _script.Enqueue(turn);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Server.DisposeAsync();
    }

    /// <summary>What is wrong with the request, or null.</summary>
    protected abstract FakeRefusal? Check(FakeRequest request);

    /// <summary>Whether the request wants a streamed reply.</summary>
    protected abstract bool Streams(FakeRequest request);

    /// <summary>The events of a streamed reply, each with its line ends.</summary>
    protected abstract IReadOnlyList<string> Stream(FakeTurn turn, JsonElement request);

    /// <summary>The body of a reply that is not streamed.</summary>
    protected abstract string Whole(FakeTurn turn, JsonElement request);

    /// <summary>The vendor's error body.</summary>
    protected abstract string Error(FakeRefusal refusal);

    /// <summary>The vendor's error inside a stream, with its line ends.</summary>
    protected abstract string ErrorEvent(string message, string code);

    /// <summary>An event that is no JSON.</summary>
    protected virtual string Garbage => "data: {\"broken\": tru\n\n";

    /// <summary>The content type of a stream.</summary>
    protected virtual string StreamType => "text/event-stream";

    /// <summary>Writes JSON.</summary>
    protected static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private FakeReply Answer(FakeRequest request)
    {
        if (Key is not null && !HasKey(request))
        {
            return Refuse(new(401, $"Incorrect API key provided: {request.Headers.GetValueOrDefault("Authorization") ?? request.Headers.GetValueOrDefault("x-api-key")}.", "invalid_api_key"));
        }

        if (Beside(request) is { } other)
        {
            _beside[request.Number] = true;
            return other;
        }

        if (Check(request) is { } refusal)
        {
            _refusals.Enqueue(refusal);
            return Refuse(refusal);
        }

        var number = Interlocked.Increment(ref _turns) - 1;
        var turn = Script is { } script ? script(number, request.Json) : _script.TryDequeue(out var next) ? next : null;
        if (turn is null)
        {
            return Refuse(new(500, "The script of this fake server is at its end.")) with { Headers = new Dictionary<string, string> { ["x-should-retry"] = "false" } };
        }

        return Reply(turn, request);
    }

    private bool HasKey(FakeRequest request) =>
        request.Headers.Values.Any(value => value == Key || value == "Bearer " + Key) || request.Query.Contains("key=" + Key, StringComparison.Ordinal);

    private FakeReply Refuse(FakeRefusal refusal) => FakeReply.Json(refusal.Status, Error(refusal));

    private FakeReply Reply(FakeTurn turn, FakeRequest request)
    {
        if (turn.Fault is FakeFault.Status status)
        {
            var body = status.Body ?? Error(new(status.Code, status.Message, status.ErrorCode));
            return FakeReply.Text(status.Code, status.ContentType, body) with { Headers = status.Headers };
        }

        if (turn.Fault is FakeFault.HtmlPage)
        {
            return FakeReply.Text(200, "text/html; charset=utf-8", "<!DOCTYPE html><html><head><title>Sign in to the\n network</title></head><body>Welcome</body></html>");
        }

        return Streams(request)
            ? Break(turn, [.. Stream(turn, request.Json)])
            : Break(turn, FakeReply.Json(200, Whole(turn, request.Json)));
    }

    // A reply in one piece breaks off in its middle.
    private static FakeReply Break(FakeTurn turn, FakeReply reply) => turn.Fault switch
    {
        FakeFault.Cut cut => reply with { Chunks = [new(reply.Chunks[0].Bytes[..20])], End = cut.Reset ? FakeEnd.Reset : FakeEnd.Cut },
        FakeFault.Stall => reply with { Chunks = [], End = FakeEnd.Hold },
        _ => reply,
    };

    private FakeReply Break(FakeTurn turn, List<string> events)
    {
        var reply = FakeReply.Events(events, StreamType);
        var after = Math.Min(turn.Fault?.After ?? 0, events.Count);
        var first = reply.Chunks.Take(after);
        return turn.Fault switch
        {
            FakeFault.Cut cut => reply with { Chunks = [.. first], End = cut.Reset ? FakeEnd.Reset : FakeEnd.Cut },
            FakeFault.CleanCut => reply with { Chunks = [.. first] },
            FakeFault.Stall => reply with { Chunks = [.. first], End = FakeEnd.Hold },
            FakeFault.HalfCharacter => reply with { Chunks = [.. first, Half(events.Skip(after))], End = FakeEnd.Cut },
            FakeFault.Malformed => reply with { Chunks = [.. first, new(Garbage), .. reply.Chunks.Skip(after)] },
            FakeFault.ErrorEvent error => reply with { Chunks = [.. first, new(ErrorEvent(error.Message, error.Code))] },
            FakeFault.WrongType other => reply with { ContentType = other.Value },
            FakeFault.Empty => reply with { Chunks = [] },
            FakeFault.Huge huge => reply with { Chunks = [.. first, .. Repeat(reply.Chunks[after - 1], huge.Bytes)] },
            FakeFault.Trickle trickle => reply with { Chunks = [.. reply.Chunks.Select((chunk, n) => chunk with { Gate = trickle.Gate(n) })] },
            _ => reply,
        };
    }

    private static FakeChunk Half(IEnumerable<string> events)
    {
        var bytes = Encoding.UTF8.GetBytes(events.First(text => text.Any(letter => letter > 127)));
        return new(bytes[..(Array.FindIndex(bytes, letter => letter > 127) + 1)]);
    }

    private static IEnumerable<FakeChunk> Repeat(FakeChunk chunk, long bytes)
    {
        for (long sent = 0; sent < bytes; sent += chunk.Bytes.Length)
        {
            yield return chunk;
        }
    }
}
