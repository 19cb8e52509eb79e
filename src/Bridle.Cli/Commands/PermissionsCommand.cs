using System.CommandLine;
using Bridle.Cli.Output;
using Bridle.Hosting.Cases;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle permissions</c>: what may run, why, and what was agreed to.</summary>
internal static class PermissionsCommand
{
    public static Command Build(CommandContext context) => new("permissions", "Show, explain and check what may run unasked") { BuildCheck(context) };

    private static Command BuildCheck(CommandContext context)
    {
        var file = new Option<FileInfo>("--cases") { Description = "The cases, one JSON object a line (docs/permissions.md)", HelpName = "FILE", Required = true };
        var command = new Command("check", "Judge a file of cases with the real engine") { file };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!.FullName;
            try
            {
                var outcomes = JudgeCase.Read(File.ReadLines(path)).Select(CaseJudge.Judge).ToList();
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
}
