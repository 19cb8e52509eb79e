using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Skills;

namespace Bridle.Tools.Skills;

/// <summary>Takes a skill into use. Its text is told in the conversation, where it outlives a compaction, and not in the result.</summary>
/// <param name="skills">The skills of the session.</param>
[Tool("Skill", ToolKind.Meta, Effect = ToolEffect.Repeatable, Work = ToolWork.Session)]
public sealed class SkillTool(SkillCalls skills)
{
    /// <summary>Takes it into use.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Its name, from the list.")] string skill,
        [Description("What it is to work on.")] string? args = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(scope);
        var (used, problem) = skills.ForModel(skill, string.IsNullOrWhiteSpace(args) ? null : args, scope.Blobs);
        return used is null
            ? throw new ToolException(problem!)
            : ValueTask.FromResult(ToolResult.Completed($"'{used.Name}' is in use: follow what <skill name=\"{used.Name}\"> says.") with { Skill = used });
    }
}
