using Bridle.Context;
using Bridle.Tools.Search;

namespace Bridle.Hosting.Guides;

/// <summary>What a guide's words come from.</summary>
public enum GuideKind
{
    /// <summary>They stand in the settings.</summary>
    Text,

    /// <summary>They stand in a file.</summary>
    File,

    /// <summary>Computed: a command prints them.</summary>
    Command,

    /// <summary>Inferred: a model is asked for them.</summary>
    Prompt,
}

/// <summary>A guide as a settings file declares it, with what becomes of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What its words come from.</param>
/// <param name="Said">The text, the file's path, the command or the question.</param>
/// <param name="From">The settings file.</param>
public sealed record DeclaredGuide(string Name, GuideKind Kind, string Said, string From)
{
    /// <summary>The most tokens of a guide that says nothing of it.</summary>
    public const int UsualTokens = 2_000;

    /// <summary>The least that it may be: the frame around what a command prints must fit.</summary>
    public const int LeastTokens = 100;

    /// <summary>The most that it may be.</summary>
    public const int MostEver = 20_000;

    /// <summary>Seconds after which the command of a guide is ended that says nothing of it.</summary>
    public const int UsualSeconds = 30;

    /// <summary>Words of which the task must have one; empty for any task.</summary>
    public IReadOnlyList<string> Tasks { get; init; } = [];

    /// <summary>Patterns of which one must fit a file that was touched, by its path from the working folder; empty for none needed.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>When it is asked.</summary>
    public GuideTime At { get; init; }

    /// <summary>The most tokens that it tells at once.</summary>
    public int MostTokens { get; init; } = UsualTokens;

    /// <summary>When its command is ended.</summary>
    public int Seconds { get; init; } = UsualSeconds;

    /// <summary>Whether it was switched off.</summary>
    public bool IsOff { get; init; }

    /// <summary>Whether it comes with the project.</summary>
    public bool IsOfProject { get; init; }

    /// <summary>The folder that the path of its file starts from.</summary>
    public string Folder { get; init; } = "";

    /// <summary>All that was written of it: what an approval is bound to.</summary>
    public string Content { get; init; } = "";

    /// <summary>Why it says nothing, or null.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Whether it makes something run: a program, or a model that is paid.</summary>
    public bool Runs => Kind is GuideKind.Command or GuideKind.Prompt;

    /// <summary>When it speaks, in words.</summary>
    public string When => Tasks.Count + Files.Count == 0 ? "always" : string.Join(" and ", new[]
    {
        Tasks.Count == 0 ? null : $"when the task has {string.Join(" or ", Tasks.Select(words => $"'{words}'"))}",
        Files.Count == 0 ? null : $"when a file like {string.Join(' ', Files)} is touched",
    }.OfType<string>());

    /// <summary>Whether a task is one of those that it speaks of.</summary>
    public bool Fits(string task) => Tasks.Count == 0 || Tasks.Any(words => TaskPattern.Of(words).IsMatch(task));

    /// <summary>Whether a file, by its real path, is one of those that it speaks of.</summary>
    public bool IsAbout(string path, string root)
    {
        var relative = Path.GetRelativePath(root, path).Replace('\\', '/');
        return !relative.StartsWith("../", StringComparison.Ordinal) && Files.Any(pattern => GlobPattern.Parse(pattern.TrimStart('/'), out _)?.IsMatch(relative) is true);
    }
}
