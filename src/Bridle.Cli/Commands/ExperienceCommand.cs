using System.CommandLine;
using System.Globalization;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Experience;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle experience</c>: the runs of a project, and the skills that repeated successes suggest.</summary>
internal static class ExperienceCommand
{
    private const int MostListed = 50;

    public static Command Build(CommandContext context) => new("experience", "List the runs of a project, and make drafts of skills from what succeeded more than once")
    {
        BuildList(context), BuildShow(context), BuildDistill(context), BuildDrafts(context), BuildAccept(context), BuildReject(context),
    };

    private static Command BuildList(CommandContext context)
    {
        var like = new Argument<string[]>("words") { Description = "Only runs like these words, the likest first", Arity = ArgumentArity.ZeroOrMore };
        var json = new Option<bool>("--json") { Description = "A JSON object a line for each run" };
        return On(new Command("list", "List the runs of the project") { like, json }, context, (parsed, experience) =>
        {
            var words = string.Join(' ', parsed.GetValue(like) ?? []);
            var runs = words.Length > 0 ? experience.Like(words, MostListed) : [.. experience.Episodes().Take(MostListed)];
            if (parsed.GetValue(json))
            {
                context.Io.Out.Write(string.Concat(runs.Select(run => EpisodeText.Json(run) + "\n")));
            }
            else if (runs.Count == 0)
            {
                context.Io.TellError(words.Length > 0 ? "No run of this project is like that." : "There are no finished runs of this project yet.");
            }
            else
            {
                Columns.Write(context.Io, ["RUN", "ENDED", "RESULT", "CALLS", "TASK"], [.. runs.Select(run => (string[])
                    [run.Id, run.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), run.Success ? "success" : "no", run.Calls.ToString(CultureInfo.InvariantCulture), run.Situation])]);
            }

            return ExitCode.Done;
        });
    }

    private static Command BuildShow(CommandContext context)
    {
        var id = new Argument<string>("run") { Description = "Which run, as `bridle experience list` names it, or the name of a draft" };
        return On(new Command("show", "Show what a later run would be told of a run, or a draft") { id }, context, (parsed, experience) =>
        {
            var wanted = parsed.GetValue(id)!;
            var text = experience.Episodes().FirstOrDefault(one => one.Id == wanted) is { } run ? EpisodeText.Told(run) + "\n" : experience.Waiting().FirstOrDefault(draft => draft.Name == wanted).Text;
            if (text is null)
            {
                return RunCommand.Refuse(context, "text", new("experience", $"There is no run and no draft '{VisibleText.Line(wanted, 80)}' of this project.", "See `bridle experience list` and `bridle experience drafts`."), ExitCode.Usage);
            }

            context.Io.Out.Write(context.Io.OutIsTerminal ? VisibleText.Of(text) : text);
            return ExitCode.Done;
        });
    }

    private static Command BuildDistill(CommandContext context) => On(new Command("distill", "Make a draft of a skill of each task that succeeded more than once"), context, (_, experience) =>
    {
        var (made, left) = experience.Distill();
        foreach (var proposal in made)
        {
            context.Io.Tell($"Made the draft {proposal.Name} of {proposal.From.Count} runs: {string.Join(", ", proposal.From.Select(run => run.Id))}.");
        }

        foreach (var one in left)
        {
            context.Io.TellError(VisibleText.Of(one));
        }

        context.Io.TellError(made.Count > 0 ? "Read them with `bridle experience show NAME`; `bridle experience accept NAME` makes one a skill."
            : left.Count > 0 ? "No draft was made." : "Nothing was done here with success more than once, with at least four calls of two tools.");
        return ExitCode.Done;
    });

    private static Command BuildDrafts(CommandContext context) => On(new Command("drafts", "List the drafts that wait for you"), context, (_, experience) =>
    {
        var waiting = experience.Waiting();
        foreach (var (name, _) in waiting)
        {
            context.Io.Tell($"{name}  {VisibleText.Of(Path.Combine(experience.Drafts, name, "SKILL.md"))}");
        }

        if (waiting.Count == 0)
        {
            context.Io.TellError("There are no drafts. `bridle experience distill` makes some.");
        }

        return ExitCode.Done;
    });

    private static Command BuildAccept(CommandContext context)
    {
        var name = new Argument<string>("name") { Description = "Which draft" };
        var user = new Option<bool>("--user") { Description = "For all your projects, in place of this one's .bridle/skills" };
        return On(new Command("accept", "Make a draft a skill of the project") { name, user }, context, (parsed, experience) =>
        {
            var (path, problem) = experience.Accept(parsed.GetValue(name)!, parsed.GetValue(user));
            if (path is null)
            {
                return RunCommand.Refuse(context, "text", new("experience", problem!, ""), ExitCode.Usage);
            }

            context.Io.Tell($"{parsed.GetValue(name)} is a skill now: {VisibleText.Of(path)}");
            if (!parsed.GetValue(user) && !experience.IsTrusted)
            {
                context.Io.TellError(SkillsCommand.WhenTrusted);
            }

            return ExitCode.Done;
        });
    }

    private static Command BuildReject(CommandContext context)
    {
        var name = new Argument<string>("name") { Description = "Which draft" };
        return On(new Command("reject", "Remove a draft") { name }, context, (parsed, experience) =>
        {
            if (!experience.Reject(parsed.GetValue(name)!))
            {
                return RunCommand.Refuse(context, "text", new("experience", $"There is no draft '{VisibleText.Line(parsed.GetValue(name)!, 80)}'.", "See `bridle experience drafts`."), ExitCode.Usage);
            }

            context.Io.Tell($"Removed the draft {parsed.GetValue(name)}.");
            return ExitCode.Done;
        });
    }

    private static Command On(Command command, CommandContext context, Func<ParseResult, ProjectExperience, int> act)
    {
        var folder = new Option<string?>("--cwd", "--project-dir") { Description = "The folder whose project is meant", HelpName = "FOLDER" };
        command.Add(folder);
        command.SetAction(parsed =>
        {
            var (experience, problem) = ProjectExperience.Open(new HarnessRequest(context.Environment, FolderArgument.Full(parsed.GetValue(folder), context.Environment)));
            if (experience is null)
            {
                return RunCommand.Refuse(context, "text", new(problem!.Kind, problem.Message, problem.Advice), ExitCode.Usage);
            }

            try
            {
                return act(parsed, experience);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                return RunCommand.Refuse(context, "text", new("experience", broken.Message, ""), ExitCode.Usage);
            }
        });
        return command;
    }
}
