using System.Text.Json.Nodes;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Goals;
using Bridle.Sessions;

namespace Bridle.Cli.Commands.Goals;

/// <summary>Runs the phases of a goal and says how each ended, in the format that was asked for.</summary>
internal sealed class GoalWork(CommandContext context, GoalRun run, string called, string format)
{
    private readonly JsonArray _results = [];
    private int _told;

    /// <summary>Works on one phase, or on all until one is not done.</summary>
    public async Task<int> RunAsync(string? named, bool all, CancellationToken cancellationToken)
    {
        if (all && run.File.Goal.IsDone)
        {
            return End(ExitCode.Done);
        }

        var exitCode = ExitCode.Done;
        do
        {
            var (turn, refused) = run.Next(named);
            if (turn is null && _told == 0)
            {
                return GoalRunCommand.Refuse(context, format, refused!);
            }

            if (turn is null)
            {
                Say($"bridle: {refused!.Message} {refused.Advice}".TrimEnd());
                return End(GoalRunCommand.CodeOf(refused));
            }

            (exitCode, var isBegun) = await PhaseAsync(turn, exitCode, cancellationToken);
            if (!isBegun)
            {
                return _told == 0 ? exitCode : End(exitCode);
            }

            _told++;
            if (run.File.Goal.Find(turn.Phase.Title)?.Status is not PhaseStatus.Done)
            {
                break;
            }
        }
        while (all && !run.File.Goal.IsDone && !cancellationToken.IsCancellationRequested);

        return End(exitCode);
    }

    // A start that was refused has been told already, and nothing of the goal changed.
    private async Task<(int ExitCode, bool IsBegun)> PhaseAsync(GoalTurn turn, int before, CancellationToken cancellationToken)
    {
        var (begun, result, problem) = (false, (TurnResult?)null, (string?)null);
        Say($"Phase {turn.Phase.Number} of {run.File.Goal.Phases.Count}: {turn.Phase.Title}{(turn.IsOver ? " (its run had ended)" : turn.Resumes ? $" (goes on in the session {turn.Session})" : "")}");
        if (turn.Notice is { } notice)
        {
            Say(notice);
        }

        var exitCode = ExitCode.Done;
        if (turn.IsOver)
        {
            begun = true;
        }
        else
        {
            var captured = format == "json" ? new StringWriter() : null;
            var inside = captured is null ? context : context with { Io = context.Io with { Out = captured } };
            exitCode = await RunCommand.RunAsync(inside, turn.Request, new RunTask(turn.Brief)
            {
                MessageId = turn.MessageId,
                GoOn = $"bridle goal run {called}",
                Begun = _ => (begun = (problem = run.Begin(turn)) is null) ? null : new("goal", problem!, "Nothing was asked."),
                Ended = ended => result = ended,
            }, format, false, cancellationToken);
            if (!begun && _told == 0)
            {
                context.Io.Out.Write(captured?.ToString());
                return (exitCode, false);
            }

            foreach (var line in captured?.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [])
            {
                _results.Add(JsonNode.Parse(line));
            }

            if (!begun)
            {
                return (exitCode, false);
            }
        }

        problem = run.Settle(turn, result);
        var phase = run.File.Goal.Find(turn.Phase.Title);
        Say(GoalText.Ended(called, phase, problem));
        if (run.Overdrawn() is { } overdrawn)
        {
            Say(overdrawn);
        }

        return (problem is not null || (phase?.Status is not PhaseStatus.Done && exitCode is ExitCode.Done or ExitCode.Denied) ? ExitCode.Failed : exitCode is ExitCode.Done ? before : exitCode, true);
    }

    private int End(int exitCode)
    {
        if (format == "text")
        {
            Say(GoalText.Left(run.File.Goal));
        }
        else
        {
            context.Io.Out.WriteLine(GoalJson.Result(run.File, _results, exitCode));
        }

        return exitCode;
    }

    private void Say(string text) => context.Io.TellError(VisibleText.Of(text));
}
