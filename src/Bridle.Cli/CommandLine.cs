using System.CommandLine;
using System.CommandLine.Help;
using Bridle.Cli.Commands;
using Bridle.Cli.Commands.Goals;
using Bridle.Cli.Output;
using Bridle.Hosting;
using Bridle.Hosting.Assembly;

namespace Bridle.Cli;

/// <summary>The program as a function of its arguments and its surroundings.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line and gives the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellationToken = default)
    {
        if (arguments.Count > 0 && arguments[0] == SeedCommand.Alias)
        {
            (arguments, context) = ([.. arguments.Skip(1)], AsAlias(context));
        }

        // A word that begins with @ is a word: nobody expects a file to be read for it.
        var parsed = (context.IsAlias ? BuildAlias(context) : Build(context, arguments.Count > 0 ? arguments[0] : "")).Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (UsageWords.FlagWithValue(parsed.CommandResult, arguments) is { } valued)
        {
            return Refuse(parsed, context, valued);
        }

        if (parsed.Errors.Count > 0 && parsed.Action?.ClearsParseErrors is not true)
        {
            return Refuse(parsed, context);
        }

        if (UnknownFlag.In(parsed) is { } unknown)
        {
            return Refuse(context, parsed, unknown, ExitCode.Usage);
        }

        if (parsed.Action?.ClearsParseErrors is not true && BridleFolders.For(context.Environment).Notice is { } folders)
        {
            return Refuse(context, parsed, new("usage", folders, $"Correct it, or unset {BridleFolders.RootVariable}."), ExitCode.Usage);
        }

        var invocation = new InvocationConfiguration
        {
            Output = context.Io.Out, Error = context.Io.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        };
        try
        {
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (context.Io.OutIsBroken)
        {
            // Nobody interrupted it; what is wrong with the output is told at the end.
            return ExitCode.Failed;
        }
        catch (OperationCanceledException)
        {
            return Refuse(context, parsed, new("interrupted", "Interrupted.", ""), ExitCode.Interrupted);
        }
        catch (Exception trouble) when (DiskTrouble.Is(trouble))
        {
            return Refuse(context, parsed, DiskTrouble.Of(trouble), ExitCode.Failed);
        }
        catch (Exception fault)
        {
            return Confess(context, parsed, fault);
        }
    }

    /// <summary>A defect of the program: said plainly, with the details in a file and not on the screen.</summary>
    private static int Confess(CommandContext context, ParseResult parsed, Exception fault)
    {
        var log = new FaultLog(Path.Combine(BridleFolders.For(context.Environment).State, "logs"), TimeProvider.System);
        log.Report("fault", fault);
        var advice = log.File is { } file ? $"The details are in {file}; please report them." : "Please report it.";
        return Refuse(context, parsed, new("fault", $"Bridle failed unexpectedly ({fault.GetType().Name}: {fault.Message.TrimEnd('.')}).", advice), ExitCode.Failed);
    }

    private static int Refuse(CommandContext context, ParseResult parsed, Failure failure, int exitCode) => RunCommand.Refuse(context, FormatOf(parsed), failure, exitCode);

    /// <summary>The command line of llm-agent-harness by its own name: no commands, and folders of its own.</summary>
    public static Command BuildAlias(CommandContext context)
    {
        var root = new Command(SeedCommand.Alias, "llm-agent-harness, as Bridle does it") { new HelpOption { Action = new SeedHelp() }, new VersionOption() };
        SeedCommand.AddTo(root, context, onlyServers: true);
        return root;
    }

    private static CommandContext AsAlias(CommandContext context)
    {
        var root = context.Environment[BridleFolders.RootVariable] ?? BridleFolders.SeedRoot;
        return context with
        {
            IsAlias = true, Io = context.Io with { SeedRoot = root },
            Environment = context.Environment.With(new Dictionary<string, string> { [BridleFolders.RootVariable] = root }),
        };
    }

    /// <summary>The tree of commands; only the branch of <paramref name="first"/>, the first word, when that needs no other (empty: there is no word), so that a start builds no more than it uses.</summary>
    public static Command Build(CommandContext context, string? first = null)
    {
        // A RootCommand would take the name of the executable, which nobody types.
        var root = new Command("bridle", "Bridle: an agent that works on your files and can be checked afterwards") { new HelpOption { Action = new SeedHelp() }, new VersionOption() };
        switch (first)
        {
            case "run":
                root.Add(RunCommand.Build(context));
                break;
            case "chat":
                root.Add(ChatCommand.Build(context));
                break;
            case "" or ['-', ..] when first is not ("-h" or "--help" or "-?"):
                SeedCommand.AddTo(root, context, onlyServers: false);
                break;
            default:
                SeedCommand.AddTo(root, context, onlyServers: false);
                AddAll(root, context);
                break;
        }

        return root;
    }

    private static void AddAll(Command root, CommandContext context)
    {
        root.Add(RunCommand.Build(context));
        root.Add(ChatCommand.Build(context));
        root.Add(InitCommand.Build(context));
        root.Add(ModelsCommand.Build(context));
        root.Add(SessionsCommand.Build(context));
        root.Add(RunsCommand.Build(context));
        root.Add(GoalCommand.Build(context));
        root.Add(CostCommand.Build(context));
        root.Add(RecallCommand.Build(context));
        root.Add(PermissionsCommand.Build(context));
        root.Add(HooksCommand.Build(context));
        root.Add(SensorsCommand.Build(context));
        root.Add(SettingsCommand.Build(context));
        root.Add(TrustCommand.Build(context));
        root.Add(SandboxCommand.Build(context));
        root.Add(ContextShowCommand.Build(context));
        root.Add(MemoryCommand.Build(context));
        root.Add(SkillsCommand.Build(context));
        root.Add(ExperienceCommand.Build(context));
        root.Add(DoctorCommand.Build(context));
        root.Add(CompletionCommand.Build(context, root));
    }

    private static int Refuse(ParseResult parsed, CommandContext context, string? problem = null)
    {
        var message = problem ?? string.Join(' ', parsed.Errors.Select(error => UsageWords.Of(error).TrimEnd('.') + ".").Distinct());
        var path = string.Join(' ', Names(parsed.CommandResult));
        var late = parsed.CommandResult.Parent is null && !context.IsAlias ? parsed.UnmatchedTokens.FirstOrDefault(word => Build(context).Subcommands.Any(command => command.Name == word)) : null;
        return Refuse(context, parsed, new Failure("usage", message, late is null ? $"See `{path} --help`." : $"Flags of a command come after it: bridle {late} …"), ExitCode.Usage);
    }

    private static string FormatOf(ParseResult parsed) =>
        parsed.CommandResult.Command.Options.OfType<Option<string>>().FirstOrDefault(option => option.Name == "--output") is { } output
        && parsed.GetResult(output) is { Tokens: [{ Value: "json" or "events" } token] } ? token.Value : "text";

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult result) =>
        (result.Parent is System.CommandLine.Parsing.CommandResult parent ? Names(parent) : []).Append(result.Command.Name);
}
