using Bridle.Cli.Terminals;
using Bridle.Events;

namespace Bridle.Cli.Output;

/// <summary>What happens in a turn beside answers and calls, in words for a person: the same on a screen and line by line.</summary>
internal static class TurnWords
{
    public static string Of(ReplyWithdrawn withdrawn) => $"The reply broke off and does not count ({VisibleText.Line(withdrawn.Reason, 120)}).";

    public static string Of(RetryWaiting wait) => $"Waiting {wait.Delay.TotalSeconds:0.#} s before try {wait.Attempt} of {wait.Of}: {VisibleText.Line(wait.Reason, 300)}";

    public static string Of(AcceptanceChecked looked) => looked.Accepted
        ? $"  (accepted: {(looked.Checks.Count == 0 ? "no sealed file has changed" : string.Join("; ", looked.Checks.Select(check => VisibleText.Line(check.Check, 80))))})"
        : $"  (not accepted: {string.Join("; ", looked.Checks.Where(check => check.Outcome is not CheckOutcome.Met).Select(check => VisibleText.Line(check.Check, 80)))})";

    public static string Of(InboxDrained drained) => $"  (passed on: {VisibleText.Line(string.Join(" / ", drained.Messages.Select(message => message.Text)), 200)})";
}
