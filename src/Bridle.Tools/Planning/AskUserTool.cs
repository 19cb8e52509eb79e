using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools.Planning;

/// <summary>Asks the person.</summary>
[Tool("AskUser", ToolKind.Meta, Effect = ToolEffect.Durable, Work = ToolWork.Session)]
public sealed class AskUserTool
{
    /// <summary>Asks and waits.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("One clear question.")] string question,
        [Description("Answers to choose from; others can be typed.")] IReadOnlyList<string>? options = null,
        CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(question))
        {
            throw new ToolException("The question is empty.");
        }

        return await scope.AskAsync(question, options ?? [], cancellationToken) is { } answer
            ? ToolResult.Completed(string.IsNullOrWhiteSpace(answer) ? "The person answered with nothing; take it as no preference." : $"The person answered: {answer}")
            : ToolResult.Completed("Nobody is there to answer. Decide yourself, take the choice that is easiest to undo, and say in your final answer what you assumed.");
    }
}
