using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>
/// OpenAI Responses. Nothing is kept at the vendor (<c>store: false</c>): the whole conversation is sent each time, and reasoning goes along
/// encrypted, exactly as it came.
/// </summary>
internal sealed class OpenAiResponsesProtocol : WireProtocol
{
    private static readonly WireCache<Message> Cache = new();

    public override string Api => "openai-responses";

    public override HttpRequestMessage Write(ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        using var body = new RequestBody(endpoint.ExtraBody);
        body.Add("model", model.Name);
        body.Add("instructions", AnswerSchemas.System(request, endpoint) is { Length: > 0 } system ? system : null);
        if (body.Begin("input"))
        {
            WriteInput(body, endpoint, model, request);
        }

        OpenAiTools.Add(body, request, flat: true);
        if (request.ToolCalling == ToolCalling.Native && request.Tools.Count > 0 && !endpoint.Refuses("parallel_tool_calls"))
        {
            body.Add("parallel_tool_calls", true);
        }

        body.Add("max_output_tokens", endpoint.OutputLimit(request));
        AddReasoning(body, endpoint, request);
        AddAnswerSchema(body, endpoint, request);
        if (!endpoint.Refuses("prompt_cache_key"))
        {
            body.Add("prompt_cache_key", request.CacheKey);
        }

        if (!endpoint.Refuses("store"))
        {
            body.Add("store", false);
        }

        body.Add("stream", request.Stream);
        return WireRequest.Post(WireUrls.Append(endpoint.BaseUrl, "/v1", "/responses"), body.Finish(), endpoint, request.Stream).WithBearer(endpoint);
    }

    public override async IAsyncEnumerable<ModelUpdate> ReadStreamAsync(Stream body, ModelInfo model, ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var events = new SseReader(body);
        var reply = new ResponsesReply(model, request);
        var shown = new List<ModelUpdate>();
        while (!reply.Ended && await events.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            if (events.DataIs("[DONE]"u8))
            {
                continue;
            }

            using (var item = events.Parse())
            {
                // Some servers name the event only in its `event:` line.
                reply.Add(item.RootElement.TextAt("type") ?? events.Event, item.RootElement, shown);
            }

            foreach (var update in shown)
            {
                yield return update;
            }

            shown.Clear();
        }

        if (!reply.Ended)
        {
            throw new EndOfStreamException("it ended without response.completed");
        }
    }

    public override ModelUpdate ReadWhole(ReadOnlyMemory<byte> body, ModelInfo model, ModelRequest request)
    {
        using var document = WireJson.Parse(body);
        return new ResponsesReply(model, request).Whole(document.RootElement);
    }

    public override ModelError ReadError(int status, HttpResponseHeaders headers, ReadOnlyMemory<byte> body, Uri posted) =>
        WireErrors.Of(status, ErrorWords.Read(body), posted);

    public override WireQuirk? QuirkIn(ModelError error, ModelEndpoint endpoint) => OpenAiQuirks.In(error, endpoint);

    private static void WriteInput(RequestBody body, ModelEndpoint endpoint, ModelInfo model, ModelRequest request)
    {
        var form = new ChatForm(model.Origin, model.Images != Known.No, endpoint.Quirk(OpenAiQuirks.NoReasoning) is null, WireNames.Odd(request.Tools));
        var name = form.Name;
        body.Writer.WriteStartArray();
        foreach (var message in request.Messages)
        {
            body.Raw(Cache.Get(message, name, form, static (writer, message, form) => ResponsesInput.Write(writer, message, form)));
        }

        body.Writer.WriteEndArray();
    }

    private static void AddReasoning(RequestBody body, ModelEndpoint endpoint, ModelRequest request)
    {
        if (!endpoint.Refuses("include") && body.Begin("include"))
        {
            body.Writer.WriteStartArray();
            body.Writer.WriteStringValue("reasoning.encrypted_content");
            body.Writer.WriteEndArray();
        }

        // Asked for with an effort only: a model that does not reason refuses the field.
        if (request.Effort is { } effort && body.Begin("reasoning"))
        {
            body.Writer.WriteStartObject();
            body.Writer.WriteString("effort", effort);
            body.Writer.WriteString("summary", "auto");
            body.Writer.WriteEndObject();
        }
    }

    private static void AddAnswerSchema(RequestBody body, ModelEndpoint endpoint, ModelRequest request)
    {
        if (request.AnswerSchema is not { } schema || !body.Begin("text"))
        {
            return;
        }

        var writer = body.Writer;
        var native = endpoint.Quirk(OpenAiQuirks.JsonObject) is null;
        writer.WriteStartObject();
        writer.WriteStartObject("format");
        writer.WriteString("type", native ? "json_schema" : "json_object");
        if (native)
        {
            AnswerSchemas.WriteFields(writer, schema);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
