using System.ComponentModel;
using System.Text.Json;

namespace Bridle.Tools.Planning;

/// <summary>One thing to do.</summary>
public sealed record TodoItem([Description("What.")] string Content, [Description("State.")] TodoStatus Status);

/// <summary>How far it is.</summary>
public enum TodoStatus
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Being worked on.</summary>
    InProgress,

    /// <summary>Done.</summary>
    Completed,
}

/// <summary>The list of things to do, read from what TodoWrite was called with. The last completed call holds the whole list.</summary>
public static class Todo
{
    /// <summary>The items of one call's bound input, each text once with its last state. Anything that is no such list gives no items.</summary>
    public static IReadOnlyList<TodoItem> From(JsonElement input)
    {
        if (input.ValueKind is not JsonValueKind.Object || !input.TryGetProperty("todos", out var todos) || todos.ValueKind is not JsonValueKind.Array)
        {
            return [];
        }

        return Merge(todos.EnumerateArray().Select(Item).OfType<TodoItem>());
    }

    /// <summary>The items with each text once, at its first place, in its last state.</summary>
    public static IReadOnlyList<TodoItem> Merge(IEnumerable<TodoItem> items) =>
        [.. items.Select(item => item with { Content = item.Content.Trim() }).GroupBy(item => item.Content, StringComparer.Ordinal).Select(same => same.Last())];

    private static TodoItem? Item(JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Object || !item.TryGetProperty("content", out var content) || content.ValueKind is not JsonValueKind.String
            || !item.TryGetProperty("status", out var status) || status.ValueKind is not JsonValueKind.String)
        {
            return null;
        }

        TodoStatus? known = status.GetString() switch { "pending" => TodoStatus.Pending, "in_progress" => TodoStatus.InProgress, "completed" => TodoStatus.Completed, _ => null };
        return known is { } state ? new TodoItem(content.GetString()!, state) : null;
    }
}
