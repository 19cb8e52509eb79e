using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Cli.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public void Every_model_error_has_a_code_that_says_whose_turn_it_is()
    {
        var table = string.Join('\n', Enum.GetValues<ModelErrorKind>().Select(kind => $"{kind} {ExitCode.Of(kind)}"));
        Assert.Equal(
            """
            Authentication 2
            Permission 2
            Quota 2
            RateLimit 3
            Overloaded 3
            Server 3
            NotFound 2
            BadRequest 3
            ContextOverflow 1
            TooLarge 3
            ToolsUnsupported 2
            ImagesRefused 3
            Connection 3
            Timeout 3
            Cut 3
            Malformed 3
            Refused 1
            """, table);
    }

    [Fact]
    public void Every_outcome_has_a_code_and_none_is_0_without_an_answer()
    {
        static TurnResult Result(TurnOutcome outcome, string answer, bool denied = false) =>
            new(outcome, answer, Usage.None, null, 1, denied ? [new(new("c"), "Bash", "no")] : [], null, null, false);
        var table = string.Join('\n', Enum.GetValues<TurnOutcome>().Select(outcome => $"{outcome} {ExitCode.Of(Result(outcome, "answer"))} {ExitCode.Of(Result(outcome, "answer", denied: true))}"));
        Assert.Equal(
            """
            Completed 0 5
            Truncated 4 4
            LimitReached 4 4
            Stuck 1 1
            Refused 1 1
            ModelFailed 1 1
            Waiting 1 1
            Stopped 1 1
            Interrupted 130 130
            Crashed 1 1
            NotAccepted 1 1
            SensorRed 1 1
            LogChanged 1 1
            """, table);
        Assert.All(Enum.GetValues<TurnOutcome>(), outcome => Assert.NotEqual(0, ExitCode.Of(Result(outcome, " \n"))));
    }
}
