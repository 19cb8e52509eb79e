using Bridle.Events;

namespace Bridle.Hosting.Exports;

/// <summary>A compaction in words for a person.</summary>
public static class CompactionText
{
    /// <summary>What was done, why, and how much shorter it got.</summary>
    public static string Of(Compacted done)
    {
        var what = done switch
        {
            { Summary.Length: 0, How: "results" } => "old results of tools were cleared",
            { Summary.Length: 0 } => "old results and long texts were shortened",
            { How: "model" } => "the older part of the conversation was summarised by the model",
            _ => "the older part of the conversation was summarised",
        };
        var size = done is { TokensBefore: { } before, TokensAfter: { } after } ? $", about {before:N0} to {after:N0} tokens".Replace('\u00a0', ' ') : "";
        var why = done.Trigger is "overflow" ? " because it no longer fitted the model's window" : "";
        return $"{what}{why}{size}; the whole of it stays in the session's file";
    }
}
