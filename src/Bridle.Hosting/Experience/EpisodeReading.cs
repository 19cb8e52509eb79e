using System.Text.Json;
using Bridle.Events;
using Bridle.Memory;
using Bridle.Messages;

namespace Bridle.Hosting.Experience;

/// <summary>Reads the episodes of a log.</summary>
internal static class EpisodeReading
{
    private const int MostSituation = 500;
    private const int MostOutcome = 600;
    private const int MostSteps = 60;
    private const int MostStep = 160;

    // What a call is about, by the names that tools have for it.
    private static readonly string[] Subjects = ["command", "file_path", "path", "pattern", "url", "query", "verb", "skill", "name"];

    /// <summary>The runs that a person's words began, that ended, and that no rehearsal played; those up to record <paramref name="strange"/> are not this installation's own and do not count.</summary>
    public static IReadOnlyList<Episode> Of(IEnumerable<Recorded> records, string session, string folder, long strange) =>
    [
        .. records.Where(record => !record.Run.Value.Contains('.') && record.N > strange).GroupBy(record => record.Run.Value)
            .Select(run => Of([.. run], session, run.Key, folder)).OfType<Episode>(),
    ];

    private static Episode? Of(List<Recorded> run, string session, string name, string folder)
    {
        var spoken = run.Select(record => record.Event).OfType<UserSpoke>().FirstOrDefault();
        var situation = spoken is null ? "" : NoteText.OneLine(string.Join(' ', spoken.Parts.OfType<TextPart>().Select(part => part.Text)), MostSituation);
        if (situation.Length == 0 || run.Any(record => record.Event is RunStarted { Simulated: true }) || run.FindLast(record => record.Event is RunFinished) is not { Event: RunFinished finished } last)
        {
            return null;
        }

        var calls = run.Select(record => record.Event).OfType<ModelReplied>().SelectMany(replied => replied.Reply.Parts.OfType<ToolCallPart>()).ToList();
        var asked = calls.GroupBy(call => call.Id).ToDictionary(same => same.Key, same => same.Last());
        var order = calls.Select((call, i) => new { call.Id, Index = i }).GroupBy(one => one.Id).ToDictionary(same => same.Key, same => same.Last().Index);
        var effects = run.Select(record => record.Event).OfType<ToolStarted>().GroupBy(started => started.Call).ToDictionary(same => same.Key, same => same.Last().Effect);

        // Calls side by side come back in any order; they were asked for in one.
        var returned = run.Select(record => record.Event).OfType<ToolReturned>().OrderBy(one => order.GetValueOrDefault(one.Call, int.MaxValue)).ToList();
        var done = returned.Where(one => one is { Outcome: CallOutcome.Completed, Tool: not null }).ToList();
        var acted = returned.FindLast(one => effects.TryGetValue(one.Call, out var effect) && effect is ToolEffect.Once);
        return new(session, name, last.At, situation, NoteText.OneLine(LastWords(run), MostOutcome), finished.Outcome)
        {
            Tools = [.. done.Select(one => one.Tool!).Distinct()],
            Skills = [.. done.Where(one => one.Tool is "Skill").Select(one => Subject(asked.GetValueOrDefault(one.Call), folder)).OfType<string>().Distinct()],
            Steps = [.. done.Select(one => Step(one.Tool!, Subject(asked.GetValueOrDefault(one.Call), folder))).Take(MostSteps)],
            Calls = returned.Count,
            Failures = returned.Count(Failed),
            Success = finished is { Outcome: TurnOutcome.Completed, Denied.Count: 0 } && (acted is null || !Failed(acted)),
        };
    }

    private static bool Failed(ToolReturned one) => one.Outcome is not CallOutcome.Completed || one.ExitCode is not (null or 0);

    private static string LastWords(List<Recorded> run) =>
        run.Select(record => record.Event).OfType<ModelReplied>().Select(replied => string.Concat(replied.Reply.Parts.OfType<TextPart>().Select(part => part.Text))).LastOrDefault(text => text.Trim().Length > 0) ?? "";

    private static string Step(string tool, string? subject) => NoteText.OneLine(subject is null ? tool : $"{tool}: {subject}", MostStep);

    private static string? Subject(ToolCallPart? call, string folder)
    {
        if (call is null)
        {
            return null;
        }

        try
        {
            using var arguments = JsonDocument.Parse(call.Arguments);
            return arguments.RootElement.ValueKind is not JsonValueKind.Object ? null
                : Subjects.Select(name => arguments.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null)
                    .FirstOrDefault(text => text is { Length: > 0 })?.Replace(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
