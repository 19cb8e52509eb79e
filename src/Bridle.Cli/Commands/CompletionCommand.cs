using System.CommandLine;
using Bridle.Cli.Completion;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle completion</c>: prints a script that completes commands, flags and fixed values in a shell.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Build(CommandContext context, Command root)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completion", "Print a completion script: eval \"$(bridle completion bash)\"") { shell };
        command.SetAction(parsed =>
        {
            var words = CompletionWords.Of(root);
            context.Io.Out.Write(parsed.GetValue(shell) switch
            {
                "zsh" => ZshScript.Write(words),
                "fish" => FishScript.Write(words),
                _ => BashScript.Write(words),
            });
            return ExitCode.Done;
        });
        return command;
    }
}
