using System.Text.Json;
using Bridle.Messages;
using Bridle.Permissions;

namespace Bridle.Cli.Headless;

/// <summary>One line of the input of <c>--input events</c>: something that the other side did. Described in docs/reference/events.md.</summary>
internal abstract record InputEvent
{
    /// <summary>Reads a line; null and what is wrong with it when it is none. Fields that are not known here are skipped, so that recorded lines can be given back.</summary>
    public static (InputEvent? Event, string? Problem) Read(string line)
    {
        try
        {
            using var document = SoundJson.Parse(line);
            return document.RootElement.ValueKind is JsonValueKind.Object ? Read(document.RootElement) : (null, "it is not a JSON object");
        }
        catch (JsonException wrong)
        {
            return (null, $"it is not JSON ({wrong.Message.Split(" LineNumber")[0].TrimEnd('.')})");
        }
    }

    private static (InputEvent? Event, string? Problem) Read(JsonElement line)
    {
        switch (Text(line, "type"))
        {
            case "user_spoke":
                return Spoken(line) is { Length: > 0 } said ? (new MessageSaid(said, Text(line, "message_id")), null) : (null, "user_spoke needs text, or parts with text");
            case "user_steered":
                return Spoken(line) is { Length: > 0 } steered ? (new TurnSteered(steered), null) : (null, "user_steered needs text, or parts with text");
            case "turn_interrupted":
                return (new TurnInterrupted(), null);
            case "approval_given":
                return Answered(line);
            case "question_answered":
                return Text(line, "id") is { } question && Text(line, "answer") is { } answer ? (new QuestionReplied(question, answer), null) : (null, "question_answered needs id and answer");
            case "mode_changed":
                return Text(line, "to") is { } mode ? (new ModeWished(mode), null) : (null, "mode_changed needs to");
            case "model_changed":
                return Text(line, "to") is { } model ? (new ModelWished(model), null) : (null, "model_changed needs to");
            case null:
                return (null, "it has no type");
            case var type:
                return (null, $"'{type}' is not one of user_spoke, user_steered, turn_interrupted, approval_given, question_answered, mode_changed, model_changed");
        }
    }

    private static (InputEvent? Event, string? Problem) Answered(JsonElement line)
    {
        var scope = Text(line, "scope") ?? "once";
        return (Text(line, "id"), Text(line, "verdict")) switch
        {
            (null, _) => (null, "approval_given needs id"),
            (_, not ("allow" or "deny")) => (null, "approval_given needs verdict, which is allow or deny"),
            _ when scope is not ("once" or "session" or "project" or "always") => (null, "scope of approval_given is once, session, project or always"),
            var (id, verdict) => (new ApprovalAnswered(id, new ApprovalAnswer(verdict == "allow", scope, Text(line, "reason"), Text(line, "edited_input"))), null),
        };
    }

    // Either text, or parts as a record has them.
    private static string? Spoken(JsonElement line)
    {
        if (Text(line, "text") is { } text)
        {
            return text.Trim().Length > 0 ? text : null;
        }

        return line.TryGetProperty("parts", out var parts) && parts.ValueKind is JsonValueKind.Array && parts.EnumerateArray().All(part => part.ValueKind is JsonValueKind.Object && Text(part, "type") == "text" && Text(part, "text") is not null)
            ? string.Join('\n', parts.EnumerateArray().Select(part => Text(part, "text"))) : null;
    }

    private static string? Text(JsonElement line, string field) => line.TryGetProperty(field, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A message, for a turn of its own.</summary>
internal sealed record MessageSaid(string Text, string? MessageId) : InputEvent;

/// <summary>A message for the next step of the turn that runs.</summary>
internal sealed record TurnSteered(string Text) : InputEvent;

/// <summary>The turn that runs shall end.</summary>
internal sealed record TurnInterrupted : InputEvent;

/// <summary>An answer to <c>approval_requested</c>.</summary>
internal sealed record ApprovalAnswered(string Id, ApprovalAnswer Answer) : InputEvent;

/// <summary>An answer to <c>question_asked</c>.</summary>
internal sealed record QuestionReplied(string Id, string Answer) : InputEvent;

/// <summary>Another permission mode.</summary>
internal sealed record ModeWished(string Mode) : InputEvent;

/// <summary>Another model, from the next turn on.</summary>
internal sealed record ModelWished(string Model) : InputEvent;
