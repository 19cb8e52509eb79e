using System.ComponentModel;
using Bridle.Events;
using Bridle.Memory;

namespace Bridle.Tools.Memory;

/// <summary>Removes a note.</summary>
[Tool("Forget", ToolKind.Write, Effect = ToolEffect.Once)]
public sealed class ForgetTool(NoteBook book)
{
    /// <summary>Removes it.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope call,
        [Description("Which note.")] string name,
        [Description("When two scopes have the name.")] MemoryScope? scope = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(MemoryTools.Contained(() => MemoryTools.Result(book.Forget(name, scope))));
    }
}
