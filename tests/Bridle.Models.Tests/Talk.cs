using System.Text;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.Tests;

/// <summary>Talks to a model and writes down what came.</summary>
internal static class Talk
{
    public static JsonElement Schema(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    public static IReadOnlyList<ToolSchema> Tools { get; } =
    [
        new("Read", "Reads a file.", Schema("""{"type":"object","properties":{"path":{"type":"string","description":"The file."}},"required":["path"]}""")),
        new("Grep", "Searches.", Schema("""{"type":"object","properties":{"pattern":{"type":"string"}}}""")),
    ];

    public static ModelRequest Ask(params Message[] messages) => new() { System = "Be brief.", Messages = messages, Tools = Tools };

    public static ModelRequest Ask(string text) => Ask(Message.User(text));

    public static Message Results(ModelReply reply, Func<ToolCallPart, string> result, params MessagePart[] more) =>
        new(Role.User, [.. reply.Calls.Select(call => new ToolResultPart(call.Id, call.Name, [new TextPart(result(call))], false)), .. more]);

    public static Message Said(ModelReply reply) => new(Role.Assistant, reply.Parts);

    public static async Task<List<ModelUpdate>> AllAsync(IModel model, ModelRequest request, CancellationToken cancellationToken = default)
    {
        var updates = new List<ModelUpdate>();
        await foreach (var update in model.StreamAsync(request, cancellationToken))
        {
            updates.Add(update);
        }

        return updates;
    }

    public static async Task<ModelReply> ReplyAsync(IModel model, ModelRequest request)
    {
        var updates = await AllAsync(model, request);
        return updates[^1] is ReplyFinished finished ? finished.Reply : throw new InvalidOperationException(Describe(updates));
    }

    public static async Task<ModelError> ErrorAsync(IModel model, ModelRequest request)
    {
        var updates = await AllAsync(model, request);
        return updates[^1] is ReplyFailed failed ? failed.Error : throw new InvalidOperationException(Describe(updates));
    }

    public static string Describe(IEnumerable<ModelUpdate> updates)
    {
        var lines = new StringBuilder();
        foreach (var update in updates)
        {
            lines.AppendLine(update switch
            {
                TextArrived text => $"text {text.Text}",
                ReasoningArrived reasoning => $"reasoning {reasoning.Text}",
                CallArriving call => $"call {call.Tool}",
                RetryScheduled retry => $"retry {retry.Attempt} of {retry.Of} in {retry.Delay.TotalSeconds:0.###} s after {retry.Error.Kind}",
                ReplyFinished finished => "finished " + Describe(finished.Reply),
                ReplyFailed failed => $"failed {failed.Error.Kind} [{failed.PartialText}] {failed.Error.Message} -> {failed.Error.Advice}",
                _ => update.ToString(),
            });
        }

        return lines.ToString().ReplaceLineEndings("\n");
    }

    public static string Describe(ModelReply reply) =>
        $"{reply.Stop} {string.Join(" | ", reply.Parts.Select(Describe))} usage {(reply.Usage is { } u ? $"{u.Input}+{u.CacheRead}+{u.CacheWrite}/{u.Output}({u.Reasoning})" : "unknown")} by {reply.Model}";

    private static string Describe(MessagePart part) => part switch
    {
        TextPart text => $"text({text.Text})",
        ReasoningPart reasoning => $"reasoning({reasoning.Text})",
        ToolCallPart call => $"{call.Name}({call.Arguments})",
        _ => part.ToString(),
    };
}
