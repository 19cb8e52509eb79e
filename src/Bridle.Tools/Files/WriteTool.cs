using System.ComponentModel;
using Bridle.Messages;
using Bridle.Events;

namespace Bridle.Tools.Files;

/// <summary>Writes a whole file.</summary>
[Tool("Write", ToolKind.Write, Effect = ToolEffect.Once, Work = ToolWork.Files)]
public sealed class WriteTool
{
    /// <summary>Replaces or creates the file.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("File to write.")] [Path(FileAccessKind.Write)] string filePath,
        [Description("The whole new content.")] string content,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var change = Plan(scope, filePath, content);
        return ValueTask.FromResult(change.Apply(scope.Files, (bytes, diff) => change.Before.Text is null
            ? $"Created {filePath}: {bytes} bytes, {diff.Added} lines."
            : $"Wrote {bytes} bytes to {filePath} (+{diff.Added} −{diff.Removed} lines)."));
    }

    /// <summary>What the call would change.</summary>
    public ValueTask<CallPreview?> PreviewAsync(CallScope scope, string filePath, string content, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<CallPreview?>(Plan(scope, filePath, content).Preview(scope.Files));
    }

    private static FileChange Plan(CallScope scope, string filePath, string content)
    {
        if (filePath.Length is 0 || filePath.EndsWith('/'))
        {
            throw new ToolException(filePath.Length is 0 ? "file_path is empty. Name the file to write." : $"{filePath} names a folder. Write makes folders by itself: name a file in it.");
        }

        var before = FileBefore.Load(scope, filePath);
        var form = before.Text?.Form is { } old and not TextForm.Bytes ? old : TextForm.Utf8;
        var after = new FileText(content, form);
        _ = after.Encode();
        return new FileChange(before, after);
    }
}
