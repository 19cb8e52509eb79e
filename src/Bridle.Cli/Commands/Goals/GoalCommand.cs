using System.CommandLine;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Goals;
using Bridle.Journal;

namespace Bridle.Cli.Commands.Goals;

/// <summary><c>bridle goal</c>: long work in phases that outlives single runs.</summary>
internal static class GoalCommand
{
    public static Command Build(CommandContext context) => new("goal", "Work in phases that outlive single runs, each checked before the next begins")
    {
        GoalNewCommand.Build(context), BuildList(context), BuildShow(context), BuildCheck(context), GoalRunCommand.Build(context), BuildReset(context),
    };

    /// <summary>The argument that names a goal.</summary>
    public static Argument<string> Named() => new("goal") { Description = "Its id, or its file" };

    /// <summary>The folder whose goals are meant.</summary>
    public static Option<string?> InFolder() => new("--cwd", "--project-dir") { Description = "The folder whose goals are meant", HelpName = "FOLDER" };

    /// <summary>The file of the goal that a person names, or null with the refusal said.</summary>
    public static string? FileOf(CommandContext context, string folder, string named, string format = "text")
    {
        var shelf = new GoalShelf(folder);
        if (shelf.Find(named, context.Environment.CurrentDirectory) is { } file)
        {
            return file;
        }

        var near = NearestName.Of(named, shelf.All.Select(Path.GetFileNameWithoutExtension).OfType<string>());
        _ = RunCommand.Refuse(context, format, new("goal", $"There is no goal '{named}'.", near is null ? "`bridle goal list` shows those of this folder, `bridle goal new` begins one." : $"Did you mean {near}?"), ExitCode.Usage);
        return null;
    }

    private static Command BuildList(CommandContext context)
    {
        var (json, folder) = (new Option<bool>("--json") { Description = "One JSON array" }, InFolder());
        var command = new Command("list", "List the goals of a folder and how far each is") { json, folder };
        command.SetAction(parsed =>
        {
            var all = new GoalShelf(FolderArgument.Full(parsed.GetValue(folder), context.Environment)).All.Select(path => new { Path = path, Loaded = GoalFile.Load(path) }).ToList();
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(GoalJson.List([.. all.Select(one => one.Loaded.File is { } file ? GoalJson.Of(file) : GoalJson.Broken(one.Path, one.Loaded.Problems))]));
            }
            else if (all.Count == 0)
            {
                context.Io.TellError("There are no goals in this folder. `bridle goal new` begins one.");
            }
            else
            {
                Columns.Write(context.Io, ["GOAL", "PHASES", "NEXT", "OBJECTIVE"], [.. all.Select(one => one.Loaded.File is { } file ? GoalText.Row(file.Goal) : [Path.GetFileNameWithoutExtension(one.Path), "-", "cannot be used", string.Join(' ', one.Loaded.Problems)])]);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildShow(CommandContext context)
    {
        var (goal, json, folder) = (Named(), new Option<bool>("--json") { Description = "One JSON object" }, InFolder());
        var command = new Command("show", "Show a goal: its phases, what each came to, and the runs that worked on it") { goal, json, folder };
        command.SetAction(parsed =>
        {
            if (FileOf(context, FolderArgument.Full(parsed.GetValue(folder), context.Environment), parsed.GetValue(goal)!) is not { } path)
            {
                return ExitCode.Usage;
            }

            var (file, problems) = GoalFile.Load(path);
            if (file is null)
            {
                return Unusable(context, path, problems);
            }

            context.Io.Out.Write(parsed.GetValue(json) ? GoalJson.Of(file).ToJsonString(GoalJson.Plain) + "\n" : GoalText.Of(file));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildCheck(CommandContext context)
    {
        var (goal, folder, trust) = (Named(), InFolder(), SettingsFlags.Trust());
        var command = new Command("check", "Say whether a goal can be worked on, without running anything; exit code 1 when it cannot") { goal, folder, trust };
        command.SetAction(parsed =>
        {
            var place = FolderArgument.Full(parsed.GetValue(folder), context.Environment);
            if (FileOf(context, place, parsed.GetValue(goal)!) is not { } path)
            {
                return ExitCode.Usage;
            }

            var (file, problems) = GoalFile.Load(path);
            foreach (var problem in problems)
            {
                context.Io.Out.WriteLine($"{path}: {VisibleText.Of(problem)}");
            }

            if (file is null)
            {
                return ExitCode.Failed;
            }

            var refused = WhyNot(path, new(context.Environment, place) { TrustFolder = parsed.GetValue(trust) });
            foreach (var doubt in GoalDoubts.Of(file, place))
            {
                context.Io.Out.WriteLine($"{path}: {VisibleText.Of(doubt)}");
            }

            context.Io.Out.WriteLine(refused is null ? $"{path}: can be worked on" : $"{path}: {VisibleText.Of($"{refused.Message} {refused.Advice}".TrimEnd())}");
            return refused is null ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static HarnessRefused? WhyNot(string path, HarnessRequest request)
    {
        try
        {
            var (run, refused) = GoalRun.Open(path, request, onlyLook: true);
            return refused ?? (run!.File.Goal.IsDone ? null : run.Next(null).Refused);
        }
        catch (JournalException broken)
        {
            return new("session", broken.Message, "`bridle goal reset` lets the phase begin anew.");
        }
    }

    private static Command BuildReset(CommandContext context)
    {
        var (goal, folder) = (Named(), InFolder());
        var phase = new Option<string?>("--phase") { Description = "Only this phase, by its number or its title", HelpName = "PHASE" };
        var command = new Command("reset", "Make phases open again, as if nobody had worked on them; what their runs took stays in the file") { goal, phase, folder };
        command.SetAction(parsed =>
        {
            var place = FolderArgument.Full(parsed.GetValue(folder), context.Environment);
            if (FileOf(context, place, parsed.GetValue(goal)!) is not { } path)
            {
                return ExitCode.Usage;
            }

            var (run, refused) = GoalRun.Open(path, new(context.Environment, place));
            using (run)
            {
                var problem = refused is not null ? new Failure(refused.Kind, refused.Message, refused.Advice) : run!.Reset(parsed.GetValue(phase)) is { } why ? new Failure("goal", why, "") : null;
                if (problem is not null)
                {
                    return RunCommand.Refuse(context, "text", problem, ExitCode.Usage);
                }

                context.Io.Out.Write(GoalText.Of(run!.File));
                return ExitCode.Done;
            }
        });
        return command;
    }

    private static int Unusable(CommandContext context, string path, IReadOnlyList<string> problems) =>
        RunCommand.Refuse(context, "text", new("goal", $"{path} is not a goal that can be used: {string.Join(' ', problems)}", ""), ExitCode.Usage);
}
