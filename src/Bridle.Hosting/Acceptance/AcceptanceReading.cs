using System.Text.Json;
using Bridle.Loop.Accepting;

namespace Bridle.Hosting.Acceptance;

/// <summary>Reads the setting <c>acceptance</c>: a list of checks, each an object with <c>file</c>, <c>command</c> or <c>judge</c>.</summary>
internal static class AcceptanceReading
{
    private const int MostSeconds = 600;

    private static readonly Dictionary<string, string[]> s_fields = new()
    {
        ["file"] = ["file", "contains"],
        ["command"] = ["command", "exitCode", "timeout"],
        ["judge"] = ["judge"],
    };

    /// <summary>The checks, and what is wrong with the others. <paramref name="vouchedBy"/> says, each time, who stands for their commands.</summary>
    public static (IReadOnlyList<IAcceptanceCheck> Checks, IReadOnlyList<string> Problems) Read(JsonElement? setting, Func<string?>? vouchedBy = null)
    {
        if (setting is not { } list)
        {
            return ([], []);
        }

        if (list.ValueKind is not JsonValueKind.Array)
        {
            return ([], ["'acceptance' must be a list of checks: [ { \"file\": … }, { \"command\": … }, { \"judge\": … } ]."]);
        }

        var (checks, problems) = (new List<IAcceptanceCheck>(), new List<string>());
        foreach (var (item, i) in list.EnumerateArray().Select((item, i) => (item, i)))
        {
            if (ProblemOf(item) is { } problem)
            {
                problems.Add($"'acceptance[{i}]' {problem}");
            }
            else
            {
                checks.Add(CheckOf(item, vouchedBy ?? (() => null)));
            }
        }

        return (checks, problems);
    }

    private static string? ProblemOf(JsonElement item)
    {
        if (item.ValueKind is not JsonValueKind.Object || s_fields.Keys.Where(kind => item.TryGetProperty(kind, out _)).ToList() is not [var kind])
        {
            return "must be an object with exactly one of 'file', 'command' and 'judge'.";
        }

        var names = item.EnumerateObject().Select(field => field.Name).ToList();
        var empty = names.Find(name => name is "file" or "contains" or "command" or "judge" && (item.GetProperty(name).ValueKind is not JsonValueKind.String || string.IsNullOrWhiteSpace(item.GetProperty(name).GetString())));
        return empty is not null ? $"has no text in '{empty}'."
            : names.Find(name => !s_fields[kind].Contains(name)) is { } strange ? $"has '{strange}', which means nothing beside '{kind}'."
            : WholeNumber(item, "exitCode", 0, 255) ?? WholeNumber(item, "timeout", 1, MostSeconds);
    }

    private static string? WholeNumber(JsonElement item, string name, int least, int most) =>
        !item.TryGetProperty(name, out var value) || (value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most)
            ? null : $"must have a whole number from {least} to {most} in '{name}'.";

    private static IAcceptanceCheck CheckOf(JsonElement item, Func<string?> vouchedBy)
    {
        string? Text(string name) => item.TryGetProperty(name, out var value) ? value.GetString() : null;
        int Number(string name, int usual) => item.TryGetProperty(name, out var value) ? value.GetInt32() : usual;
        return Text("file") is { } file ? new FileCheck(file, Text("contains"))
            : Text("command") is { } command ? new CommandCheck(command, Number("exitCode", 0), Number("timeout", CommandCheck.UsualSeconds)) { VouchedBy = vouchedBy }
            : new JudgeCheck(Text("judge")!);
    }
}
