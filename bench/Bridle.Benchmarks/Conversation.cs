using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Benchmarks;

/// <summary>A conversation of the usual kind: one request of a person, then turns of one call and its result.</summary>
internal static class Conversation
{
    public static readonly RunId Run = new("1");

    /// <summary>A result of some forty lines, as a file that was read gives.</summary>
    public static string Result { get; } = string.Join('\n', Enumerable.Range(1, 40).Select(line => $"{line}\tpublic int Value{line} => {line} * Factor; // line {line}"));

    /// <summary>The records of one turn.</summary>
    public static IEnumerable<DurableEvent> Turn(int number)
    {
        var call = new CallId($"call_{number}");
        yield return new ModelReplied(Reply(call, number), null, 800);
        yield return new ToolStarted(call, "Read", "", ToolEffect.Repeatable, "none");
        yield return new ToolReturned(call, CallOutcome.Completed, [new TextPart(Result)], 3) { Tool = "Read" };
    }

    /// <summary>The history after so many turns, as a request carries it.</summary>
    public static List<Message> Messages(int turns)
    {
        var messages = new List<Message> { Message.User("Find where the factor is set and explain it.") };
        for (var turn = 1; turn <= turns; turn++)
        {
            messages.AddRange(Exchange(turn));
        }

        return messages;
    }

    /// <summary>One reply with a call, and the answer.</summary>
    public static Message[] Exchange(int number)
    {
        var call = new CallId($"call_{number}");
        return
        [
            new Message(Role.Assistant, Reply(call, number).Parts),
            new Message(Role.User, [new ToolResultPart(call, "Read", [new TextPart(Result)], false)]),
        ];
    }

    private static ModelReply Reply(CallId call, int number) =>
        new([new TextPart($"I look at file {number}."), new ToolCallPart(call, "Read", $$"""{"file_path":"src/File{{number}}.cs"}""")], StopReason.ToolUse, new Usage(900, 0, 0, 40, 0), "model");
}
