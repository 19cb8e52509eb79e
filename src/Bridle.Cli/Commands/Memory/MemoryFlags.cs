using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Memory;
using Bridle.Memory;

namespace Bridle.Cli.Commands.Memory;

/// <summary>What the commands about notes share: whose notes, and how a refusal is said.</summary>
internal sealed class MemoryFlags
{
    private readonly Option<string?> _folder = new("--cwd", "--project-dir") { Description = "The folder whose project is meant", HelpName = "FOLDER" };
    private readonly Option<string?> _scope = new("--scope") { Description = "Whose notes: project, agent, user or team", HelpName = "SCOPE" };
    private readonly Option<string?> _agent = new("--agent") { Description = "Which agent's own notes; main unless given", HelpName = "NAME" };
    private readonly Option<string?> _settings = SettingsFlags.Settings();
    private readonly Option<string?> _sources = SettingsFlags.Sources();
    private readonly Option<bool> _trust = SettingsFlags.Trust();

    public MemoryFlags() => _scope.AcceptOnlyFromAmong([.. Enum.GetValues<MemoryScope>().Select(NoteBook.Word)]);

    /// <summary>The command with these flags, acting on the notes of the folder.</summary>
    public Command On(Command command, CommandContext context, Func<ParseResult, ProjectNotes, Task<int>> act)
    {
        foreach (var option in (Option[])[_folder, _scope, _agent, _settings, _sources, _trust])
        {
            command.Add(option);
        }

        command.SetAction(async (parsed, _) =>
        {
            var (notes, problem) = ProjectNotes.Open(new HarnessRequest(context.Environment, FolderArgument.Full(parsed.GetValue(_folder), context.Environment))
            {
                Settings = parsed.GetValue(_settings), SettingSources = SettingsFlags.SourcesOf(parsed.GetValue(_sources)), TrustFolder = parsed.GetValue(_trust), Agent = parsed.GetValue(_agent) ?? "main",
            });
            if (notes is null)
            {
                return RunCommand.Refuse(context, "text", new(problem!.Kind, problem.Message, problem.Advice), ExitCode.Usage);
            }

            try
            {
                return await act(parsed, notes);
            }
            catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
            {
                return RunCommand.Refuse(context, "text", new("memory", broken.Message, ""), ExitCode.Usage);
            }
        });
        return command;
    }

    /// <summary>The same for what needs no waiting.</summary>
    public Command On(Command command, CommandContext context, Func<ParseResult, ProjectNotes, int> act) => On(command, context, (parsed, notes) => Task.FromResult(act(parsed, notes)));

    /// <summary>The scope that was named, or null.</summary>
    public MemoryScope? Scope(ParseResult parsed) => parsed.GetValue(_scope) is { } word ? Enum.Parse<MemoryScope>(word, ignoreCase: true) : null;

    /// <summary>Says what could not be read.</summary>
    public static void Warn(CommandContext context, ProjectNotes notes, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings.Concat(notes.Waiting is { } waiting ? [waiting] : []))
        {
            context.Io.TellError(VisibleText.Of(warning));
        }
    }
}
