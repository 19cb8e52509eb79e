using System.ComponentModel;
using Bridle.Events;
using Bridle.Memory;

namespace Bridle.Tools.Memory;

/// <summary>Keeps a note for later sessions.</summary>
[Tool("Remember", ToolKind.Write, Effect = ToolEffect.Once)]
public sealed class RememberTool(NoteBook book)
{
    /// <summary>Keeps it.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope call,
        [Description("a-z, 0-9, -; the same name replaces.")] string name,
        [Description("One line.")] string description,
        [Description("The note, in Markdown.")] string text,
        [Description("What it is about.")] NoteType type = NoteType.Project,
        [Description("user: for all projects.")] AgentScope scope = AgentScope.Project,
        [Description("Search words.")] IReadOnlyList<string>? tags = null,
        [Description("Days it holds; 0: for ever.")] int? expiresDays = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        var draft = new NoteDraft(name, description, text) { Type = type, Tags = tags ?? [], ExpiresDays = expiresDays };
        return ValueTask.FromResult(MemoryTools.Contained(() => MemoryTools.Result(book.Remember(draft, (MemoryScope)scope))));
    }
}

/// <summary>The scopes in which an agent may write; the same numbers as <see cref="MemoryScope"/>.</summary>
public enum AgentScope
{
    /// <summary>Every agent in the project.</summary>
    Project = MemoryScope.Project,

    /// <summary>This agent in the project.</summary>
    Agent = MemoryScope.Agent,

    /// <summary>Every project of the person.</summary>
    User = MemoryScope.User,
}
