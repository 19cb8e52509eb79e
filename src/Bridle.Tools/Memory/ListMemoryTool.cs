using System.ComponentModel;
using System.Text;
using Bridle.Events;
using Bridle.Memory;

namespace Bridle.Tools.Memory;

/// <summary>Lists notes.</summary>
[Tool("ListMemory", ToolKind.Read, Effect = ToolEffect.Repeatable, ParallelSafe = true)]
public sealed class ListMemoryTool(NoteBook book)
{
    private const int Most = 100;

    /// <summary>Lists them.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope call,
        [Description("Only notes with these words, best first.")] string? query = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult(MemoryTools.Contained(() => ToolResult.Completed(Text(query))));
    }

    private string Text(string? query)
    {
        var asked = !string.IsNullOrWhiteSpace(query);
        var notes = asked ? book.Search(query!, Most) : book.Read().Notes;
        if (notes.Count == 0)
        {
            return asked ? "No note has any of these words." : "There are no notes yet.";
        }

        var text = new StringBuilder();
        foreach (var (scope, note) in notes.Take(Most))
        {
            text.Append($"{note.Name} ({NoteBook.Word(scope)}, {note.Type.ToString().ToLowerInvariant()}, {MemoryIndex.Age(note.Updated, book.Now)}): {note.Description}\n");
        }

        return text.Append(notes.Count > Most ? $"[{notes.Count - Most} more; ask with a query.]" : "").ToString().TrimEnd('\n');
    }
}
