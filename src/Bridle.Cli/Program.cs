using Bridle.Cli;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;

// Asked for by scripts and by every bug report: answered before anything else is loaded.
if (args is ["--version"])
{
    var text = new OutputPipe(ClosedAtStart.Output ? new ClosedAtStart.Writer() : Console.Out, () => { });
    text.WriteLine(BridleVersion.Text);
    text.Flush();
    Tell(text.Problem, line => new OutputPipe(OutputPipe.StandardError(), () => { }).WriteLine(line));
    return text.Broken ? ExitCode.Failed : ExitCode.Done;
}

var started = false;
try
{
    var environment = HostEnvironment.Current();
    started = true;
    if (args is ["run" or "chat", ..])
    {
        Harness.GetReady();
    }

    ProcessEnvironment.HideSecrets();
    using var interrupts = Interrupts.OfThisProcess();
    var io = CommandIo.Console(environment, interrupts.OutputIsGone);
    var code = await CommandLine.RunAsync(args, new CommandContext(io, environment) { Interrupts = interrupts });
    Tell(io.OutProblem, line => io.TellError(line));
    return io.OutIsBroken ? ExitCode.Failed : code;
}
catch (DirectoryNotFoundException gone) when (!started)
{
    // Nothing of the program ran: what it needs is not there.
    OutputPipe.StandardError().WriteLine($"bridle: {VisibleText.Of(gone.Message)}");
    return ExitCode.Usage;
}
catch (Exception unexpected)
{
    // The last resort: a person reads what happened, not a stack.
    OutputPipe.StandardError().WriteLine($"bridle: {VisibleText.Of(unexpected.Message)} ({unexpected.GetType().Name})");
    return ExitCode.Failed;
}

static void Tell(string? problem, Action<string> tell)
{
    if (problem is not null)
    {
        tell($"bridle: Standard output cannot be written ({VisibleText.Of(problem)}), so not all of it arrived. What was said is in the session, where there is one.");
    }
}
