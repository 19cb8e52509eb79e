using System.CommandLine;
using Bridle.Hosting.Goals;

namespace Bridle.Cli.Commands.Goals;

/// <summary><c>bridle goal new</c>: begins the file of a goal.</summary>
internal static class GoalNewCommand
{
    public static Command Build(CommandContext context)
    {
        var id = new Argument<string>("id") { Description = "Lower-case letters, digits, dots, hyphens and underscores" };
        var objective = new Option<string>("--objective") { Description = "What is to be reached", HelpName = "TEXT", Required = true };
        var phases = Many("--phase", "The title of a phase, in their order", "TITLE");
        phases.Required = true;
        var read = Many("--context", "A path that every run reads first", "PATH");
        var invariants = Many("--invariant", "What must hold all the time, in words", "TEXT");
        var verify = Many("--verify", "A command that must succeed before the last phase is done", "COMMAND");
        var seal = Many("--seal", "Files that no run may change, such as 'tests/**'", "PATTERN");
        var posture = new Option<string?>("--posture") { Description = $"How freely phases work: {string.Join(", ", GoalPosture.Words)}, or a sentence for the model", HelpName = "HOW" };
        posture.CompletionSources.Add([.. GoalPosture.Words]);
        var most = new Option<decimal?>("--max-cost") { Description = "US dollars that all runs of the goal together may cost", HelpName = "USD", CustomParser = GivenNumber.OrNone<decimal> };
        var folder = GoalCommand.InFolder();
        var command = new Command("new", "Begin a goal: .bridle/goals/ID.json") { id, objective, phases, read, invariants, verify, seal, posture, most, folder };
        command.SetAction(parsed =>
        {
            var wanted = new NewGoal(parsed.GetValue(id)!, parsed.GetValue(objective)!, parsed.GetValue(phases) ?? [])
            {
                Context = parsed.GetValue(read) ?? [], Invariants = parsed.GetValue(invariants) ?? [], Verify = parsed.GetValue(verify) ?? [], Seal = parsed.GetValue(seal) ?? [], Posture = parsed.GetValue(posture), MaxCost = parsed.GetValue(most),
            };
            var (file, problem) = new GoalShelf(FolderArgument.Full(parsed.GetValue(folder), context.Environment)).Make(wanted, TimeProvider.System.GetUtcNow());
            if (file is null)
            {
                return RunCommand.Refuse(context, "text", new("usage", problem!, ""), ExitCode.Usage);
            }

            context.Io.Out.WriteLine(file);
            context.Io.TellError($"What a phase does in more words, and what is checked of it, is written into the file; then `bridle goal run {parsed.GetValue(id)}`.");
            return ExitCode.Done;
        });
        return command;
    }

    private static Option<string[]> Many(string name, string description, string value) => new(name) { Description = $"{description}; may be repeated", HelpName = value, Arity = new(1, 100) };
}
