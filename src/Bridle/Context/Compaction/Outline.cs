using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Context.Compaction;

/// <summary>
/// What must not be lost of messages that go: the task in the person's words, the plan, decisions, the files, what failed and was not mended, and the model's last
/// conclusions. Made by code from what was said and done; a summary that stood before it is taken over.
/// </summary>
internal static class Outline
{
    public const string Task = "Task";
    private const string SaidLater = "Said later by the person";
    private const string Asked = "Asked to keep in mind";

    /// <summary>What stands under these headings is in the person's own words, and so never written by a model, which may have believed a result of a tool.</summary>
    public static readonly IReadOnlyList<string> PersonsWords = [Task, SaidLater, Asked];

    private const string Plan = "Plan";
    private const string Errors = "Unresolved errors";

    /// <summary>What people decided, and what the model did in its own words: kept where a model that writes the summary names nothing of the kind.</summary>
    public static readonly IReadOnlyList<string> Decided = ["Decisions", "Decided by you"];

    private const int LineLength = 80;

    private static readonly string[] s_writing = ["Edit", "Write", "MultiEdit", "NotebookEdit"];

    /// <summary>The summary of messages that are dropped.</summary>
    /// <param name="messages">Them, from the beginning of the history; the first may be the summary before.</param>
    /// <param name="before">The summary that stood before them, or null.</param>
    /// <param name="focus">What a person asked to keep in mind, or null.</param>
    /// <param name="withSteps">Whether each step gets a line.</param>
    /// <param name="room">How long its parts may be.</param>
    public static string Of(IReadOnlyList<Message> messages, string? before, string? focus, bool withSteps, OutlineRoom room)
    {
        var sections = SummarySections.Parse(before);
        var dropped = before is null ? messages : [.. messages.Skip(1)];
        var said = dropped.Where(message => message.Role is Role.User).SelectMany(message => message.Parts).OfType<TextPart>().Where(part => !Reminders.IsNote(part.Text)).Select(part => part.Text).ToList();
        if (sections.Items(Task).Count is 0 && said is [var first, ..])
        {
            sections.Items(Task).Add(first);
            said.RemoveAt(0);
        }

        sections.Add(SaidLater, said, 12);

        // Also what an earlier summary holds: a model with a smaller window may have taken over.
        sections.Replace(Task, [.. sections.Items(Task).Select(text => CompactedHistory.WithoutMiddle(text, room.Task))]);
        sections.Replace(SaidLater, [.. sections.Items(SaidLater).Select(text => CompactedHistory.WithoutMiddle(text, room.Said))]);
        sections.Add(Asked, focus is null ? [] : [focus], 5);
        var calls = Calls(dropped);
        if (calls.FindLast(call => call is { Name: "TodoWrite", IsError: false }) is { } todo)
        {
            sections.Replace(Plan, [todo.Result]);
        }

        var texts = dropped.Where(message => message.Role is Role.Assistant).Select(message => message.Text).Where(text => text.Length > 0).ToList();
        sections.AddToBothEnds(Decided[1], texts.SelectMany(DecidingSentences.In), room.Decisions);
        sections.Add(Decided[0], calls.Where(call => call is { Name: "AskUser" or "ExitPlanMode" }).Select(call => Short($"{Short(call.Target, 200)}: {call.Result}", 600)), 12);
        sections.Add("Files changed", calls.Where(call => !call.IsError && s_writing.Contains(call.Name)).Select(call => call.Target), 60);
        sections.Add("Files read", calls.Where(call => call is { IsError: false, Name: "Read" }).Select(call => call.Target), 30);
        Unresolved(sections, calls);
        sections.Add("Concluded by you", texts.TakeLast(4).Select(text => CompactedHistory.WithoutMiddle(text, 800)), 6);
        sections.Add("Steps", withSteps ? dropped.Where(message => message.Role is Role.Assistant).Select(message => Step(message, calls)) : [], 200);
        return sections.ToString();
    }

    // An error is over when the same tool later succeeded on the same thing.
    private static void Unresolved(SummarySections sections, List<Done> calls)
    {
        var done = calls.Where(call => !call.IsError).Select(Name).ToHashSet(StringComparer.Ordinal);
        var open = calls.Index().Where(one => one.Item.IsError && !calls.Skip(one.Index).Any(later => !later.IsError && Name(later) == Name(one.Item)))
            .Select(one => $"{Name(one.Item)}: {Short(one.Item.Result, 400)}");
        sections.Replace(Errors, [.. sections.Items(Errors).Where(item => !done.Any(name => item.StartsWith($"{name}: ", StringComparison.Ordinal)))]);
        sections.Add(Errors, open, 8);
    }

    private static string Name(Done call) => $"{call.Name} {Short(call.Target, 200)}";

    private static string Step(Message message, List<Done> calls)
    {
        var made = message.Parts.OfType<ToolCallPart>().Select(part => calls.Find(call => call.Id == part.Id)).OfType<Done>().ToList();
        return made.Count is 0 ? Short(message.Text, LineLength) : Short(string.Join("; ", made.Select(call => $"{call.Name}({call.Target}){(call.IsError ? " failed" : "")}")), LineLength);
    }

    private static List<Done> Calls(IReadOnlyList<Message> messages)
    {
        var results = messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().DistinctBy(result => result.Call).ToDictionary(result => result.Call);
        return
        [
            .. messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().Where(call => results.ContainsKey(call.Id)).Select(call => new Done(
                call.Id, call.Name, Target(call.Arguments), string.Concat(results[call.Id].Content.OfType<TextPart>().Select(part => part.Text)), results[call.Id].IsError)),
        ];
    }

    // The first text among the arguments says what a call was about: a path, a command, a pattern, a question.
    private static string Target(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.EnumerateObject().Where(one => one.Value.ValueKind is JsonValueKind.String).Select(one => one.Value.GetString()!).FirstOrDefault() ?? ""
                : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string Short(string text, int most)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= most ? line : $"{line[..(char.IsHighSurrogate(line[most - 2]) ? most - 2 : most - 1)]}…";
    }

    private sealed record Done(CallId Id, string Name, string Target, string Result, bool IsError);
}
