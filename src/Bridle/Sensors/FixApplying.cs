using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sensors;

/// <summary>A fix that was tried, in words for the model.</summary>
/// <param name="Applied">Whether it was applied.</param>
/// <param name="Words">What was done, or why not.</param>
internal sealed record TriedFix(bool Applied, string Words);

/// <summary>
/// Applies fixes as calls through the gate: the same rules, questions and snapshots as for an edit or a command of the model. One that is refused or fails is said and
/// fails nothing else.
/// </summary>
internal sealed class FixApplying(string sensor, AutoFix mode, SensorCalls calls)
{
    private const string Write = "Write";
    private const string Bash = "Bash";
    private const int MostReason = 300;
    private const long MostBytes = 4 * 1024 * 1024;

    public async ValueTask<TriedFix> ApplyAsync(Fix fix, CancellationToken cancellationToken) => fix switch
    {
        ReplaceFileFix replace => await WriteAsync("replace", [(replace.File, replace.Content)], cancellationToken),
        PatchFix patch => await PatchAsync(patch, cancellationToken),
        CommandFix command => await RunAsync(command, cancellationToken),
        _ => throw new InvalidOperationException("The fix is not one of the known ones."),
    };

    /// <summary>What a fix would do, in words for who may do it by hand.</summary>
    public static string Describe(Fix fix) => fix switch
    {
        ReplaceFileFix replace => $"write {replace.File} anew",
        PatchFix patch => $"apply this patch:\n{patch.Diff.TrimEnd()}",
        CommandFix command => $"run `{command.Command}`",
        _ => "",
    };

    private async ValueTask<TriedFix> PatchAsync(PatchFix patch, CancellationToken cancellationToken)
    {
        var (files, problem) = Patched(patch);
        return problem is null ? await WriteAsync("patch", files, cancellationToken) : await EndAsync("patch", "a patch", "failed", problem, cancellationToken);
    }

    private async ValueTask<TriedFix> WriteAsync(string kind, IReadOnlyList<(string File, string Content)> files, CancellationToken cancellationToken)
    {
        TriedFix? last = null;
        foreach (var (file, content) in files)
        {
            var path = calls.Files.Resolve(file, calls.Root);
            if (!path.InsideRoot)
            {
                return await EndAsync(kind, file, "denied", "the file lies outside the workspace", cancellationToken);
            }

            var result = await calls.CallAsync(Write, Arguments(("file_path", path.Real), ("content", content)), mode is AutoFix.Auto ? "the setting sensors.autoFix" : null, SeenAs(path), cancellationToken);
            last = await EndAsync(kind, file, OutcomeOf(result), result.Outcome is CallOutcome.Completed ? null : result.Text, cancellationToken);
            if (!last.Applied)
            {
                return last;
            }
        }

        return last ?? new(false, "There was nothing to apply.");
    }

    private async ValueTask<TriedFix> RunAsync(CommandFix fix, CancellationToken cancellationToken)
    {
        // A program's output, and so whoever wrote the files that it speaks of, may name a formatter and nothing else: not even where the sandbox would let it run unasked.
        if (!fix.Trusted && !SafeFixCommands.Has(fix.Command))
        {
            return await EndAsync("command", fix.Command, "denied", "it was named by a program's output and is none of the formatters that may be; run it yourself if it is right", cancellationToken);
        }

        var vouched = mode is AutoFix.Auto ? "the setting sensors.autoFix" : null;
        var result = await calls.CallAsync(Bash, Arguments(("command", fix.Command)), vouched, null, cancellationToken);

        // A fixing linter ends with an error when something is left to fix.
        var outcome = result is { Outcome: CallOutcome.Failed, ExitCode: 1 } ? "applied" : OutcomeOf(result);
        return await EndAsync("command", fix.Command, outcome, outcome is "applied" ? null : result.Text, cancellationToken);
    }

    private async ValueTask<TriedFix> EndAsync(string kind, string target, string outcome, string? reason, CancellationToken cancellationToken)
    {
        var why = reason is null ? null : SignalText.Line(reason, MostReason);
        await calls.Log.RecordAsync(new SensorFixed(sensor, kind, target, outcome, why), Durability.Written, cancellationToken);
        var what = kind is "command" ? $"ran `{SignalText.Line(target, 200)}`" : $"changed {SignalText.Line(target, 200)}";
        return outcome is "applied" ? new(true, $"Fixed by the harness: {what}. Read a file again before you edit it.")
            : new(false, $"A fix was not applied ({(kind is "command" ? $"`{SignalText.Line(target, 200)}`" : SignalText.Line(target, 200))}): {why}");
    }

    private (IReadOnlyList<(string File, string Content)> Files, string? Problem) Patched(PatchFix patch)
    {
        bool Exists(string name) => calls.Files.Resolve(name, calls.Root).Kind is FileKind.File;
        var (files, problem) = PatchText.Parse(patch.Diff, Exists);
        var made = new List<(string, string)>();
        foreach (var file in files)
        {
            if (!calls.Files.Resolve(file.File, calls.Root).InsideRoot)
            {
                return ([], $"{file.File} lies outside the workspace");
            }

            if (PatchText.Apply(Exists(file.File) ? Encoding.UTF8.GetString(Read(calls.Files.Resolve(file.File, calls.Root))) : "", file.Hunks) is not { } text)
            {
                return ([], $"it does not fit {file.File} as it stands");
            }

            made.Add((file.File, text));
        }

        return (made, problem);
    }

    // The fix was made from the file as it stands; the tool's check that nobody changed it meanwhile holds from here on.
    private Dictionary<string, string>? SeenAs(ResolvedPath path) =>
        path.Kind is FileKind.File ? new(StringComparer.Ordinal) { [path.Real] = Convert.ToHexStringLower(SHA256.HashData(Read(path))) } : null;

    private byte[] Read(ResolvedPath path)
    {
        using var stream = calls.Files.OpenRead(path);
        using var buffer = new MemoryStream();
        var chunk = new byte[81_920];
        for (int count; (count = stream.Read(chunk)) > 0 && buffer.Length <= MostBytes;)
        {
            buffer.Write(chunk, 0, count);
        }

        return buffer.ToArray();
    }

    private static string OutcomeOf(ToolResult result) => result.Outcome switch { CallOutcome.Completed => "applied", CallOutcome.Denied => "denied", _ => "failed" };

    internal static string Arguments(params (string Name, string Value)[] values)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in values)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
