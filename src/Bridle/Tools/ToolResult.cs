using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools;

/// <summary>What came of a call.</summary>
public sealed record ToolResult(CallOutcome Outcome, IReadOnlyList<MessagePart> Content)
{
    /// <summary>The files it read or wrote.</summary>
    public IReadOnlyList<FileTouch> Files { get; init; } = [];

    /// <summary>Files of which the model was shown something without having read them, by real path: what is told about such files is told then. No edit may rely on it.</summary>
    public IReadOnlyList<string> Looked { get; init; } = [];

    /// <summary>The shell's working directory after the call, when it changed.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The blob with the whole output.</summary>
    public string? Spill { get; init; }

    /// <summary>A unified diff for people.</summary>
    public string? Diff { get; init; }

    /// <summary>The exit code of a process.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The program printed nothing. What the content says in that place is a word for the model and no output.</summary>
    public bool IsSilent { get; init; }

    /// <summary>The skill that the call takes into use.</summary>
    public SkillUsed? Skill { get; init; }

    /// <summary>The tools whose definitions the model is to be told from here on.</summary>
    public IReadOnlyList<string>? Loaded { get; init; }

    /// <summary>All text of the content.</summary>
    public string Text => string.Join('\n', Content.OfType<TextPart>().Select(part => part.Text));

    /// <summary>It worked.</summary>
    public static ToolResult Completed(string text) => new(CallOutcome.Completed, [new TextPart(text)]);

    /// <summary>It failed, in words for the model.</summary>
    public static ToolResult Failed(string text) => new(CallOutcome.Failed, [new TextPart(text)]);

    /// <summary>It did not run.</summary>
    public static ToolResult Denied(string text) => new(CallOutcome.Denied, [new TextPart(text)]);
}
