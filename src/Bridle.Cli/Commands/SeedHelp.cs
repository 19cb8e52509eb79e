using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Bridle.Cli.Commands;

/// <summary>The usual help, and for the program without a command also which flags exclude each other.</summary>
internal sealed class SeedHelp : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        new HelpAction().Invoke(parseResult);
        if (parseResult.CommandResult.Parent is null)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(SeedFlags.Groups);
        }

        return ExitCode.Done;
    }
}
