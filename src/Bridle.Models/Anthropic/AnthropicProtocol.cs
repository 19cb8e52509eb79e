using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Anthropic;

/// <summary>Anthropic Messages.</summary>
internal sealed class AnthropicProtocol(AnthropicOptions? options = null) : WireProtocol
{
    private readonly AnthropicOptions _options = options ?? new();
    private readonly AnthropicBody _body = new();

    public override string Api => "anthropic";

    public override HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var body = ExtraFields.Merge(_body.Write(model, request), endpoint.ExtraBody, MayAdd);
        var message = new HttpRequestMessage(HttpMethod.Post, Address(endpoint.BaseUrl)) { Content = new ReadOnlyMemoryContent(body) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.TryAddWithoutValidation("anthropic-version", Version(endpoint));
        message.Headers.TryAddWithoutValidation("Accept", request.Stream ? "text/event-stream" : "application/json");
        if (endpoint.Key is { Length: > 0 } key)
        {
            message.Headers.TryAddWithoutValidation(_options.Bearer ? "Authorization" : "x-api-key", _options.Bearer ? $"Bearer {key}" : key);
        }

        foreach (var (name, value) in endpoint.Headers)
        {
            message.Headers.Remove(name);
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;

        // From this version on the vendor refuses sampling parameters, even with their default values.
        bool MayAdd(string name) => name is not ("temperature" or "top_p" or "top_k") || string.CompareOrdinal(Version(endpoint), "2026-10-21") < 0;
    }

    public override async IAsyncEnumerable<ModelUpdate> ReadStreamAsync(
        Stream body, ModelInfo model, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var events = new SseReader(body);
        var reply = new AnthropicReply(model);
        Usage? noted = null;
        while (await events.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            using var data = events.Parse();
            var update = reply.Accept(VendorJson.Text(data.RootElement, "type") ?? events.Event, data.RootElement);
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

        yield return new ReplyFailed(VendorErrors.Cut("message_stop"), reply.PartialText, reply.Usage);
    }

    public override ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request)
    {
        using var message = JsonDocument.Parse(body);
        return new AnthropicReply(model).Whole(message.RootElement);
    }

    public override ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted) => AnthropicErrors.Reply(status, body, posted);

    private string Version(ModelEndpoint endpoint) =>
        endpoint.Headers.FirstOrDefault(header => string.Equals(header.Key, "anthropic-version", StringComparison.OrdinalIgnoreCase)).Value ?? _options.Version;

    // The vendor's own base URL names the host alone; one that ends in the version is taken as it is.
    private static Uri Address(Uri baseUrl)
    {
        var root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        return new Uri(root + (root.EndsWith("/v1", StringComparison.Ordinal) ? "/messages" : "/v1/messages") + baseUrl.Query);
    }
}
