using System.CommandLine;
using System.CommandLine.Parsing;
using Bridle.Cli.Headless;
using Bridle.Cli.Output;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Subagents;
using Bridle.Hosting.Worktrees;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle run</c>: one task, one answer, one exit code.</summary>
internal static class RunCommand
{
    private static readonly string[] Formats = ["text", "json", "events"];

    /// <summary>The command with its flags.</summary>
    public static Command Build(CommandContext context)
    {
        var prompt = new Argument<string[]>("prompt") { Description = "The task; '-' reads it from standard input", Arity = ArgumentArity.ZeroOrMore };
        var promptFile = new Option<string?>("--prompt-file") { Description = "A file that holds the task", HelpName = "FILE" };
        var (output, input) = (OutputOption(), InputOption());
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what the run would begin with, and whether it would: nobody is contacted, nothing is run or written" };
        var flags = new SessionFlags();
        var command = new Command("run", "Work on one task and print the answer") { prompt, promptFile, output, input, dryRun };
        flags.AddTo(command);
        command.Validators.Add(result => CheckFormats(result, input, output));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var format = parsed.GetValue(output)!;
            var request = flags.Read(parsed, context, context.Io.OutIsTerminal && format != "json") with { RehearseWhenUnconfigured = true, ConfinedUnasked = true };
            var asEvents = parsed.GetValue(input) == "events";
            var (text, problem) = await PromptText.ReadAsync(parsed.GetValue(prompt) ?? [], parsed.GetValue(promptFile), asEvents || request.Resume || request.Latest, context, cancellationToken);
            if (problem is null && parsed.GetValue(dryRun))
            {
                return await LookAsync(context, request, text, format, cancellationToken);
            }

            problem ??= text is not null && SlashWord.Refused(text, request) is { } slash ? new(slash.Kind, slash.Message, slash.Advice) : null;
            return problem is not null
                ? Refuse(context, format, problem, ExitCode.Usage)
                : await RunAsync(context, request, text, format, asEvents, cancellationToken, isTyped: true);
        });
        return command;
    }

    private static async Task<int> LookAsync(CommandContext context, HarnessRequest request, string? text, string format, CancellationToken cancellationToken)
    {
        using var scope = context.Interrupts.Begin(cancellationToken);
        var run = await context.LookAsync(request, text, scope.Token);
        var exitCode = run.Verdict is DryRunVerdict.Blocked ? ExitCode.Usage : ExitCode.Done;
        if (format == "text")
        {
            DryRunText.Write(context.Io, run);
        }
        else
        {
            context.Io.Out.WriteLine(DryRunJson.Of(run, exitCode));
        }

        return exitCode;
    }

    /// <summary>The format of the output.</summary>
    public static Option<string> OutputOption()
    {
        var output = new Option<string>("--output", "-o", "--output-format") { Description = "text, json (one object at the end) or events (a line for each event)", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong(Formats);
        return output;
    }

    /// <summary>The format of the input.</summary>
    public static Option<string> InputOption()
    {
        var input = new Option<string>("--input") { Description = "text, or events: messages and answers as a line of JSON each on standard input, as they come", HelpName = "FORMAT", DefaultValueFactory = _ => "text" };
        input.AcceptOnlyFromAmong("text", "events");
        return input;
    }

    /// <summary>Who writes events needs the answers as events.</summary>
    public static void CheckFormats(CommandResult result, Option<string> input, Option<string> output)
    {
        if (result.GetResult(input) is { Tokens: [{ Value: "events" }] } && result.GetResult(output) is not { Tokens: [{ Value: "events" }] })
        {
            result.AddError("--input events needs --output events: what is asked and answered comes in its lines.");
        }
    }

    /// <summary>Says why there is no turn, in the format that was asked for.</summary>
    public static int Refuse(CommandContext context, string format, Failure failure, int exitCode)
    {
        failure = failure with { Message = context.Io.Hint(failure.Message), Advice = context.Io.Hint(failure.Advice) };
        if (format != "text")
        {
            context.Io.Out.WriteLine(ResultObject.Of(failure, exitCode));
        }

        context.Io.TellError($"bridle: {Terminals.VisibleText.Of(failure.Message)} {Terminals.VisibleText.Of(failure.Advice)}".TrimEnd());
        return exitCode;
    }

    /// <summary>A turn on a text, or on the session as it stands (null); with <paramref name="asEvents"/> as many as the input asks for.</summary>
    public static Task<int> RunAsync(CommandContext context, HarnessRequest request, string? text, string format, bool asEvents, CancellationToken cancellationToken, bool isTyped = false) =>
        RunAsync(context, request, new RunTask(text) { IsTyped = isTyped }, format, asEvents, cancellationToken);

    /// <summary>The same for a task that somebody follows.</summary>
    public static async Task<int> RunAsync(CommandContext context, HarnessRequest request, RunTask task, string format, bool asEvents, CancellationToken cancellationToken)
    {
        Harness.GetReady();

        // Events go out while others come in.
        context = asEvents ? context with { Io = context.Io with { Out = TextWriter.Synchronized(context.Io.Out) } } : context;
        var shown = new TurnText(context.Io, live: format == "text" && request.Stream);
        var approver = asEvents ? new EventApprover(new EventLines(context.Io.Out)) : null;
        IEventSink sink = approver is not null ? approver : format == "events" ? new EventLines(context.Io.Out) : shown;
        request = request with { Approver = approver ?? request.Approver, Log = request.Log ?? FaultLog.Of(request) };
        using var scope = context.Interrupts.Begin(cancellationToken);
        Harness? kept = null;
        try
        {
            var placed = await WorktreeStart.OpenAsync(request, scope.Token);
            var start = placed.Refused is { } noWorktree ? noWorktree : await context.StartAsync(placed.Request with { Sinks = [sink], Hurry = scope.Token }, scope.Token);
            if (start is HarnessRefused refused)
            {
                request.Log.Note($"did not start: {refused.Message.ReplaceLineEndings(" ")}");
                return Refuse(context, format, new(refused.Kind, refused.Message, refused.Advice), ExitCode.Usage);
            }

            await using var harness = ((HarnessStarted)start).Harness;
            kept = harness.Path is null ? null : harness;
            if (WhyNot(task, harness) is var (why, code))
            {
                return Refuse(context, format, why, code);
            }

            foreach (var notice in harness.Notices)
            {
                shown.Say(Terminals.VisibleText.Of(context.Io.Hint(notice)));
            }

            shown.Expect(harness.Session.Transcript.UnansweredCalls.Select(call => call.Call));
            if (task.Text is null && harness.Session.Transcript is { OpenRun: null, UnansweredCalls.Count: 0, Messages: [.., { Role: Role.Assistant }] })
            {
                shown.Say("The model has answered already; it is asked to go on all the same.");
            }

            WorktreeLines.Begin(placed.Worktree, shown);
            var exitCode = approver is not null
                ? await new EventConversation(context, harness, approver, result => Finish(context, harness, result, task, shown, format), () => ReviewLines.TellAsync(context, harness, shown, cancellationToken)).RunAsync(task.Text, scope.Token)
                : await FinishAsync(context, harness, await AnswerAsync(harness, task, shown, scope.Token), task, shown, format, cancellationToken);
            await WorktreeLines.EndAsync(placed.Worktree, shown);
            return exitCode;
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
        {
            return Refuse(context, format, new("interrupted", "Interrupted before anything began.", ""), ExitCode.Interrupted);
        }
        catch (JournalException broken)
        {
            return Unwritten(context, format, task, kept, broken);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return Refuse(context, format, DiskTrouble.Of(unusable), ExitCode.Failed);
        }
    }

    private static int Unwritten(CommandContext context, string format, RunTask task, Harness? kept, JournalException broken)
    {
        var code = Refuse(context, format, new("journal", broken.Message, ""), broken is JournalLockedException ? ExitCode.Usage : ExitCode.Failed);
        if (kept is not null)
        {
            context.Io.TellError(GoOn(context, task, kept));
        }

        return code;
    }

    private static (Failure Why, int ExitCode)? WhyNot(RunTask task, Harness harness) =>
        task is { IsTyped: true, Text: { } text } && SlashWord.Refused(text, harness.FindSkills()) is { } slash ? (new(slash.Kind, slash.Message, slash.Advice), ExitCode.Usage)
        : task.Begun(harness) is { } stopped ? (stopped, ExitCode.Failed) : null;

    // What a hook says first is a turn of its own; where that goes wrong, there is no other one.
    private static async Task<TurnResult> AnswerAsync(Harness harness, RunTask task, TurnText shown, CancellationToken cancellationToken)
    {
        if (task.Text is not null && harness.FirstMessage is { } first)
        {
            var result = await harness.Session.RunAsync(first, cancellationToken);
            if (result.Outcome is not TurnOutcome.Completed)
            {
                return result;
            }

            shown.Say($"A hook's first message is answered. {UsageLine.Of(result, result.Model ?? harness.Session.Model.Info.FullName)}");
        }

        return await (task.Text is not { } text ? harness.Session.RunAsync([], "", cancellationToken)
            : task.MessageId is { } id ? harness.Session.RunAsync([new TextPart(text)], id, cancellationToken) : harness.Session.RunAsync(text, cancellationToken));
    }

    // A person has the answer before the look back at the work, a program the result after all else.
    private static async Task<int> FinishAsync(CommandContext context, Harness harness, TurnResult result, RunTask task, TurnText shown, string format, CancellationToken cancellationToken)
    {
        task.Ended(result);
        var last = format == "text" ? Finish(context, harness, result, task, shown, format) : ExitCode.Of(result);
        var review = last == ExitCode.Done ? await ReviewLines.TellAsync(context, harness, shown, cancellationToken, result) : null;
        return format == "text" ? last : Finish(context, harness, review?.With(result) ?? result, task, shown, format, review);
    }

    private static int Finish(CommandContext context, Harness harness, TurnResult result, RunTask task, TurnText shown, string format, ReviewReport? review = null)
    {
        var exitCode = ExitCode.Of(result);
        var model = result.Model ?? harness.Session.Model.Info.FullName;
        if (format == "text")
        {
            PrintAnswer(context, result, shown);
        }
        else
        {
            context.Io.Out.WriteLine(ResultObject.Of(result, harness.Name, model, context.Io.Hint, review));
        }

        if (ResultObject.FailureOf(result, exitCode, context.Io.Hint) is { } failure)
        {
            shown.Say($"bridle: {ModelError.Tell(Terminals.VisibleText.Of(failure.Message), Terminals.VisibleText.Of(failure.Advice))}");
        }

        foreach (var denied in result.Denied)
        {
            shown.Say($"Denied: {denied.Tool}: {Terminals.VisibleText.Line(denied.Reason, 300)}");
        }

        shown.Say(UsageLine.Of(result, model));
        if (harness.Path is not null && exitCode != ExitCode.Done)
        {
            shown.Say(GoOn(context, task, harness, model));
        }

        return exitCode;
    }

    private static string GoOn(CommandContext context, RunTask task, Harness harness, string? model = null) => "Go on with: " + (task.GoOn
        ?? (context.IsAlias ? $"{SeedCommand.Alias} -r {SessionWord.Of(harness.Name)} -m {model ?? harness.Session.Model.Info.FullName} --one-shot -p \"…\"" : $"bridle run --resume {SessionWord.Of(harness.Name)} \"…\""));

    private static void PrintAnswer(CommandContext context, TurnResult result, TurnText shown)
    {
        shown.EndLine();
        if (!shown.ShownLast && result.Answer.Length > 0)
        {
            var answer = context.Io.OutIsTerminal ? Terminals.VisibleText.Of(result.Answer) : result.Answer;
            context.Io.Out.WriteLine(answer.TrimEnd('\n'));
        }

        context.Io.Out.Flush();
    }
}
