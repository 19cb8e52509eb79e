using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>OpenAI Chat Completions, as OpenAI and the many compatible servers speak it.</summary>
internal sealed class OpenAiChatProtocol : WireProtocol
{
    private static readonly WireCache<Message> Cache = new();

    public override string Api => "openai";

    public override HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        using var body = new RequestBody(endpoint.ExtraBody);
        body.Add("model", model.Name);
        if (body.Begin("messages"))
        {
            WriteMessages(body, endpoint, model, request);
        }

        OpenAiTools.Add(body, request, flat: false);
        AddLimit(body, endpoint, model, request);
        body.Add("reasoning_effort", request.Effort);
        AddAnswerSchema(body, endpoint, request);
        if (!endpoint.Refuses("prompt_cache_key"))
        {
            body.Add("prompt_cache_key", request.CacheKey);
        }

        body.Add("stream", request.Stream);
        if (request.Stream && !endpoint.Refuses("stream_options") && body.Begin("stream_options"))
        {
            body.Writer.WriteStartObject();
            body.Writer.WriteBoolean("include_usage", true);
            body.Writer.WriteEndObject();
        }

        return WireRequest.Post(WireUrls.Append(endpoint.BaseUrl, "/v1", "/chat/completions"), body.Finish(), endpoint, request.Stream).WithBearer(endpoint);
    }

    public override async IAsyncEnumerable<ModelUpdate> ReadStreamAsync(Stream body, ModelInfo model, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var events = new SseReader(body);
        var reply = new ChatReply(model, request);
        var shown = new List<ModelUpdate>();
        var done = false;
        while (!done && await events.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (events.DataIs("[DONE]"u8))
            {
                done = true;
                continue;
            }

            using (var chunk = events.Parse())
            {
                if (Error(chunk.RootElement) is { } error)
                {
                    yield return new ReplyFailed(error, "", reply.Usage);
                    yield break;
                }

                reply.Add(chunk.RootElement, shown);
            }

            foreach (var update in shown)
            {
                yield return update;
            }

            shown.Clear();
        }

        // Some servers leave out [DONE]; a finish reason and a proper end of the body say the same.
        if (!done && !reply.Ended)
        {
            throw new EndOfStreamException("it ended without a finish reason and without [DONE]");
        }

        reply.Finish(shown);
        foreach (var update in shown)
        {
            yield return update;
        }
    }

    public override ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request)
    {
        using var document = WireJson.Parse(body);
        if (Error(document.RootElement) is { } error)
        {
            return new ReplyFailed(error);
        }

        var reply = new ChatReply(model, request);
        var shown = new List<ModelUpdate>();
        reply.Add(document.RootElement, shown);
        reply.Finish(shown);
        return shown[^1];
    }

    public override ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted) =>
        WireErrors.Of(status, ErrorWords.Read(body), posted);

    public override WireQuirk? QuirkIn(ModelError error, ModelEndpoint endpoint) => OpenAiQuirks.In(error, endpoint);

    private static void WriteMessages(RequestBody body, ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var writer = body.Writer;
        var form = new ChatForm(model.Origin, model.Images != Known.No, endpoint.Quirk(OpenAiQuirks.NoReasoning) is null, WireNames.Odd(request.Tools));
        writer.WriteStartArray();
        if (AnswerSchemas.System(request, endpoint) is { Length: > 0 } system)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "system");
            writer.WriteString("content", system);
            writer.WriteEndObject();
        }

        var name = form.Name;
        foreach (var message in request.Messages)
        {
            body.Raw(Cache.Get(message, name, form, static (writer, message, form) => ChatMessages.Write(writer, message, form)));
        }

        writer.WriteEndArray();
    }

    private static void AddLimit(RequestBody body, ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var newName = !endpoint.Refuses("max_completion_tokens") && (OpenAiQuirks.TakesCompletionTokens(model.Name) || endpoint.Quirk(OpenAiQuirks.CompletionTokens) is not null);
        body.Add(newName ? "max_completion_tokens" : "max_tokens", endpoint.OutputLimit(request));
    }

    private static void AddAnswerSchema(RequestBody body, ModelEndpoint endpoint, ModelRequest request)
    {
        if (request.AnswerSchema is not { } schema || !body.Begin("response_format"))
        {
            return;
        }

        var writer = body.Writer;
        var native = endpoint.Quirk(OpenAiQuirks.JsonObject) is null;
        writer.WriteStartObject();
        writer.WriteString("type", native ? "json_schema" : "json_object");
        if (native)
        {
            writer.WriteStartObject("json_schema");
            AnswerSchemas.WriteFields(writer, schema);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>An error that came with status 200, as a whole body or as an event.</summary>
    private static ModelError? Error(JsonElement root) =>
        root.At("error") is { } error && error.ValueKind is JsonValueKind.Object or JsonValueKind.String ? WireErrors.InStream(ErrorWords.Read(root)) : null;
}
