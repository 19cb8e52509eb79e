using System.Net.Http.Headers;
using System.Text.Json;
using Bridle.Models;

namespace Bridle.Models.Http;

/// <summary>
/// What differs between the vendors' protocols: how a request is written and how a reply is read. Stateless and safe to use concurrently;
/// sending, retrying, time limits and cancellation are <c>HttpModel</c>'s, once for all protocols.
/// </summary>
internal abstract class WireProtocol
{
    /// <summary>The name used by <c>--api</c>.</summary>
    public abstract string Api { get; }

    /// <summary>Builds the whole HTTP request, body and headers included.</summary>
    public abstract HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request);

    /// <summary>
    /// Reads a streamed reply after status 200. Ends with exactly one <see cref="ReplyFinished"/> or <see cref="ReplyFailed"/>; a body that ends without the
    /// protocol's own end is <see cref="ModelErrorKind.Cut"/>. Lets <see cref="IOException"/>, <see cref="HttpRequestException"/> and <see cref="JsonException"/> through.
    /// </summary>
    public abstract IAsyncEnumerable<ModelUpdate> ReadStreamAsync(Stream body, ModelInfo model, ModelRequest request, CancellationToken cancellationToken);

    /// <summary>Reads a reply that was not streamed. Lets <see cref="JsonException"/> through.</summary>
    public abstract ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request);

    /// <summary>
    /// Turns an error reply into one of the closed set. The body may be anything, HTML or empty included. What is the same for all protocols
    /// (<c>retry-after</c>, <c>x-should-retry</c>, request ids, the status) is filled in by the caller.
    /// </summary>
    public abstract ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted);

    /// <summary>What a refusal teaches about how this server wants its requests, or null when it teaches nothing.</summary>
    public virtual WireQuirk? QuirkIn(ModelError error, ModelEndpoint endpoint) => null;
}

/// <summary>Where a model is served.</summary>
/// <param name="BaseUrl">Without a trailing slash; the protocol appends its own path.</param>
/// <param name="Key">The key, or null for a server that wants none.</param>
internal sealed record ModelEndpoint(Uri BaseUrl, string? Key)
{
    /// <summary>Headers beside the protocol's own.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>An object whose properties replace or join those of every request body, or null.</summary>
    public JsonElement? ExtraBody { get; init; }

    /// <summary>What this server wants differently.</summary>
    public IReadOnlyList<WireQuirk> Quirks { get; init; } = [];

    /// <summary>The value of the quirk with that name, or null when it is not known of this server.</summary>
    public string? Quirk(string name) => Quirks.FirstOrDefault(quirk => quirk.Name == name)?.Value;
}
