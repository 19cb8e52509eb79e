using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tests.Context;

/// <summary>A conversation written down record by record, for tests of what is made of it.</summary>
internal sealed class Talk
{
    private long _n;
    private int _calls;

    public Talk(string task = "Find the bug in parser.cs.")
    {
        Apply(new SessionStarted(1, "test", "/ws", "test"));
        Say(task);
    }

    public Transcript Transcript { get; } = new();

    public List<Recorded> Records { get; } = [];

    public Talk Say(string text) => Apply(new UserSpoke($"m{_n}", [new TextPart(text)]));

    public Talk Answer(string text) => Apply(new ModelReplied(new ModelReply([new TextPart(text)], StopReason.EndTurn, null, null), null, 1));

    /// <summary>A call and its result.</summary>
    public Talk Call(string tool, string arguments, string result, bool isError = false, string text = "") => Ask(tool, arguments, text).Return(result, isError);

    public Talk Ask(string tool, string arguments, string text = "") =>
        Apply(new ModelReplied(new ModelReply([.. text.Length > 0 ? [new TextPart(text)] : Array.Empty<MessagePart>(), new ToolCallPart(new CallId($"c{++_calls}"), tool, arguments)], StopReason.ToolUse, null, null), null, 1));

    public Talk Return(string result, bool isError = false) =>
        Apply(new ToolReturned(new CallId($"c{_calls}"), isError ? CallOutcome.Failed : CallOutcome.Completed, [new TextPart(result)], 1));

    public Talk Apply(DurableEvent one)
    {
        Records.Add(new Recorded(++_n, DateTimeOffset.UnixEpoch, new RunId("1"), one));
        Transcript.Apply(Records[^1]);
        return this;
    }
}
