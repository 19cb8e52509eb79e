using Bridle.Cli;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;

// Asked for by scripts and by every bug report: answered before anything else is loaded.
if (args is ["--version"])
{
    Console.Out.WriteLine(BridleVersion.Text);
    return ExitCode.Done;
}

var environment = HostEnvironment.Current();
using var interrupts = Interrupts.OfThisProcess();
return await CommandLine.RunAsync(args, new CommandContext(CommandIo.Console(environment), environment) { Interrupts = interrupts });
