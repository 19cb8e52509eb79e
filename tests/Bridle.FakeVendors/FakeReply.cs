using System.Text;

namespace Bridle.FakeVendors;

/// <summary>How a reply ends.</summary>
public enum FakeEnd
{
    /// <summary>As HTTP wants it; the connection lives on.</summary>
    Finish,

    /// <summary>The connection is closed in the middle.</summary>
    Cut,

    /// <summary>The connection is reset in the middle.</summary>
    Reset,

    /// <summary>Nothing more comes, but the connection stays open.</summary>
    Hold,
}

/// <summary>Bytes that are sent at once, when <paramref name="Gate"/> is done.</summary>
public sealed record FakeChunk(byte[] Bytes, Task Gate)
{
    public FakeChunk(byte[] bytes)
        : this(bytes, Task.CompletedTask)
    {
    }

    public FakeChunk(string text)
        : this(Encoding.UTF8.GetBytes(text))
    {
    }
}

/// <summary>One reply on the wire; always sent with chunked encoding, so that a missing end can be told from an end.</summary>
public sealed record FakeReply(int Status, string? ContentType, IReadOnlyList<FakeChunk> Chunks)
{
    /// <summary>Headers beside the content type.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>How it ends.</summary>
    public FakeEnd End { get; init; }

    /// <summary>Whether the server closes the connection after it.</summary>
    public bool Close { get; init; }

    /// <summary>A reply in one piece.</summary>
    public static FakeReply Text(int status, string? contentType, string body) => new(status, contentType, [new(body)]);

    /// <summary>A JSON reply in one piece.</summary>
    public static FakeReply Json(int status, string body) => Text(status, "application/json", body);

    /// <summary>A stream of events, each sent by itself.</summary>
    public static FakeReply Events(IEnumerable<string> events, string contentType = "text/event-stream") => new(200, contentType, [.. events.Select(text => new FakeChunk(text))]);

    internal string Head()
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} {Reason(Status)}\r\nTransfer-Encoding: chunked\r\n");
        if (ContentType is not null)
        {
            head.Append("Content-Type: ").Append(ContentType).Append("\r\n");
        }

        foreach (var (name, value) in Headers)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        return head.Append(Close ? "Connection: close\r\n\r\n" : "\r\n").ToString();
    }

    private static string Reason(int status) => status switch { 200 => "OK", 400 => "Bad Request", 404 => "Not Found", _ => "Status" };
}
