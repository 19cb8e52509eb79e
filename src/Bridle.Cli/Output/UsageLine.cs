using System.Globalization;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Subagents;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Cli.Output;

/// <summary>What a turn took, in one line.</summary>
internal static class UsageLine
{
    /// <summary>Such as <c>[120 in / 30 out tokens, $0.0012, 2 steps, openai/gpt-4.1]</c>.</summary>
    public static string Of(TurnResult result, string model) =>
        $"[{Tokens(result)}, {(result is { IsEstimated: true, Cost: not null, Simulated: false } ? "about " : "")}{Cost(result.Cost, result.Simulated)}, {result.Steps} {(result.Steps == 1 ? "step" : "steps")}, {VisibleText.Line(model, 120)}]";

    /// <summary>What a look back took, and with it the turn, such as <c>[look back: 400 in / 20 out tokens, $0.0004, 2 replies, openai/gpt-4.1; with the turn: 520 in / 50 out tokens, $0.0016]</c>.</summary>
    public static string Of(ReviewReport review, TurnResult? turn)
    {
        var together = turn is null ? null : review.With(turn);
        return $"[look back: {Tokens(review.Usage, review.Unmeasured, review.IsEstimated ? "about " : "")}, {(review is { IsEstimated: true, Cost: not null } ? "about " : "")}{Cost(review.Cost, simulated: false)}, {review.Replies.Count} {(review.Replies.Count == 1 ? "reply" : "replies")}, {VisibleText.Line(review.Replies[^1].Model, 120)}"
            + $"{(together is null ? "" : $"; with the turn: {Tokens(together)}, {(together is { IsEstimated: true, Cost: not null } ? "about " : "")}{Cost(together.Cost, simulated: false)}")}]";
    }

    private static string Tokens(TurnResult result) => Tokens(result.Usage, result.Simulated ? 0 : result.Unmeasured, result.IsEstimated ? "about " : "");

    // What no server said is unknown and not nothing, and what was guessed says so.
    private static string Tokens(Usage usage, int unmeasured, string about) => unmeasured switch
    {
        0 => about + Tokens(usage),
        _ when usage.Total is 0 => "tokens unknown",
        1 => $"{about}{Tokens(usage)} and 1 reply of unknown size",
        _ => $"{about}{Tokens(usage)} and {unmeasured} replies of unknown size",
    };

    /// <summary>Input with what the cache gave, and output.</summary>
    public static string Tokens(Usage usage)
    {
        var input = usage.Input + usage.CacheRead + usage.CacheWrite;
        var cached = usage.CacheRead > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({usage.CacheRead} cached)") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{input} in{cached} / {usage.Output} out tokens");
    }

    /// <summary>Tokens with everything that is known of them, such as <c>1200 in (400 cached, 100 written) / 300 out (50 reasoning) tokens</c>.</summary>
    public static string AllTokens(Usage usage)
    {
        static string Of(params IEnumerable<(long Tokens, string Word)> parts) =>
            string.Join(", ", parts.Where(part => part.Tokens > 0).Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Tokens} {part.Word}"))) is { Length: > 0 } text ? $" ({text})" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{usage.Input + usage.CacheRead + usage.CacheWrite} in{Of((usage.CacheRead, "cached"), (usage.CacheWrite, "written"))} / {usage.Output} out{Of((usage.Reasoning, "reasoning"))} tokens");
    }

    /// <summary>A sum of money some of which may be unknown, such as <c>$0.25</c>, <c>$0.25+?</c>, <c>?</c> or <c>-</c>. What is not known is said and never shown as nothing.</summary>
    /// <param name="cost">What is known.</param>
    /// <param name="unpriced">How often nothing is known.</param>
    /// <param name="requests">How often a model was paid.</param>
    /// <param name="guessed">What is estimated: it is added, and said to be.</param>
    public static string Money(decimal cost, long unpriced, long requests, decimal guessed = 0) => (guessed > 0 ? "about " : "") + ((Sum: cost + guessed, unpriced) switch
    {
        (0, 0) => requests > 0 ? "$0.00" : "-",
        (0, _) => "?",
        (_, 0) => Dollars.ShownWithCents(cost + guessed),
        _ => $"{Dollars.ShownWithCents(cost + guessed)}+?",
    });

    /// <summary>Money; unknown is said, never shown as nothing.</summary>
    public static string Cost(decimal? cost, bool simulated) =>
        simulated ? "rehearsal, no cost" : cost is { } dollars ? Dollars.Shown(dollars) : "cost unknown";
}
