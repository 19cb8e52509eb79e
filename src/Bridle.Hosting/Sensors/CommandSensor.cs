using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Sensors;
using Bridle.Tools;

namespace Bridle.Hosting.Sensors;

/// <summary>A sensor that runs a command through the gate and reads what it prints.</summary>
/// <param name="definition">What it is.</param>
/// <param name="vouchedBy">Who stands for the command, in words; null leaves it to the gate.</param>
internal sealed class CommandSensor(DeclaredSensor definition, Func<string?> vouchedBy)
{
    private const string Files = "{files}";
    private const int NotFound = 127;
    private const int MostFiles = 100;
    private const int TailLines = 12;
    private const int MostOutput = 8 * 1024 * 1024;

    public async ValueTask<SensorReading> ReadAsync(SensorMoment moment, CancellationToken cancellationToken)
    {
        var command = definition.Command!;
        if (Filled(command, moment) is not { } line)
        {
            return moment.WhyNoFiles is { } why ? SensorReading.Failed($"{why}, and its command asks for {Files}. Name the files in the command, or let it look at the end of a turn.") : SensorReading.Clean;
        }

        var result = await moment.Calls.CallAsync("Bash", Arguments(InFolder(line), definition.Seconds), vouchedBy(), null, cancellationToken);
        var reading = result switch
        {
            { Outcome: CallOutcome.Denied } => SensorReading.Failed($"`{command}` may not run: {result.Text}"),
            { Outcome: CallOutcome.TimedOut } => Found(new SensorSignal(SignalSeverity.Block, $"`{command}` did not end within {definition.Seconds} s and was ended.") { Detail = Tail(result.Text) }),
            { ExitCode: NotFound } => SensorReading.Failed($"`{command}` found no such program: {LastLine(result.Text)}"),
            { ExitCode: null } => SensorReading.Failed($"`{command}` did not run: {result.Text}"),
            _ => Understood(result, moment),
        };
        var fixes = reading.Findings.Count > 0 && definition.Fix is not null && Filled(definition.Fix, moment) is { } fix ? new CommandFix(InFolder(fix), Trusted: true) : null;
        return reading with { Fix = fixes, FilesLeftOut = command.Contains(Files, StringComparison.Ordinal) ? Math.Max(0, moment.Files.Count(moment.Calls.IsFile) - MostFiles) : 0 };
    }

    private SensorReading Understood(ToolResult result, SensorMoment moment)
    {
        var (output, isCut) = WholeOf(result, moment.Calls);
        var unsaid = result.ExitCode is 0 ? SignalSeverity.Warn : SignalSeverity.Block;
        var root = Path.Combine(moment.Calls.Root, definition.Folder);
        var findings = definition.Matcher is JsonSignals.Name ? JsonSignals.Read(output, root, unsaid)
            : [.. Matchers.Find(definition.Matcher)!.Read(output, root, unsaid).Select(signal => new Finding(FromRoot(signal)))];
        var isExplained = result.ExitCode is 0 || findings.Any(finding => finding.Signal.Severity is SignalSeverity.Block);
        var reading = new SensorReading(isExplained ? findings : [.. findings, new Finding(new SensorSignal(SignalSeverity.Block, string.Create(CultureInfo.InvariantCulture, $"`{definition.Command}` ended with exit code {result.ExitCode}.")) { Detail = Tail(output) })]);
        return reading with { IsAtLeast = isCut || findings.Count >= ProblemMatcher.MostSignals };
    }

    private static SensorReading Found(SensorSignal signal) => new([new Finding(signal)]);

    // Null: there is no file left to look at.
    private string? Filled(string command, SensorMoment moment)
    {
        if (!command.Contains(Files, StringComparison.Ordinal))
        {
            return command;
        }

        var there = moment.Files.Where(file => moment.Calls.IsFile(file)).Take(MostFiles).Select(file => Quoted(FromFolder(file))).ToList();
        return there.Count == 0 ? null : command.Replace(Files, string.Join(' ', there), StringComparison.Ordinal);
    }

    // A project in a folder is looked at from there, and what is said of its files is said from the root.
    private string InFolder(string command) => definition.Folder.Length == 0 ? command : $"cd {Quoted(definition.Folder)} && {{ {command}; }}";

    private string FromFolder(string file) => definition.Folder.Length > 0 && file.StartsWith(definition.Folder + "/", StringComparison.Ordinal) ? file[(definition.Folder.Length + 1)..] : file;

    private SensorSignal FromRoot(SensorSignal signal) =>
        definition.Folder.Length == 0 || signal.File is not { } file || Path.IsPathFullyQualified(file) ? signal : signal with { File = $"{definition.Folder}/{file}" };

    // A name that begins with a dash must not become an option.
    private static string Quoted(string file)
    {
        var name = file.StartsWith('-') ? "./" + file : file;
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '_' or '-') ? name : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }

    // The whole of what was printed, or its beginning where there is more than is read.
    private static (string Output, bool IsCut) WholeOf(ToolResult result, SensorCalls calls)
    {
        if (result.Spill is { } spill && calls.Blobs.Get(spill) is { } bytes)
        {
            return (Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, MostOutput)), bytes.Length > MostOutput);
        }

        var text = result.Text;
        return (text.StartsWith("Exit code: ", StringComparison.Ordinal) && text.IndexOf('\n') is > 0 and var end ? text[(end + 1)..] : text, false);
    }

    private static string Tail(string output) => string.Join('\n', output.TrimEnd().Split('\n').TakeLast(TailLines));

    private static string LastLine(string output) => output.TrimEnd().Split('\n')[^1];

    private static string Arguments(string command, int seconds)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("command", command);
            writer.WriteNumber("timeout", seconds);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
