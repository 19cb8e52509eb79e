using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools.Files;

/// <summary>Replaces text in a file.</summary>
[Tool("Edit", ToolKind.Write, Effect = ToolEffect.Once, Work = ToolWork.Files)]
public sealed class EditTool
{
    /// <summary>Replaces one occurrence, or all.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("File to change.")] [Path(FileAccessKind.Write)] string filePath,
        [Description("Text to replace.")] string oldString,
        [Description("Text to put there.")] string newString,
        [Description("Replace every occurrence.")] bool replaceAll = false,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var (change, count) = Plan(scope, filePath, oldString, newString, replaceAll);
        return ValueTask.FromResult(change.Apply(scope.Files, (bytes, diff) => change.Before.Text is null
            ? $"Created {filePath}: {bytes} bytes, {diff.Added} lines."
            : $"Replaced {count} {(count == 1 ? "occurrence" : "occurrences")} in {filePath} (+{diff.Added} −{diff.Removed} lines)."));
    }

    /// <summary>What the call would change.</summary>
    public ValueTask<CallPreview?> PreviewAsync(
        CallScope scope, string filePath, string oldString, string newString, bool replaceAll = false, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<CallPreview?>(Plan(scope, filePath, oldString, newString, replaceAll).Change.Preview(scope.Files));
    }

    private static (FileChange Change, int Count) Plan(CallScope scope, string filePath, string oldString, string newString, bool replaceAll)
    {
        if (oldString == newString)
        {
            throw new ToolException("old_string and new_string are the same; nothing would change.");
        }

        var before = FileBefore.Load(scope, filePath);
        if (before.Text is not { } text)
        {
            return oldString.Length == 0
                ? (new FileChange(before, new FileText(newString, TextForm.Utf8)), 0)
                : throw new ToolException(MissingFile.Message(scope, before.Path));
        }

        if (oldString.Length == 0)
        {
            throw new ToolException(text.Text.Length == 0
                ? $"{filePath} exists and is empty. Use Write to fill it."
                : $"{filePath} exists already. Give the text to replace as old_string, or use Write to replace the whole file.");
        }

        var edit = TextReplacement.Make(text, oldString, newString);
        return edit.Count switch
        {
            0 => throw new ToolException($"old_string was not found in {filePath}. {NotFoundHint.For(text.Readable(), oldString)}"),
            > 1 when !replaceAll => throw new ToolException(
                $"old_string matches {edit.Count} places in {filePath}. Add surrounding lines until it matches one, or set replace_all to change them all. Nothing was changed."),
            _ => (new FileChange(before, text with { Text = edit.Apply() }), edit.Count),
        };
    }
}
