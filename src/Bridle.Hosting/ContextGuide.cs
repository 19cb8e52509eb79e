using System.Text;
using Bridle.Context;
using Bridle.Hosting.Experience;
using Bridle.Hosting.Guides;
using Bridle.Messages;

namespace Bridle.Hosting;

/// <summary>A guide of a session: what the model is told on the way when it fits.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind"><c>text</c>, <c>file</c>, <c>command</c> (computed), <c>prompt</c> (inferred: a model is asked) or <c>episodes</c> (earlier runs).</param>
/// <param name="When">When it speaks, in words; <c>always</c> without a condition.</param>
/// <param name="At">When it is asked: <c>start</c> of each turn, or each <c>step</c>.</param>
/// <param name="MostTokens">The most tokens that it tells at once.</param>
/// <param name="Bytes">The length of its words in UTF-8, or null where they are made when it is asked.</param>
/// <param name="Source">The settings files that say so.</param>
public sealed record ContextGuide(string Name, string Kind, string When, string At, int MostTokens, int? Bytes, string Source)
{
    /// <summary>About how many tokens its words are, at most those of its cap; null where they are made when it is asked.</summary>
    public int? Tokens { get; init; }

    /// <summary>Why it says nothing, or null.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Whether a task is one of those that it speaks of; files are not known before a run.</summary>
    public Func<string, bool> FitsTask { get; init; } = _ => true;

    /// <summary>It in words, for a line of a list.</summary>
    public string Words => $"{Name}: {Kind}, {When}, {(At is "step" ? "before each step" : "at the start of a turn")}, at most {MostTokens} tokens{(WhyNot is null ? "" : $" (says nothing: {WhyNot.TrimEnd('.')})")}";

    /// <summary>All of a session that is started so, and that of earlier runs where it is switched on. Reads files, runs nothing.</summary>
    internal static IReadOnlyList<ContextGuide> Of(HarnessRequest request, HostFiles files) =>
    [
        .. GuideBook.Of(files).Where(guide => !guide.IsOff).Select(guide => Shown(guide, files)),
        .. files.Layers.Effective.ExperienceEnabled is true && !request.InMemory && request.Workspace is null
            ? [new("experience", "episodes", "when an earlier run was like the task", "start", ExperienceGuide.MostTokens, null, string.Join(", ", files.Layers.Layers.Where(layer => layer.Counts.ExperienceEnabled is true).Select(layer => layer.Path)))]
            : Array.Empty<ContextGuide>(),
    ];

    private static ContextGuide Shown(DeclaredGuide guide, HostFiles files)
    {
        var (told, problem) = guide.Kind switch
        {
            GuideKind.Text => (guide.Said, ""),
            GuideKind.File when guide.WhyNot is null => GuideFile.Read(guide, files, files.Trust.Folder),
            _ => (null, ""),
        };
        var path = guide.Kind is GuideKind.File ? $"{GuideFile.PathOf(guide, files.Environment.Home)}, " : "";
        // Of a file its own words, as its bytes: what is told has the file's path around them.
        var words = told is null ? null : guide.Kind is GuideKind.File ? SmallFile.Read(GuideFile.PathOf(guide, files.Environment.Home), GuideFile.MostBytes) : Encoding.UTF8.GetBytes(told);
        return new(guide.Name, guide.Kind.ToString().ToLowerInvariant(), guide.When, guide.At is GuideTime.EachStep ? "step" : "start", guide.MostTokens, words is null ? null : guide.Kind is GuideKind.File ? (int)SmallFile.Length(GuideFile.PathOf(guide, files.Environment.Home)) : words.Length, path + guide.From)
        {
            Tokens = words is null ? null : (int)Math.Min((TokenEstimate.QuartersOfUtf8(words) + TokenEstimate.Quarters - 1) / TokenEstimate.Quarters, guide.MostTokens), WhyNot = guide.WhyNot ?? (problem.Length > 0 ? problem : null), FitsTask = guide.Fits,
        };
    }
}
