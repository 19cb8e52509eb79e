using Bridle.Messages;
using Bridle.Memory;

namespace Bridle.Tools.Memory;

/// <summary>The tools for notes that outlive a session, over one book of them.</summary>
/// <param name="book">The notes.</param>
public sealed class MemoryTools(NoteBook book) : IToolSource
{
    /// <inheritdoc/>
    public IReadOnlyList<Tool> Tools { get; } =
    [
        new ForgetTool(book).AsTool(),
        new ListMemoryTool(book).AsTool(),
        new ReadMemoryTool(book).AsTool(),
        new RememberTool(book).AsTool(),
    ];

    /// <summary>Does something with the notes; a disk that does not work is told to the model in words.</summary>
    internal static ToolResult Contained(Func<ToolResult> act)
    {
        try
        {
            return act();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            throw new ToolException($"The notes could not be used: {broken.Message}");
        }
    }

    /// <summary>The outcome as a result; a refusal is a failure that the model reads.</summary>
    internal static ToolResult Result(NoteOutcome outcome) => outcome.End is NoteEnd.Refused ? throw new ToolException(outcome.Message) : ToolResult.Completed(outcome.Message);
}
