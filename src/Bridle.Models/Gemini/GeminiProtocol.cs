using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Gemini;

/// <summary>Gemini generateContent.</summary>
internal sealed class GeminiProtocol(bool grounding = false) : WireProtocol
{
    /// <summary>A name that begins with one of these is the path of a resource already.</summary>
    private static readonly string[] Resources = ["models/", "tunedModels/", "publishers/", "projects/"];

    private readonly GeminiBody _body = new(grounding);

    public override string Api => "gemini";

    public override HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var body = _body.Write(model, request, endpoint.ExtraBody);
        var message = WireRequest.Post(Address(endpoint.BaseUrl, model, request.Stream), body, endpoint, request.Stream);
        if (endpoint.Key is { Length: > 0 } key && !message.Headers.NonValidated.Contains("x-goog-api-key"))
        {
            message.Headers.TryAddWithoutValidation("x-goog-api-key", key);
        }

        return message;
    }

    public override async IAsyncEnumerable<ModelUpdate> ReadStreamAsync(
        Stream body, ModelInfo model, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var events = new SseReader(body);
        var reply = new GeminiReply(model, request);
        Usage? noted = null;
        while (await events.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            // The vendor has no end mark; servers that imitate it may send their own habit.
            if (events.DataIs("[DONE]"u8))
            {
                break;
            }

            using var data = events.Parse();
            foreach (var update in reply.Accept(data.RootElement))
            {
                yield return update;
                if (update is ReplyFailed)
                {
                    yield break;
                }
            }

            if (reply.Usage is { } usage && usage != noted)
            {
                noted = usage;
                yield return new UsageNoted(usage);
            }
        }

        if (reply.Sources is { Length: > 0 } sources)
        {
            yield return new TextArrived(sources);
        }

        yield return reply.Finish();
    }

    public override ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request)
    {
        using var document = WireJson.Parse(body);
        var reply = new GeminiReply(model, request);
        // A server that does not know alt=sse answers with the same objects in an array.
        var responses = document.RootElement.ValueKind == JsonValueKind.Array ? [.. document.RootElement.EnumerateArray()] : new[] { document.RootElement };
        foreach (var failed in responses.SelectMany(reply.Accept).OfType<ReplyFailed>())
        {
            return failed;
        }

        return reply.Finish();
    }

    public override ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted) => GeminiErrors.Reply(status, body, posted);

    private static Uri Address(Uri baseUrl, ModelInfo model, bool stream)
    {
        var name = Resources.Any(folder => model.Name.StartsWith(folder, StringComparison.Ordinal)) ? model.Name : $"models/{model.Name}";
        var path = "/" + string.Join('/', name.Split('/').Select(Uri.EscapeDataString)) + (stream ? ":streamGenerateContent" : ":generateContent");
        var address = WireUrls.Append(baseUrl, "/v1beta", path);
        return stream ? new Uri(address + (address.Query.Length > 0 ? "&" : "?") + "alt=sse") : address;
    }
}
