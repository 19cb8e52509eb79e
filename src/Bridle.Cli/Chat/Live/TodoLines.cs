using Bridle.Cli.Terminals;
using Bridle.Tools.Planning;

namespace Bridle.Cli.Chat.Live;

/// <summary>The list of things to do as lines.</summary>
internal static class TodoLines
{
    /// <summary>At most so many lines: what is being done and what comes next first, what is done last.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<TodoItem> items, int most, int width, Styling style)
    {
        if (items.Count == 0)
        {
            return [];
        }

        var from = items.Count <= most ? 0 : Math.Clamp(FirstOpen(items) - 1, 0, items.Count - most);
        var lines = items.Skip(from).Take(most).Select(item => Line(item, width, style));
        var hidden = items.Count - most;
        return hidden <= 0 ? lines : lines.Append(style.Dim($"  (+{hidden} more, {items.Count(item => item.Status is TodoStatus.Completed)} of {items.Count} done)"));
    }

    private static int FirstOpen(IReadOnlyList<TodoItem> items)
    {
        var first = items.TakeWhile(item => item.Status is TodoStatus.Completed).Count();
        return first == items.Count ? 0 : first;
    }

    private static string Line(TodoItem item, int width, Styling style)
    {
        var text = VisibleText.Line(item.Content, Math.Max(10, width - 5));
        return item.Status switch
        {
            TodoStatus.Completed => style.Dim($"  ☑ {text}"),
            TodoStatus.InProgress => style.Bold($"  ▸ {text}"),
            _ => $"  ☐ {text}",
        };
    }
}
