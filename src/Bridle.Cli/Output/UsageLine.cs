using System.Globalization;
using Bridle.Cli.Terminals;
using Bridle.Messages;
using Bridle.Sessions;

namespace Bridle.Cli.Output;

/// <summary>What a turn took, in one line.</summary>
internal static class UsageLine
{
    /// <summary>Such as <c>[120 in / 30 out tokens, $0.0012, 2 steps, openai/gpt-4.1]</c>.</summary>
    public static string Of(TurnResult result, string model) =>
        $"[{Tokens(result.Usage)}, {Cost(result.Cost, result.Simulated)}, {result.Steps} {(result.Steps == 1 ? "step" : "steps")}, {VisibleText.Line(model, 120)}]";

    /// <summary>Input with what the cache gave, and output.</summary>
    public static string Tokens(Usage usage)
    {
        var input = usage.Input + usage.CacheRead + usage.CacheWrite;
        var cached = usage.CacheRead > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({usage.CacheRead} cached)") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{input} in{cached} / {usage.Output} out tokens");
    }

    /// <summary>Money; unknown is said, never shown as nothing.</summary>
    public static string Cost(decimal? cost, bool simulated) =>
        simulated ? "rehearsal, no cost" : cost is { } dollars ? string.Create(CultureInfo.InvariantCulture, $"${dollars:0.####}") : "cost unknown";
}
