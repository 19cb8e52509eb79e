using Bridle.Events;
using Bridle.Journal;
using Bridle.Loop;
using Bridle.Runs;

namespace Bridle.Sessions;

/// <summary>The end of a turn whose log was changed by another program meanwhile: nothing more of it can be written down.</summary>
internal static class LogChangedEnd
{
    /// <summary>What is told of it. <paramref name="accepted"/>: the message stands in the log.</summary>
    public static TurnResult Of(Run run, string answer, string messageId, bool accepted, JournalChangedException changed)
    {
        var lost = accepted ? "" : " The message was not accepted.";
        var partial = run.Partial.Length > 0 ? " What came of the reply is in no file." : "";
        return TurnResult.Of(run, new TurnEnd(TurnOutcome.LogChanged, run.Partial.Length > 0 ? run.Partial : answer, changed.Message + lost + partial)) with
        {
            Unrecorded = new(messageId, run.Redact(run.Partial)),
        };
    }
}
