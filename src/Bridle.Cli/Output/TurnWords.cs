using Bridle.Cli.Terminals;
using Bridle.Events;

namespace Bridle.Cli.Output;

/// <summary>What happens in a turn beside answers and calls, in words for a person: the same on a screen and line by line.</summary>
internal static class TurnWords
{
    public static string Of(ReplyWithdrawn withdrawn) => $"The reply broke off and does not count ({VisibleText.Line(withdrawn.Reason, 120)}).";

    public static string Of(RetryWaiting wait) => $"Waiting {wait.Delay.TotalSeconds:0.#} s before try {wait.Attempt} of {wait.Of}: {VisibleText.Line(wait.Reason, 300)}";

    public static string Of(SkillUsed used) => $"  (skill {VisibleText.Line(used.Name, 80)}{(used.Allowed is { Count: > 0 } allowed ? $": only {VisibleText.Line(string.Join(", ", allowed), 200)}" : "")})";

    public static string Of(ModelStoodIn stood) => $"{VisibleText.Line(stood.Message.TrimEnd('.'), 300)}. {VisibleText.Line(stood.To, 100)} answers the rest of this turn in place of {VisibleText.Line(stood.From, 100)}.";

    public static string Of(InboxDrained drained) => $"  (passed on: {VisibleText.Line(string.Join(" / ", drained.Messages.Select(message => message.Text)), 200)})";
}
