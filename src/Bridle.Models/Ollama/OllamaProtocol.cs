using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Ollama;

/// <summary>
/// Ollama's own chat. Its servers start with a small context and cut a longer prompt without a word, so every request says how much it needs:
/// the model's window when that is known, else <see cref="ModelApis.OllamaContext"/>: room for a system text, tools and a few files, and little enough for the memory of
/// a small machine. <c>options.num_ctx</c> of the extra body replaces it.
/// </summary>
internal sealed class OllamaProtocol : WireProtocol
{
    private static readonly WireCache<Message> Messages = new();
    private static readonly WireCache<IReadOnlyList<ToolSchema>> Tools = new();

    /// <summary>The command that fetches a missing model.</summary>
    public const string Pull = "ollama pull";

    public override string Api => "ollama";

    public override HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        using var body = new RequestBody(WithoutOptions(endpoint.ExtraBody));
        body.Add("model", model.Name);
        if (body.Begin("messages"))
        {
            WriteMessages(body, model, request);
        }

        if (request.ToolCalling == ToolCalling.Native && request.Tools.Count > 0 && body.Begin("tools"))
        {
            body.Raw(Tools.Get(request.Tools, "", 0, static (writer, tools, _) => OllamaMessages.WriteTools(writer, tools)));
        }

        // Always said: left out, it means true here.
        body.Add("stream", request.Stream);
        AddThink(body, request.Effort);
        if (request.AnswerSchema is { } schema && body.Begin("format"))
        {
            schema.WriteTo(body.Writer);
        }

        if (body.Begin("options"))
        {
            WriteOptions(body.Writer, endpoint, model, request);
        }

        return WireRequest.Post(WireUrls.Append(Root(endpoint.BaseUrl), "", "/api/chat"), body.Finish(), endpoint, request.Stream).WithBearer(endpoint);
    }

    public override async IAsyncEnumerable<ModelUpdate> ReadStreamAsync(Stream body, ModelInfo model, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var lines = new NdjsonReader(body);
        var reply = new OllamaReply(model, request);
        var shown = new List<ModelUpdate>();
        while (!reply.Ended)
        {
            using (var line = await lines.ReadAsync(cancellationToken).ConfigureAwait(false) ?? throw new EndOfStreamException("it ended without a line that says done"))
            {
                reply.Add(line.RootElement, shown);
            }

            foreach (var update in shown)
            {
                yield return update;
            }

            shown.Clear();
        }
    }

    public override ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request)
    {
        using var document = WireJson.Parse(body);
        var reply = new OllamaReply(model, request);
        var shown = new List<ModelUpdate>();
        reply.Add(document.RootElement, shown);
        return reply.Ended
            ? shown[^1]
            : new ReplyFailed(new(ModelErrorKind.Malformed, "The server's reply does not say that it is done.", "Check that the address and the protocol (--api) belong together."));
    }

    public override ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted)
    {
        var words = ErrorWords.Read(body);
        var error = WireErrors.Of(status, words, posted);
        return error.Kind == ModelErrorKind.NotFound && words.Message.Contains("model", StringComparison.OrdinalIgnoreCase)
            ? error with { Advice = $"Fetch the model with `{Pull}`, or choose one that is there (`bridle models list`)." }
            : error;
    }

    /// <summary>The server's root, also when the base URL is that of its OpenAI-compatible half or of the API itself.</summary>
    public static Uri Root(Uri url)
    {
        var path = url.AbsolutePath.TrimEnd('/');
        foreach (var ending in (ReadOnlySpan<string>)["/v1", "/api"])
        {
            if (path.EndsWith(ending, StringComparison.Ordinal))
            {
                return new UriBuilder(url) { Path = path[..^ending.Length] }.Uri;
            }
        }

        return url;
    }

    private static void WriteMessages(RequestBody body, ModelInfo model, ModelRequest request)
    {
        var writer = body.Writer;
        writer.WriteStartArray();
        if (request.System.Length > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", request.System);
            writer.WriteEndObject();
        }

        var images = model.Images != Known.No;
        var form = (images ? "i" : "-") + model.Origin;
        foreach (var message in request.Messages)
        {
            body.Raw(Messages.Get(message, form, (images, model.Origin), static (writer, message, how) => OllamaMessages.Write(writer, message, how.images, how.Origin)));
        }

        writer.WriteEndArray();
    }

    private static void AddThink(RequestBody body, string? effort)
    {
        if (effort is null || !body.Begin("think"))
        {
            return;
        }

        switch (effort)
        {
            case "none" or "off" or "false":
                body.Writer.WriteBooleanValue(false);
                break;
            case "on" or "true":
                body.Writer.WriteBooleanValue(true);
                break;
            default:
                body.Writer.WriteStringValue(effort);
                break;
        }
    }

    private static void WriteOptions(Utf8JsonWriter writer, ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var own = endpoint.ExtraBody.At("options");
        writer.WriteStartObject();
        if (own.At("num_ctx") is null)
        {
            writer.WriteNumber("num_ctx", model.ContextWindow ?? ModelApis.OllamaContext);
        }

        if (request.MaxOutputTokens is { } limit && own.At("num_predict") is null)
        {
            writer.WriteNumber("num_predict", limit);
        }

        if (own is { ValueKind: JsonValueKind.Object } options)
        {
            foreach (var option in options.EnumerateObject())
            {
                option.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>The extra body without the options, which are merged one by one.</summary>
    private static JsonElement? WithoutOptions(JsonElement? extra) => extra is not { ValueKind: JsonValueKind.Object } given || given.At("options") is null
        ? extra
        : WireJson.Element(writer =>
        {
            writer.WriteStartObject();
            foreach (var property in given.EnumerateObject().Where(property => property.Name != "options"))
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        });
}
