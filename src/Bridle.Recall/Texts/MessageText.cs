using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Recall.Texts;

/// <summary>What of a record can be found: the words of the person, of the model and of tools.</summary>
internal static class MessageText
{
    private const int MostOfMessage = 64 * 1024;
    private const int HeadOfResult = 6 * 1024;
    private const int TailOfResult = 2 * 1024;
    private const int MostOfCall = 2 * 1024;

    /// <summary>The types of the records that hold any.</summary>
    public static readonly IReadOnlySet<string> Types = new HashSet<string>
    {
        "session_started", "user_spoke", "inbox_drained", "model_replied", "tool_returned", "question_asked", "question_answered", "reported",
    };

    /// <summary>The text and who said it, or null when there is none. What the search tool itself was asked and answered would only repeat what is there already.</summary>
    public static (MessageKind Kind, string Text)? Of(DurableEvent happened) => happened switch
    {
        UserSpoke spoke => Said(MessageKind.User, TextOf(spoke.Parts)),
        InboxDrained drained => Said(MessageKind.User, string.Join('\n', drained.Messages.Select(message => message.Text))),
        QuestionAnswered answered => Said(MessageKind.User, answered.Answer),
        QuestionAsked asked => Said(MessageKind.Assistant, asked.Question),
        ModelReplied replied => Of(replied.Reply),
        ToolReturned { Tool: SessionSearchTool.Name } => null,
        ToolReturned returned => Said(MessageKind.Result, HeadAndTail(TextOf(returned.Content))),
        Reported reported => Said(MessageKind.Result, HeadAndTail(reported.Text)),
        _ => null,
    };

    private static (MessageKind, string)? Of(ModelReply reply)
    {
        var text = Cut(TextOf(reply.Parts), MostOfMessage);
        var calls = string.Join('\n', reply.Calls.Where(call => !SessionSearchTool.IsCalled(call.Name)).Select(call => Cut($"{call.Name} {call.Arguments}", MostOfCall)));
        return text.AsSpan().Trim().Length > 0 ? (MessageKind.Assistant, calls.Length > 0 ? $"{text}\n{calls}" : text) : Said(MessageKind.Call, calls);
    }

    private static (MessageKind, string)? Said(MessageKind kind, string text) => text.AsSpan().Trim().Length is 0 ? null : (kind, Cut(text, MostOfMessage));

    private static string TextOf(IReadOnlyList<MessagePart> parts) =>
        parts is [TextPart only] ? only.Text : string.Join('\n', parts.OfType<TextPart>().Select(part => part.Text));

    private static string HeadAndTail(string text) =>
        text.Length <= HeadOfResult + TailOfResult ? text : $"{Cut(text, HeadOfResult)}\n…\n{Tail(text)}";

    private static string Tail(string text) => text[(char.IsLowSurrogate(text[^TailOfResult]) ? text.Length - TailOfResult + 1 : text.Length - TailOfResult)..];

    // Never between the halves of a surrogate pair.
    private static string Cut(string text, int most) => text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
}
