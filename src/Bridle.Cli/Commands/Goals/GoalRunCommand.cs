using System.CommandLine;
using System.CommandLine.Parsing;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Goals;
using Bridle.Journal;
using Bridle.Sessions;

namespace Bridle.Cli.Commands.Goals;

/// <summary><c>bridle goal run</c>: works on the phases of a goal, each as an ordinary run.</summary>
internal static class GoalRunCommand
{
    public static Command Build(CommandContext context)
    {
        var (goal, output) = (GoalCommand.Named(), RunCommand.OutputOption());
        var phase = new Option<string?>("--phase") { Description = "This phase, by its number or its title, instead of the next one that is open", HelpName = "PHASE" };
        var all = new Option<bool>("--all") { Description = "All open phases, one after another, until one is not done; limits hold for each" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what the next run would begin with, and whether it would: nobody is contacted, nothing is run or written" };
        var most = new Option<decimal?>("--max-goal-cost") { Description = "US dollars that all runs of the goal together may cost; of this and max_cost of its file the lower counts", HelpName = "USD", CustomParser = GivenNumber.OrNone<decimal> };
        var flags = new SessionFlags();
        var command = new Command("run", "Work on the next phase of a goal: an ordinary run, done once what is demanded is there") { goal, phase, all, most, output, dryRun };
        flags.AddTo(command, choosesSession: false);
        command.Validators.Add(result => Check(result, phase, all, dryRun, most));
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var format = parsed.GetValue(output)!;

            // No rehearsal unless it is named: a phase that it played through would stand there as done.
            var request = flags.Read(parsed, context, context.Io.OutIsTerminal && format != "json") with { ConfinedUnasked = true };
            if (GoalCommand.FileOf(context, request.Folder, parsed.GetValue(goal)!, format) is not { } path)
            {
                return ExitCode.Usage;
            }

            try
            {
                var looks = parsed.GetValue(dryRun);
                var (run, refused) = GoalRun.Open(path, request, looks, parsed.GetValue(most));
                using (run)
                {
                    return refused is not null ? Refuse(context, format, refused)
                        : looks ? await LookAsync(context, run!, parsed.GetValue(phase), format, cancellationToken)
                        : await new GoalWork(context, run!, parsed.GetValue(goal)!, format).RunAsync(parsed.GetValue(phase), parsed.GetValue(all), cancellationToken);
                }
            }
            catch (JournalException broken)
            {
                return RunCommand.Refuse(context, format, new("session", broken.Message, "`bridle goal reset` lets the phase begin anew."), ExitCode.Usage);
            }
        });
        return command;
    }

    /// <summary>Says why nothing is run.</summary>
    public static int Refuse(CommandContext context, string format, HarnessRefused refused) => RunCommand.Refuse(context, format, new(refused.Kind, refused.Message, refused.Advice), CodeOf(refused));

    /// <summary>The exit code of a run that does not begin.</summary>
    public static int CodeOf(HarnessRefused refused) => refused.Kind is "limit" ? ExitCode.Limit : ExitCode.Usage;

    private static void Check(CommandResult result, Option<string?> phase, Option<bool> all, Option<bool> dryRun, Option<decimal?> most)
    {
        if (result.Sound(most) is <= 0)
        {
            result.AddError("--max-goal-cost must be above zero.");
        }

        if (result.Sound(all) && (result.GetResult(phase) is { Implicit: false } || result.Sound(dryRun)))
        {
            result.AddError($"--all and {(result.Sound(dryRun) ? "--dry-run" : "--phase")} exclude each other.");
        }
    }

    private static async Task<int> LookAsync(CommandContext context, GoalRun run, string? phase, string format, CancellationToken cancellationToken)
    {
        var (turn, refused) = run.Next(phase);
        if (turn is null)
        {
            return Refuse(context, format, refused!);
        }

        using var scope = context.Interrupts.Begin(cancellationToken);
        var seen = await context.LookAsync(turn.Request, turn.Brief, scope.Token);
        var exitCode = seen.Verdict is DryRunVerdict.Blocked ? ExitCode.Usage : ExitCode.Done;
        if (format == "text")
        {
            context.Io.Out.WriteLine($"Goal {run.File.Goal.Id}, phase {turn.Phase.Number} of {run.File.Goal.Phases.Count}: {VisibleText.Line(turn.Phase.Title, 200)}{(turn.Resumes ? $" (goes on in the session {turn.Session})" : "")}");
            context.Io.Out.WriteLine(VisibleText.Of(turn.Brief));
            DryRunText.Write(context.Io, seen);
        }
        else
        {
            context.Io.Out.WriteLine(GoalJson.Look(run.File, turn, DryRunJson.Of(seen, exitCode)));
        }

        return exitCode;
    }
}
