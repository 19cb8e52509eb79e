using System.CommandLine;
using Bridle.Cli.Commands;
using Bridle.Cli.Output;

namespace Bridle.Cli;

/// <summary>The program as a function of its arguments and its surroundings.</summary>
internal static class CommandLine
{
    /// <summary>Runs a command line and gives the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandContext context, CancellationToken cancellationToken = default)
    {
        var parsed = Build(context, arguments.Count > 0 ? arguments[0] : null).Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action?.ClearsParseErrors is not true)
        {
            return Refuse(parsed, context);
        }

        var invocation = new InvocationConfiguration
        {
            Output = context.Io.Out, Error = context.Io.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(invocation, cancellationToken);
    }

    /// <summary>The tree of commands; only the branch of <paramref name="first"/> when that names one that needs no other, so that a start builds no more than it uses.</summary>
    public static RootCommand Build(CommandContext context, string? first = null)
    {
        var root = new RootCommand("Bridle: an agent that works on your files and can be checked afterwards");
        switch (first)
        {
            case "run":
                root.Add(RunCommand.Build(context));
                break;
            case "chat":
                root.Add(ChatCommand.Build(context));
                break;
            default:
                AddAll(root, context);
                break;
        }

        root.SetAction(parsed =>
        {
            new System.CommandLine.Help.HelpAction().Invoke(parsed);
            return ExitCode.Usage;
        });
        return root;
    }

    private static void AddAll(RootCommand root, CommandContext context)
    {
        root.Add(RunCommand.Build(context));
        root.Add(ChatCommand.Build(context));
        root.Add(InitCommand.Build(context));
        root.Add(ModelsCommand.Build(context));
        root.Add(SessionsCommand.Build(context));
        root.Add(DoctorCommand.Build(context));
        root.Add(CompletionCommand.Build(context, root));
    }

    private static int Refuse(ParseResult parsed, CommandContext context)
    {
        var format = parsed.CommandResult.Command.Options.OfType<Option<string>>().FirstOrDefault(option => option.Name == "--output") is { } output
            && parsed.GetResult(output) is { Tokens: [{ Value: "json" or "events" } token] } ? token.Value : "text";
        var message = string.Join(' ', parsed.Errors.Select(error => error.Message.TrimEnd('.') + ".").Distinct());
        var path = string.Join(' ', Names(parsed.CommandResult));
        return RunCommand.Refuse(context, format, new Failure("usage", message, $"See `{path} --help`."), ExitCode.Usage);
    }

    private static IEnumerable<string> Names(System.CommandLine.Parsing.CommandResult result) =>
        (result.Parent is System.CommandLine.Parsing.CommandResult parent ? Names(parent) : []).Append(result.Command is RootCommand ? "bridle" : result.Command.Name);
}
