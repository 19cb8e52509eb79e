using Bridle.Events;
using Bridle.Hosting.Subagents;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Hosting.Tests;

public sealed class SubagentReportTests
{
    [Theory]
    [InlineData(TurnOutcome.Completed, "An answer.", SubagentStatus.Done)]
    [InlineData(TurnOutcome.Completed, " ", SubagentStatus.Blocked)]
    [InlineData(TurnOutcome.LimitReached, "What there is.", SubagentStatus.DoneWithConcerns)]
    [InlineData(TurnOutcome.LimitReached, "", SubagentStatus.Blocked)]
    [InlineData(TurnOutcome.Truncated, "Half of it", SubagentStatus.DoneWithConcerns)]
    [InlineData(TurnOutcome.Stuck, "The same again.", SubagentStatus.Blocked)]
    [InlineData(TurnOutcome.Waiting, "", SubagentStatus.NeedsContext)]
    [InlineData(TurnOutcome.ModelFailed, "", SubagentStatus.Blocked)]
    [InlineData(TurnOutcome.Refused, "No.", SubagentStatus.Blocked)]
    public void How_the_work_ended_is_said_in_four_words_and_a_text_is_kept(TurnOutcome outcome, string text, SubagentStatus status)
    {
        var report = SubagentReport.Of(new TurnResult(outcome, text, Usage.None, 0m, 1, [], null, null, Simulated: false));
        Assert.Equal(status, report.Status);
        Assert.Equal(text, report.Text);
        Assert.Equal(status is SubagentStatus.Done, report.Concern is null);
    }
}
