using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Cases;
using Bridle.Hosting.Sandboxes;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle sandbox</c>: what confines commands here, and whether it holds.</summary>
internal static class SandboxCommand
{
    public static Command Build(CommandContext context) => new("sandbox", "Show and check what confines commands") { BuildReport(context), BuildCheck(context) };

    private static Command BuildReport(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object" };
        var flag = new Option<string?>("--sandbox") { Description = "As for a run: auto, required or off", HelpName = "HOW" };
        var command = new Command("report", "Show what is requested, what is enforced and by what, and what runs outside") { json, flag };
        command.SetAction(async parsed =>
        {
            var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
            if (files.Problem is { } problem)
            {
                return RunCommand.Refuse(context, "text", new(problem.Kind, problem.Message, problem.Advice), ExitCode.Usage);
            }

            var report = await SandboxReport.OfAsync(files, context.Environment.CurrentDirectory, parsed.GetValue(flag), files.Layers.Effective.Sandbox?.Backend is "container" ? SandboxDecision.For(files) : SandboxDecision.All, TimeProvider.System);
            if (report.Decision.Refused is { } refused)
            {
                return RunCommand.Refuse(context, "text", new(refused.Kind, refused.Message, refused.Advice), ExitCode.Usage);
            }

            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(report.Json());
                return ExitCode.Done;
            }

            foreach (var line in report.Lines())
            {
                context.Io.Tell(VisibleText.Of(line), hang: 13);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildCheck(CommandContext context)
    {
        var file = new Option<string>("--cases") { Description = "A file with one case a line, as JSON", HelpName = "FILE", Required = true };
        var backend = new Option<string?>("--backend") { Description = "The backend to check; the first that works when it is left out", HelpName = "NAME" };
        backend.AcceptOnlyFromAmong([.. SandboxDecision.All.Select(one => one.Name)]);
        var command = new Command("check", "Run the sandbox cases of a file for real and compare the verdicts") { file, backend };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = Path.GetFullPath(parsed.GetValue(file)!, context.Environment.CurrentDirectory);
            using var scope = context.Interrupts.Begin(cancellationToken);
            try
            {
                var cases = SandboxCase.Read(CaseFile.Lines(path)) is { Count: > 0 } read ? read : throw new FormatException("It holds no case of the class 'sandbox'.");
                return await CheckAsync(context, cases, parsed.GetValue(backend), scope.Token);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or FormatException)
            {
                return RunCommand.Refuse(context, "text", new("usage", $"{path} cannot be used. {unreadable.Message}", "Give a file with one JSON object a line."), ExitCode.Usage);
            }
        });
        return command;
    }

    private static async Task<int> CheckAsync(CommandContext context, IReadOnlyList<SandboxCase> cases, string? backend, CancellationToken cancellationToken)
    {
        var asked = SandboxDecision.All.Where(one => backend is null || one.Name == backend).ToList();
        if (asked.Find(one => one.Probe().Works) is not { } sandbox)
        {
            var why = string.Join(' ', asked.Select(one => $"{one.Name}: {one.Probe().Detail}"));
            return RunCommand.Refuse(context, "text", new("sandbox", $"No sandbox can be started, so nothing can be checked. {why}", "Install bubblewrap, or see `bridle doctor`."), ExitCode.Usage);
        }

        var scratch = Path.Combine(Path.GetTempPath(), $"bridle-check-{Guid.NewGuid():N}");
        var run = new SandboxCaseRun(sandbox, scratch, TimeProvider.System);
        var (passed, failed, skipped) = (0, 0, 0);
        foreach (var one in cases)
        {
            var result = await run.RunAsync(one, cancellationToken);
            if (result.Got is null)
            {
                skipped++;
                context.Io.Tell(VisibleText.Of($"not run {one.Id} sandbox: {result.Why}"));
            }
            else if (result.IsRight)
            {
                passed++;
            }
            else
            {
                failed++;
                context.Io.Tell(VisibleText.Of($"{one.Id} sandbox {one.Input.GetRawText()}: expected {one.Expected}, got {result.Got} ({result.Why})"));
            }
        }

        if (Directory.Exists(scratch))
        {
            Directory.Delete(scratch, recursive: true);
        }

        if (skipped > 0)
        {
            context.Io.Tell($"{skipped} not run");
        }

        context.Io.Tell($"{passed} passed, {failed} failed");
        return failed == 0 ? ExitCode.Done : ExitCode.Failed;
    }
}
