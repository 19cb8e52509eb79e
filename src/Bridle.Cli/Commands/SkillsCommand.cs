using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Skills;
using Bridle.Skills;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle skills</c>: which skills there are, what they say, whether they are valid and good, and how one begins.</summary>
internal static class SkillsCommand
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Said of a skill that was put into a folder in which none counts yet.</summary>
    public const string WhenTrusted = "It counts once you trust the folder: look at what is in it, then `bridle trust`.";

    public static Command Build(CommandContext context) => new("skills", "List, show, check and begin skills: instructions for tasks of a kind")
    {
        BuildList(context), BuildShow(context), BuildValidate(context), BuildLint(context), BuildNew(context),
    };

    private static Command BuildList(CommandContext context)
    {
        var (json, where) = (new Option<bool>("--json") { Description = "One JSON object" }, new Where());
        var command = new Command("list", "List the skills of a folder: where each lies, and what is not loaded and why") { json };
        where.AddTo(command);
        command.SetAction(parsed => With(context, where.Read(parsed, context), overview =>
        {
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(Fields(overview.Found).ToJsonString(s_plain));
            }
            else
            {
                Show(context.Io, overview);
            }

            return ExitCode.Done;
        }));
        return command;
    }

    private static Command BuildShow(CommandContext context)
    {
        var (name, json, where) = (new Argument<string>("name") { Description = "The skill's name" }, new Option<bool>("--json") { Description = "One JSON object" }, new Where());
        var command = new Command("show", "Show all about one skill: its head, its files, its text") { name, json };
        where.AddTo(command);
        command.SetAction(parsed => With(context, where.Read(parsed, context), overview =>
        {
            var wanted = parsed.GetValue(name)!.TrimStart('/');
            if (overview.Found.Find(wanted) is not { } skill)
            {
                var near = NearestName.Of(wanted, overview.Found.Skills.Select(one => one.Name));
                return RunCommand.Refuse(context, "text", new("usage", $"There is no skill '{wanted}'.", near is null ? "`bridle skills list` shows them." : $"Did you mean {near}?"), ExitCode.Usage);
            }

            var content = overview.Content(skill);
            if (parsed.GetValue(json))
            {
                var fields = Fields(skill);
                fields["files"] = new JsonArray([.. content.Files.Select(JsonNode (file) => file)]);
                fields["text"] = content.Body;
                context.Io.Out.WriteLine(fields.ToJsonString(s_plain));
            }
            else
            {
                Show(context.Io, skill, content);
            }

            return content.Problem is null ? ExitCode.Done : ExitCode.Failed;
        }));
        return command;
    }

    private static Command BuildValidate(CommandContext context)
    {
        var paths = new Argument<string[]>("path") { Description = "Folders of skills, or their SKILL.md", Arity = ArgumentArity.OneOrMore };
        var command = new Command("validate", "Check skills strictly against the specification of agentskills.io; exit code 1 when one is not valid") { paths };
        command.SetAction(parsed =>
        {
            var bad = 0;
            foreach (var path in parsed.GetValue(paths) ?? [])
            {
                var problems = SkillOverview.Validate(Path.GetFullPath(path, context.Environment.CurrentDirectory));
                bad += problems.Count > 0 ? 1 : 0;
                Say(context.Io, path, problems, "valid");
            }

            return bad > 0 ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static Command BuildLint(CommandContext context)
    {
        var paths = new Argument<string[]>("path") { Description = "Folders of skills; all that are found unless given", Arity = ArgumentArity.ZeroOrMore };
        var where = new Where();
        var command = new Command("lint", "Say what could be better: the specification, thin descriptions, long texts, skills that are taken for each other; exit code 1 when there is something") { paths };
        where.AddTo(command);
        command.SetAction(parsed => With(context, where.Read(parsed, context), overview =>
        {
            var given = (parsed.GetValue(paths) ?? []).Select(path => Path.GetFullPath(path, context.Environment.CurrentDirectory)).ToList();
            var skills = given.Count is 0 ? [.. overview.Found.Skills] : new List<Skill>();
            var said = 0;
            foreach (var path in given)
            {
                var (skill, reason) = SkillOverview.Load(path);
                skills.AddRange(skill is null ? [] : [skill]);
                said += skill is null ? Say(context.Io, path, [$"It is not loaded: {reason}."], "") : 0;
            }

            // One that is not even loaded is what a person looks for first.
            foreach (var left in given.Count is 0 ? overview.Broken : [])
            {
                said += Say(context.Io, left.File, [$"It is not loaded: {left.Reason}."], "");
            }

            if (skills.Count is 0 && said is 0)
            {
                context.Io.TellError("There are no skills here.");
            }

            foreach (var skill in skills)
            {
                said += Say(context.Io, skill.Found, [.. SkillOverview.Validate(skill.Found, claude: true).Concat(skill.Warnings).Concat(SkillLint.Of(skill, overview.Content(skill).Body)).Distinct()], "good");
            }

            foreach (var pair in SkillLint.Between(skills))
            {
                context.Io.Out.WriteLine(VisibleText.Of(pair));
                said++;
            }

            return said > 0 ? ExitCode.Failed : ExitCode.Done;
        }));
        return command;
    }

    private static Command BuildNew(CommandContext context)
    {
        var name = new Argument<string>("name") { Description = "Lower-case letters, digits and hyphens" };
        var description = new Option<string?>("--description") { Description = "What it does and when to use it", HelpName = "TEXT" };
        var user = new Option<bool>("--user") { Description = "Among your own skills instead of the project's" };
        var folder = new Option<string?>("--cwd", "--project-dir") { Description = "The project", HelpName = "FOLDER" };
        var command = new Command("new", "Begin a skill: .bridle/skills/NAME/SKILL.md") { name, description, user, folder };
        command.SetAction(parsed =>
        {
            var place = parsed.GetValue(user) ? Path.Combine(BridleFolders.For(context.Environment).Config, "skills")
                : Path.Combine(FolderArgument.Full(parsed.GetValue(folder), context.Environment), ".bridle", "skills");
            var (file, problem) = SkillDraft.Make(place, parsed.GetValue(name)!, parsed.GetValue(description));
            if (file is null)
            {
                return RunCommand.Refuse(context, "text", new("usage", problem!, ""), ExitCode.Usage);
            }

            context.Io.Out.WriteLine(file);
            context.Io.TellError("Write into it how the task is done; `bridle skills lint` says what could be better.");
            var project = new HarnessRequest(context.Environment, FolderArgument.Full(parsed.GetValue(folder), context.Environment));
            if (!parsed.GetValue(user) && !HostFiles.Read(project).Trust.IsTrusted)
            {
                context.Io.TellError(WhenTrusted);
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Which folder's skills, and whether it is trusted.</summary>
    private sealed class Where
    {
        private readonly Option<string?> _folder = new("--cwd", "--project-dir") { Description = "The folder to look at", HelpName = "FOLDER" };
        private readonly Option<bool> _trust = SettingsFlags.Trust();

        public void AddTo(Command command)
        {
            command.Add(_folder);
            command.Add(_trust);
        }

        public HarnessRequest Read(ParseResult parsed, CommandContext context) =>
            new(context.Environment, FolderArgument.Full(parsed.GetValue(_folder), context.Environment)) { TrustFolder = parsed.GetValue(_trust) };
    }

    private static int With(CommandContext context, HarnessRequest request, Func<SkillOverview, int> action)
    {
        var (overview, problem) = SkillOverview.Read(request);
        return overview is null ? RunCommand.Refuse(context, "text", new(problem!.Kind, problem.Message, problem.Advice), ExitCode.Usage) : action(overview);
    }

    private static int Say(CommandIo io, string path, IReadOnlyList<string> problems, string otherwise)
    {
        io.Out.WriteLine($"{VisibleText.Of(path)}: {(problems.Count is 0 ? otherwise : $"{problems.Count} {(problems.Count is 1 ? "problem" : "problems")}")}");
        foreach (var problem in problems)
        {
            io.Out.WriteLine($"  {VisibleText.Line(problem, 400)}");
        }

        return problems.Count;
    }

    private static void Show(CommandIo io, SkillOverview overview)
    {
        var found = overview.Found;
        if (found.Skills.Count is 0)
        {
            io.Tell("There are no skills. `bridle skills new NAME` begins one; docs/skills.md shows more.");
        }
        else
        {
            Columns.Write(io, ["SKILL", "FROM", "FOR", "FILE"], [.. found.Skills.Select(skill => (string[])[skill.Name, Word(skill.Scope), For(skill), skill.Found])]);
        }

        foreach (var skill in found.Skills)
        {
            foreach (var warning in skill.Warnings)
            {
                io.Tell($"{VisibleText.Of(skill.Name)}: {VisibleText.Line(warning, 400)}", hang: 2);
            }
        }

        foreach (var one in found.Shadowed)
        {
            io.Tell($"Not used: {VisibleText.Of(one.Skill.Found)}: the skill in {VisibleText.Of(one.By.Found)} has the same name.", hang: 2);
        }

        foreach (var left in found.Left)
        {
            io.Tell($"Not loaded: {VisibleText.Of(left.File)}: {VisibleText.Line(left.Reason, 400)}.", hang: 2);
        }
    }

    private static void Show(CommandIo io, Skill skill, SkillContent content)
    {
        void Row(string name, string? value)
        {
            if (value is { Length: > 0 })
            {
                io.Out.WriteLine($"{name,-13} {VisibleText.Line(value, 4_000)}");
            }
        }

        Row("name", skill.Name);
        Row("description", skill.Description);
        Row("when to use", skill.WhenToUse);
        Row("file", skill.Found == skill.File ? skill.File : $"{skill.Found} (really {skill.File})");
        Row("from", Word(skill.Scope));
        Row("for", For(skill));
        Row("arguments", skill.ArgumentHint ?? string.Join(' ', skill.ArgumentNames));
        Row("only calls", skill.Allowed is { } allowed ? allowed.Count is 0 ? "none" : string.Join(", ", allowed) : null);
        Row("no calls", string.Join(", ", skill.Refused));
        Row("about files", skill.Paths is { } paths ? string.Join(", ", paths) : null);
        foreach (var (name, value) in skill.Other)
        {
            Row(VisibleText.Line(name, 13), value);
        }

        Row("files", string.Join(", ", content.Files));
        foreach (var warning in skill.Warnings)
        {
            Row("note", warning);
        }

        io.Out.WriteLine();
        io.Out.WriteLine(VisibleText.Of(content.Problem is { } problem ? $"It cannot be read: {problem}." : content.Body.Trim()));
    }

    private static string Word(SkillScope scope) => scope.ToString().ToLowerInvariant();

    private static string For(Skill skill) => (skill.ForModel, skill.ForPerson) switch { (true, true) => "all", (true, false) => "model", (false, true) => "person", _ => "nobody" };

    private static JsonObject Fields(FoundSkills found) => new()
    {
        ["skills"] = new JsonArray([.. found.Skills.Select(JsonNode (skill) => Fields(skill))]),
        ["shadowed"] = new JsonArray([.. found.Shadowed.Select(JsonNode (one) => new JsonObject { ["name"] = one.Skill.Name, ["file"] = one.Skill.Found, ["by"] = one.By.Found })]),
        ["left"] = new JsonArray([.. found.Left.Select(JsonNode (left) => new JsonObject { ["file"] = left.File, ["reason"] = left.Reason })]),
    };

    private static JsonObject Fields(Skill skill) => new()
    {
        ["name"] = skill.Name,
        ["description"] = skill.Description,
        ["when_to_use"] = skill.WhenToUse,
        ["file"] = skill.Found,
        ["real_file"] = skill.File,
        ["from"] = Word(skill.Scope),
        ["for"] = For(skill),
        ["argument_hint"] = skill.ArgumentHint,
        ["allowed_tools"] = skill.Allowed is { } allowed ? new JsonArray([.. allowed.Select(JsonNode (rule) => rule)]) : null,
        ["disallowed_tools"] = new JsonArray([.. skill.Refused.Select(JsonNode (rule) => rule)]),
        ["paths"] = skill.Paths is { } paths ? new JsonArray([.. paths.Select(JsonNode (path) => path)]) : null,
        ["warnings"] = new JsonArray([.. skill.Warnings.Select(JsonNode (warning) => warning)]),
    };
}
