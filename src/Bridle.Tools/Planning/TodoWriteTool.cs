using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools.Planning;

/// <summary>Sets the list of things to do. The call itself is the record; nothing else is kept.</summary>
[Tool("TodoWrite", ToolKind.Meta, Effect = ToolEffect.Repeatable, Work = ToolWork.Session)]
public sealed class TodoWriteTool
{
    private const int Most = 100;
    private const string NoChange = "No change: the list was like this already.\n";

    /// <summary>Replaces the list.</summary>
    public ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("The whole list in order.")] IReadOnlyList<TodoItem> todos,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentNullException.ThrowIfNull(scope);
        var items = Todo.Merge(todos);
        if (items.Count > Most || items.Any(item => item.Content.Length == 0))
        {
            throw new ToolException($"Every item needs words in content, and a list holds at most {Most}.");
        }

        var shown = Show(items);
        var before = scope.LastResults.GetValueOrDefault("TodoWrite", Show([]));
        var same = shown == (before.StartsWith(NoChange, StringComparison.Ordinal) ? before[NoChange.Length..] : before);
        return ValueTask.FromResult(ToolResult.Completed(same ? NoChange + shown : shown));
    }

    private static string Show(IReadOnlyList<TodoItem> items)
    {
        if (items.Count == 0)
        {
            return "The list is empty now.";
        }

        var lines = items.Select(item => $"[{item.Status switch { TodoStatus.Completed => 'x', TodoStatus.InProgress => '>', _ => ' ' }}] {item.Content}");
        var done = items.Count(item => item.Status is TodoStatus.Completed);
        var note = items.Count(item => item.Status is TodoStatus.InProgress) > 1 ? "\nNote: more than one item is in progress; work on one at a time." : "";
        return $"{string.Join('\n', lines)}\n{done} of {items.Count} done.{note}";
    }
}
