using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Sensors;

namespace Bridle.Hosting.Sensors;

/// <summary>
/// Signals that a program prints as JSON, one object a line: <c>severity</c>, <c>message</c>, <c>file</c>, <c>line</c>, <c>column</c>, <c>code</c>, <c>advice</c>, and <c>fix</c> with
/// <c>replace</c> (the whole new content of the file), <c>patch</c> (a unified diff) or <c>command</c>. Other lines are passed over.
/// </summary>
internal static class JsonSignals
{
    /// <summary>Its name among the matchers.</summary>
    public const string Name = "$json";

    public static IReadOnlyList<Finding> Read(string output, string root, SignalSeverity unsaid) =>
        [.. output.Split('\n').Select(line => line.Trim()).Where(line => line.StartsWith('{')).Select(line => One(line, root, unsaid)).OfType<Finding>().Take(ProblemMatcher.MostSignals)];

    private static Finding? One(string line, string root, SignalSeverity unsaid)
    {
        try
        {
            using var document = SoundJson.Parse(line);
            var json = document.RootElement;
            if (Text(json, "message") is not { } message)
            {
                return null;
            }

            var file = Text(json, "file") is { } named ? ProblemMatcher.Relative(named, root) : null;
            var signal = new SensorSignal(ProblemMatcher.SeverityOf(Text(json, "severity")) ?? unsaid, message)
            {
                File = file, Line = Number(json, "line"), Column = Number(json, "column"), Code = Text(json, "code"), Advice = Text(json, "advice"),
            };
            return new(signal, json.TryGetProperty("fix", out var fix) && fix.ValueKind is JsonValueKind.Object ? FixOf(fix, file) : null);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Fix? FixOf(JsonElement fix, string? file) =>
        Text(fix, "replace") is { } content && (Text(fix, "file") ?? file) is { } target ? new ReplaceFileFix(target, content)
        : Text(fix, "patch") is { } patch ? new PatchFix(patch)
        : Text(fix, "command") is { } command ? new CommandFix(command, Trusted: false)
        : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number && value.TryGetInt32(out var number) && number > 0 ? number : null;
}
