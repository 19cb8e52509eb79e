using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>Anthropic Messages.</summary>
internal sealed class AnthropicProtocol(AnthropicOptions? options = null) : WireProtocol
{
    private const string VersionHeader = "anthropic-version";

    private readonly AnthropicOptions _options = options ?? new();
    private readonly AnthropicBody _body = new();

    public override string Api => "anthropic";

    public override HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var version = endpoint.Headers.FirstOrDefault(header => string.Equals(header.Key, VersionHeader, StringComparison.OrdinalIgnoreCase)).Value ?? _options.Version;
        var body = _body.Write(model, request, Allowed(endpoint.ExtraBody, version));
        var message = WireRequest.Post(Address(endpoint.BaseUrl), body, endpoint, request.Stream, (VersionHeader, version));
        if (_options.Bearer)
        {
            return message.WithBearer(endpoint);
        }

        if (endpoint.Key is { Length: > 0 } key && !message.Headers.NonValidated.Contains("x-api-key"))
        {
            message.Headers.TryAddWithoutValidation("x-api-key", key);
        }

        return message;
    }

    public override async IAsyncEnumerable<ModelUpdate> ReadStreamAsync(
        Stream body, ModelInfo model, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var events = new SseReader(body);
        var reply = new AnthropicReply(model, request);
        Usage? noted = null;
        while (await events.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            using var data = events.Parse();
            var update = reply.Accept(data.RootElement.TextAt("type") ?? events.Event, data.RootElement);
            if (reply.Usage is { } usage && usage != noted)
            {
                noted = usage;
                yield return new UsageNoted(usage);
            }

            if (update is not null)
            {
                yield return update;
            }

            if (update is ReplyFinished or ReplyFailed)
            {
                yield break;
            }
        }

        throw new EndOfStreamException("the body ended without message_stop");
    }

    public override ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request)
    {
        using var message = WireJson.Parse(body);
        return new AnthropicReply(model, request).Whole(message.RootElement);
    }

    public override ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted) => AnthropicErrors.Reply(status, body, posted);

    /// <summary>From the version of 2026-10-21 on the vendor refuses sampling parameters, even with their default values: they are never sent with it.</summary>
    private static JsonElement? Allowed(JsonElement? extra, string version)
    {
        if (extra is not { ValueKind: JsonValueKind.Object } fields || string.CompareOrdinal(version, "2026-10-21") < 0)
        {
            return extra;
        }

        return WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var field in fields.EnumerateObject().Where(field => field.Name is not ("temperature" or "top_p" or "top_k")))
            {
                field.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
    }

    // The vendor's own base URL names the host alone; one that ends in the version is taken as it is.
    private static Uri Address(Uri baseUrl)
    {
        var root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri(root + (root.EndsWith("/v1", StringComparison.Ordinal) ? "/messages" : "/v1/messages") + baseUrl.Query);
    }
}
