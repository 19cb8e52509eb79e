using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Hooks;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle hooks</c>: which hooks there are, which of them run, and what they say to a sample.</summary>
internal static class HooksCommand
{
    private const string Unconfined = "Hooks run as you, outside any confinement, but for those that say otherwise.";
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static Command Build(CommandContext context) => new("hooks", "List the hooks of all settings files, and try them") { BuildList(context), BuildTest(context) };

    private static Command BuildList(CommandContext context)
    {
        var json = JsonOption();
        var settings = new SettingsToRead();
        var command = new Command("list", "List every hook of every file: active, or not and why") { json };
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var files = HostFiles.Read(settings.Read(parsed, context));
            var (book, _) = HookFiles.Read(files);
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(new JsonArray([.. book.Hooks.Select(JsonNode (one) => Fields(one))]).ToJsonString(s_plain));
            }
            else
            {
                Show(context.Io, book, files.Trust.Folder);
            }

            return Ended(context, files);
        });
        return command;
    }

    // What was shown is not what a session would have: it would not start.
    private static int Ended(CommandContext context, HostFiles files) =>
        files.Problem is { } problem ? RunCommand.Refuse(context, "text", new(problem.Kind, problem.Message, problem.Advice), ExitCode.Usage) : ExitCode.Done;

    private static void Show(CommandIo io, HookBook book, string folder)
    {
        if (book.Hooks.Count == 0)
        {
            io.Tell("There are no hooks. docs/hooks.md shows how to write one.");
            return;
        }

        var style = new Styling(io.Color && io.OutIsTerminal);
        foreach (var one in book.Hooks)
        {
            var mark = one.Standing switch { HookStanding.Active => style.Green("active  "), HookStanding.Waiting => style.Dim("waiting "), _ => style.Red("rejected") };
            var matcher = one.Hook is { Matcher.Text.Length: > 0 } hook ? $" [{hook.Matcher.Text}]" : "";
            io.Tell($"{mark} {VisibleText.Of(one.Event)}{VisibleText.Of(matcher)}  {VisibleText.Line(one.Summary, 200)}", hang: 9);
            io.Tell(style.Dim($"         {VisibleText.Of(one.File.Path)}{(one.Place.Length > 0 ? $", {VisibleText.Of(one.Place)}" : "")}"), hang: 9);
            if (one.Reason is { } reason)
            {
                io.Tell($"         {VisibleText.Of(reason)}", hang: 9);
            }

            if (one.Where(folder) is { Length: > 0 } where)
            {
                io.Tell($"         {VisibleText.Of(where)}", hang: 9);
            }
        }

        io.Tell(Unconfined);
    }

    private static Command BuildTest(CommandContext context)
    {
        var name = new Argument<string>("event") { Description = "Which event, such as PreToolUse", HelpName = "EVENT" };
        name.CompletionSources.Add([.. HookEvent.All.Select(one => one.Name)]);
        var tool = new Option<string?>("--tool") { Description = "The tool of the sample call, for events about calls; Bash otherwise", HelpName = "NAME" };
        var input = new Option<string?>("--input") { Description = "The tool's input, or the event's fields, as a JSON object", HelpName = "JSON" };
        var json = JsonOption();
        var settings = new SettingsToRead();
        var command = new Command("test", "Run the hooks of an event on a sample and show what they say; nothing else is run") { name, tool, input, json };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var wanted = parsed.GetValue(name)!;
            if (HookEvent.Find(wanted) is not { } known)
            {
                var near = NearestName.Of(wanted, HookEvent.All.Select(one => one.Name));
                return RunCommand.Refuse(context, "text", new("usage", $"There is no event '{wanted}'.", near is null ? "docs/reference/hooks.md lists them." : $"Did you mean {near}?"), ExitCode.Usage);
            }

            using var scope = context.Interrupts.Begin(cancellationToken);
            var request = settings.Read(parsed, context);
            var files = HostFiles.Read(request);
            var (result, problem) = await HookTrial.RunAsync(files, known, parsed.GetValue(tool), parsed.GetValue(input), ModelOf(request), scope.Token);
            if (result is null)
            {
                return RunCommand.Refuse(context, "text", new("usage", problem!, ""), ExitCode.Usage);
            }

            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(Fields(known, result).ToJsonString(s_plain));
            }
            else
            {
                Show(context.Io, known, result);
            }

            return Ended(context, files);
        });
        return command;
    }

    private static void Show(CommandIo io, HookEvent known, HookTrialResult result)
    {
        foreach (var one in result.Hooks)
        {
            io.Tell($"{VisibleText.Line(one.Hook.Summary.Length > 0 ? one.Hook.Summary : one.Hook.Place, 200)}  ({VisibleText.Of(one.Hook.File.Path)})");
            if (one.Run is not { } run)
            {
                io.Tell($"  not run: {VisibleText.Of(one.Hook.Reason ?? "")}", hang: 2);
                continue;
            }

            Tell(io, "stdin", run.Input);
            Tell(io, "exit", run.Failure is { } failure ? $"{run.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}: {failure}" : $"{run.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}");
            Tell(io, "stdout", run.Output);
            Tell(io, "stderr", run.Error);
            Tell(io, "time", $"{run.Took.TotalMilliseconds:0} ms");
            Tell(io, "says", Words(one.Answer!));
            foreach (var notice in one.Notices)
            {
                Tell(io, "told", notice);
            }
        }

        io.Tell(result.Hooks.Any(one => one.Run is not null) ? $"Together: {Verdict(result)}" : $"No hook hears of this {known.Name}.");
    }

    private static void Tell(CommandIo io, string what, string text)
    {
        if (text.Trim().Length > 0)
        {
            io.Tell($"  {what,-7}{VisibleText.Of(text.TrimEnd())}", hang: 9);
        }
    }

    private static string Verdict(HookTrialResult result)
    {
        var together = result.Together;
        var parts = new[]
        {
            together.Verdict?.ToString().ToLowerInvariant() ?? "no opinion",
            together.Decider?.Answer.Reason is { Length: > 0 } reason ? $"because: {VisibleText.Of(reason)}" : null,
            together.Rewriter is { } rewriter ? $"with the input {VisibleText.Of(rewriter.Answer.UpdatedInput!)}" : null,
            together.StopReason is { } stop ? $"and the turn ends: {VisibleText.Of(stop)}" : null,
        };
        return string.Join("; ", parts.OfType<string>().Concat(together.Contexts.Select(context => $"the model is told: {VisibleText.Of(context)}")));
    }

    private static string Words(Bridle.Hooks.HookAnswer answer) => string.Join("; ", new[]
    {
        answer.Verdict?.ToString().ToLowerInvariant() ?? "nothing about the verdict", answer.Reason, answer.UpdatedInput is { } updated ? $"input {updated}" : null,
        answer.Context is { } context ? $"context {context}" : null, answer.UpdatedOutput is { } output ? $"output {output}" : null, answer.StopReason is { } stop ? $"stop: {stop}" : null,
        answer.SessionTitle is { } title ? $"title {title}" : null, answer.FirstMessage is { } first ? $"first message {first}" : null, answer.ReloadsSkills ? "skills are looked for again" : null,
        answer.HidesMessage ? "the message is not repeated" : null,
    }.OfType<string>());

    private static JsonObject Fields(ListedHook one) => new()
    {
        ["event"] = one.Event,
        ["standing"] = one.Standing.ToString().ToLowerInvariant(),
        ["reason"] = one.Reason,
        ["type"] = one.Hook?.Type.ToString().ToLowerInvariant(),
        ["matcher"] = one.Hook?.Matcher.Text,
        ["if"] = one.Hook?.If,
        ["runs"] = one.Summary,
        ["timeout_seconds"] = one.Hook?.Timeout.TotalSeconds,
        ["layer"] = one.File.Origin.ToString().ToLowerInvariant(),
        ["file"] = one.File.Path,
        ["place"] = one.Place,
        ["confined"] = one.Inside is not null,
        ["covered_files"] = new JsonArray([.. one.Use.Files.Select(JsonNode (file) => JsonValue.Create(file))]),
        ["open"] = one.Use.Open,
    };

    private static JsonObject Fields(HookEvent known, HookTrialResult result) => new()
    {
        ["event"] = known.Name,
        ["hooks"] = new JsonArray([.. result.Hooks.Select(JsonNode (one) =>
        {
            var fields = Fields(one.Hook);
            fields["run"] = one.Run is not { } run ? null : new JsonObject
            {
                ["stdin"] = run.Input, ["exit_code"] = run.ExitCode, ["stdout"] = run.Output, ["stderr"] = run.Error, ["failure"] = run.Failure,
                ["milliseconds"] = (long)run.Took.TotalMilliseconds, ["verdict"] = one.Answer!.Verdict?.ToString().ToLowerInvariant(), ["reason"] = one.Answer.Reason,
                ["updated_input"] = one.Answer.UpdatedInput, ["context"] = one.Answer.Context, ["updated_output"] = one.Answer.UpdatedOutput, ["stop_reason"] = one.Answer.StopReason,
                ["session_title"] = one.Answer.SessionTitle, ["initial_user_message"] = one.Answer.FirstMessage, ["reload_skills"] = one.Answer.ReloadsSkills,
                ["suppress_original_prompt"] = one.Answer.HidesMessage,
                ["notices"] = new JsonArray([.. one.Notices.Select(JsonNode (notice) => JsonValue.Create(notice))]),
            };
            return fields;
        })]),
        ["verdict"] = result.Together.Verdict?.ToString().ToLowerInvariant(),
        ["reason"] = result.Together.Decider?.Answer.Reason,
        ["updated_input"] = result.Together.Rewriter?.Answer.UpdatedInput,
        ["context"] = new JsonArray([.. result.Together.Contexts.Select(JsonNode (context) => JsonValue.Create(context))]),
        ["stop_reason"] = result.Together.StopReason,
    };

    // Nothing is looked up before a prompt hook asks.
    private static Func<string, string?, CancellationToken, ValueTask<string>> ModelOf(HarnessRequest request) => async (question, wanted, cancellationToken) =>
        await HookTrial.AskAsync(request with { Wish = new() { Model = wanted } }, question, cancellationToken);

    private static Option<bool> JsonOption() => new("--json") { Description = "Print JSON" };
}
