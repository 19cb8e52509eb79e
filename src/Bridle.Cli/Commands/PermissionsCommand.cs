using System.CommandLine;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Cases;
using Bridle.Hosting.Settings;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle permissions</c>: what may run, why, and what was agreed to.</summary>
internal static class PermissionsCommand
{
    public static Command Build(CommandContext context) =>
        new("permissions", "Show, explain and check what may run unasked") { BuildList(context), BuildExplain(context), BuildRevoke(context), BuildCheck(context) };

    private static Command BuildList(CommandContext context)
    {
        var flags = new Flags();
        var session = new Option<string?>("--session") { Description = "Show what this session was granted as well", HelpName = "NAME" };
        var command = new Command("list", "List the rules with their files, and what was granted") { session };
        flags.AddTo(command);
        command.SetAction(parsed => With(context, flags.Request(parsed, context) with { SessionName = parsed.GetValue(session) }, overview =>
        {
            PermissionText.List(context.Io, overview);
            return ExitCode.Done;
        }));
        return command;
    }

    private static Command BuildExplain(CommandContext context)
    {
        var flags = new Flags();
        var call = new Argument<string>("call") { Description = "The call, such as 'Bash(git push && rm -rf x)' or 'Read(~/.ssh/id_rsa)'" };
        var headless = new Option<bool>("--headless") { Description = "Say what `bridle run` would do, where nobody can be asked" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("explain", "Say how a call is read, which rules speak of it, and why it is allowed, asked or denied (exit code 0, 1, 5)") { call, headless, json };
        flags.AddTo(command);
        command.SetAction(parsed => With(context, flags.Request(parsed, context) with { ConfinedUnasked = parsed.GetValue(headless) }, found =>
        {
            var overview = found with { Headless = parsed.GetValue(headless) };
            var asked = parsed.GetValue(call)!;
            if (overview.CallOf(asked) is not { Call: { } one })
            {
                return RunCommand.Refuse(context, "text", new("usage", overview.CallOf(asked).Problem, ""), ExitCode.Usage);
            }

            var why = overview.Explain(one);
            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(ExplanationJson.Of(asked, why, overview.Headless));
            }
            else
            {
                PermissionText.Explain(context.Io, asked, why);
            }

            return why.Judgement.Verdict switch { Verdict.Allow => ExitCode.Done, Verdict.Ask => ExitCode.Failed, _ => ExitCode.Denied };
        }));
        return command;
    }

    private static Command BuildRevoke(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "The grant, as `bridle permissions list` names it" };
        var command = new Command("revoke", "Take back what was allowed for a project or for always") { id };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(id)!;
            var (found, problem) = PermissionOverview.Revoke(context.Environment, wanted);
            if (problem is not null || !found)
            {
                return RunCommand.Refuse(context, "text", problem is not null
                    ? new("settings", problem, "")
                    : new("usage", $"There is no kept grant '{VisibleText.Line(wanted, 60)}'.", "See `bridle permissions list`. What was granted for one session is listed with --session NAME and taken back in its chat: /permissions revoke ID."), problem is not null ? ExitCode.Failed : ExitCode.Usage);
            }

            context.Io.Tell($"{VisibleText.Line(wanted, 60)} is revoked, for sessions that are open as well: they ask from their next call on.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildCheck(CommandContext context)
    {
        var file = new Option<FileInfo>("--cases") { Description = "The cases, one JSON object a line (docs/permissions.md)", HelpName = "FILE", Required = true };
        var command = new Command("check", "Judge a file of cases with the real engine (exit code 0, 1)") { file };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!.FullName;
            try
            {
                var cases = JudgeCase.Read(CaseFile.Lines(path)) is { Count: > 0 } read ? read : throw new FormatException("There are none in it.");
                var outcomes = CaseJudge.JudgeAll(cases).ToList();
                CaseLines.Write(context.Io, outcomes);
                return outcomes.Any(outcome => outcome.Failed) ? ExitCode.Failed : ExitCode.Done;
            }
            catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or FormatException)
            {
                return RunCommand.Refuse(context, "text", new("usage", $"The cases in {path} cannot be judged. {wrong.Message}", "The format is described in docs/permissions.md."), ExitCode.Usage);
            }
        });
        return command;
    }

    private static int With(CommandContext context, HarnessRequest request, Func<PermissionOverview, int> act) => PermissionOverview.Read(request) switch
    {
        { Overview: { } overview } => act(overview),
        { Problem: var problem } => RunCommand.Refuse(context, "text", new(problem!.Kind, problem.Message, problem.Advice), ExitCode.Usage),
    };

    /// <summary>The flags that say for which folder, mode and rules.</summary>
    private sealed class Flags
    {
        private readonly Option<string?> _mode = new("--mode") { Description = $"Permission mode: {string.Join(", ", ModeName.Names)}", HelpName = "MODE" };
        private readonly Option<string?> _folder = new("--cwd", "--project-dir") { Description = "The folder to work in", HelpName = "FOLDER" };
        private readonly Option<string?> _settings = SettingsFlags.Settings();
        private readonly Option<string?> _sources = SettingsFlags.Sources();
        private readonly Option<string[]> _allow = new("--allow") { Description = "A further allow rule; may be repeated", HelpName = "RULE", Arity = new(1, 1_000) };
        private readonly Option<string[]> _deny = new("--deny") { Description = "A further deny rule; may be repeated", HelpName = "RULE", Arity = new(1, 1_000) };
        private readonly Option<bool> _trust = SettingsFlags.Trust();

        public void AddTo(Command command)
        {
            _mode.CompletionSources.Add([.. ModeName.Names]);
            foreach (var option in (Option[])[_mode, _folder, _settings, _sources, _allow, _deny, _trust])
            {
                command.Add(option);
            }
        }

        public HarnessRequest Request(ParseResult parsed, CommandContext context) =>
            new(context.Environment, FolderArgument.Full(parsed.GetValue(_folder), context.Environment))
            {
                Mode = parsed.GetValue(_mode), Allow = parsed.GetValue(_allow) ?? [], Deny = parsed.GetValue(_deny) ?? [], TrustFolder = parsed.GetValue(_trust), Settings = parsed.GetValue(_settings),
                SettingSources = SettingsFlags.SourcesOf(parsed.GetValue(_sources)),
            };
    }
}
