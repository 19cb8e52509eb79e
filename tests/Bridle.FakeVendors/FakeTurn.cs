namespace Bridle.FakeVendors;

/// <summary>A call that the fake model makes. <paramref name="Arguments"/> is the JSON text, sent as it is even when malformed (where the protocol can carry that).</summary>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Id">The id; null for one made up by the fake.</param>
public sealed record FakeCall(string Name, string Arguments, string? Id = null);

/// <summary>What goes wrong with a reply. Faults in the stream happen before the event with number <see cref="After"/>.</summary>
public abstract record FakeFault
{
    /// <summary>How many events of the stream arrive in order first.</summary>
    public int After { get; init; } = 2;

    /// <summary>An error status instead of a reply. The message goes into the vendor's own error body; <paramref name="Body"/> replaces that.</summary>
    public sealed record Status(int Code, string Message = "", string? ErrorCode = null, string? Body = null) : FakeFault
    {
        /// <summary>Such as <c>retry-after</c>.</summary>
        public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

        /// <summary>Of a given body.</summary>
        public string ContentType { get; init; } = "application/json";
    }

    /// <summary>The connection ends in the middle: closed, or reset.</summary>
    public sealed record Cut(bool Reset = false) : FakeFault;

    /// <summary>The body ends properly as HTTP goes, but before the protocol's own end.</summary>
    public sealed record CleanCut : FakeFault;

    /// <summary>The connection ends inside a character of several bytes.</summary>
    public sealed record HalfCharacter : FakeFault;

    /// <summary>An event that is no JSON; the rest follows.</summary>
    public sealed record Malformed : FakeFault;

    /// <summary>Silence with the connection open.</summary>
    public sealed record Stall : FakeFault;

    /// <summary>An error event after status 200.</summary>
    public sealed record ErrorEvent(string Message, string Code) : FakeFault;

    /// <summary>Status 200 and a web page.</summary>
    public sealed record HtmlPage : FakeFault;

    /// <summary>The right body under another content type.</summary>
    public sealed record WrongType(string Value) : FakeFault;

    /// <summary>Status 200 and nothing.</summary>
    public sealed record Empty : FakeFault;

    /// <summary>Text without an end, sent for as long as the client reads.</summary>
    public sealed record Huge(long Bytes) : FakeFault;

    /// <summary>Every event waits for its own turn of <paramref name="Gate"/>, which gets the number of the event.</summary>
    public sealed record Trickle(Func<int, Task> Gate) : FakeFault;
}

/// <summary>What the fake model answers to one request.</summary>
public sealed record FakeTurn
{
    /// <summary>What it thinks; null for nothing.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What it says, in the pieces in which it is streamed.</summary>
    public IReadOnlyList<string> Text { get; init; } = [];

    /// <summary>Content blocks in the vendor's own form, before what it says: server tools, citations, documents. Anthropic only; for Gemini, grounding metadata of the answer.</summary>
    public IReadOnlyList<string> Blocks { get; init; } = [];

    /// <summary>What it calls.</summary>
    public IReadOnlyList<FakeCall> Calls { get; init; } = [];

    /// <summary>Tokens of the request, those from the cache included.</summary>
    public int InputTokens { get; init; } = 100;

    /// <summary>Of them, tokens from the cache.</summary>
    public int CachedTokens { get; init; } = 40;

    /// <summary>Of them, tokens written to the cache. Anthropic only.</summary>
    public int CacheWrittenTokens { get; init; }

    /// <summary>Tokens of the reply, those of the reasoning included.</summary>
    public int OutputTokens { get; init; } = 20;

    /// <summary>Of them, tokens of the reasoning.</summary>
    public int ReasoningTokens { get; init; } = 5;

    /// <summary>Why it stops, in the vendor's words; null for what fits.</summary>
    public string? Stop { get; init; }

    /// <summary>What goes wrong; null for nothing.</summary>
    public FakeFault? Fault { get; init; }

    /// <summary>A plain answer.</summary>
    public static FakeTurn Say(params string[] text) => new() { Text = text };

    /// <summary>One call.</summary>
    public static FakeTurn Call(string name, string arguments) => new() { Calls = [new(name, arguments)] };

    /// <summary>Several calls at once.</summary>
    public static FakeTurn CallAll(params FakeCall[] calls) => new() { Calls = calls };

    /// <summary>An error status.</summary>
    public static FakeTurn Fail(int status, string message = "", string? code = null) => new() { Fault = new FakeFault.Status(status, message, code) };

    /// <summary>A reply of some length that goes wrong in the middle.</summary>
    public static FakeTurn Break(FakeFault fault) => new() { Text = ["Hello ", "wörld ", "here ", "I am."], Fault = fault };
}
