namespace Bridle.Events;

/// <summary>A skill came into use: its text is told to the model, and what it narrows holds until the person's next message.</summary>
/// <param name="Name">The skill's name.</param>
/// <param name="File">Its <c>SKILL.md</c>.</param>
/// <param name="Text">The blob with the words that the model is told, arguments filled in.</param>
/// <param name="By"><c>person</c> or <c>model</c>.</param>
public sealed record SkillUsed(string Name, string File, string Text, string By) : DurableEvent
{
    /// <summary>What it was called with, or null.</summary>
    public string? Arguments { get; init; }

    /// <summary>The rules that say which calls may be made while it is in use, or null for every call.</summary>
    public IReadOnlyList<string>? Allowed { get; init; }

    /// <summary>The rules that say which calls may not be made while it is in use, or null for none.</summary>
    public IReadOnlyList<string>? Refused { get; init; }
}

/// <summary>The model asked for tools that requests do not show; their definitions are told from here on.</summary>
/// <param name="Names">Their names.</param>
public sealed record ToolsLoaded(IReadOnlyList<string> Names) : DurableEvent;
