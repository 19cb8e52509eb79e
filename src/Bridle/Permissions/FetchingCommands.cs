using System.Collections.Frozen;
using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>
/// Finds the families whose packages a call fetches. Only where every command in it is known: one that fetches, or one that looks or handles files beside it. What a
/// build runs is the project's own and reaches the same registries; what stands beside it in the text needs them for nothing.
/// </summary>
internal static class FetchingCommands
{
    private static readonly FrozenSet<string> Beside = FrozenSet.Create([.. CommandEffects.Editors, "set", "exit", "tee", "sleep", "wait", ":"]);

    // Words by which a build is told to send something there.
    private static readonly string[] s_sending = ["publish", "deploy", "push", "upload"];

    /// <summary>The names of the families, in their order; none where one command is not known.</summary>
    public static IReadOnlyList<string> Among(CallToJudge call)
    {
        if (call.Fetching.Count == 0 || call.Commands.Count == 0 || call.Commands.Any(command => command.OffList is not null || DefinesFunctions(command)))
        {
            return [];
        }

        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var command in call.Commands)
        {
            foreach (var one in command.Direct)
            {
                var words = AllowedWrappers.Strip(one.Words);
                var family = FamilyOf(words, call.Fetching);
                if (family is null && !IsHarmlessBeside(one, words, call.Fetching))
                {
                    return [];
                }

                found.UnionWith(family is null ? [] : [family]);
            }
        }

        return [.. call.Fetching.Select(one => one.Family).Where(found.Contains)];
    }

    // A function may bear the name of a program.
    private static bool DefinesFunctions(JudgedCommand command) => ShellWalk.All(command.Script.Body).OfType<FunctionDefinition>().Any();

    private static string? FamilyOf(IReadOnlyList<ShellWord> words, IReadOnlyList<PackageFetching> fetching) =>
        fetching.FirstOrDefault(one => one.Commands.Select(command => command.Split(' ')).Any(command => IsCommand(words, command) && !words.Skip(1).Any(word => !command.Contains(word.Text) && Sends(word.Text))))?.Family;

    // A program of a family that fetches nothing: what it runs is the project's own, as it is when packages are built.
    private static bool IsHarmlessBeside(FoundCommand one, IReadOnlyList<ShellWord> words, IReadOnlyList<PackageFetching> fetching) =>
        words[0].Plain && !words[0].Text.Contains('/') && !ShellWords.RunsItsArguments([.. words.Select(word => word.Text)])
        && (Beside.Contains(words[0].Text) || CommandEffects.OnlyLooks(new FoundCommand(words, one.Assignments, one.Wrappers))
            || fetching.Any(family => family.Commands.Any(command => command.Split(' ')[0] == words[0].Text) && words.Count > 1 && words[1] is { Plain: true, Text: "test" or "run" or "start" or "--version" or "-v" }));

    // The words that follow the program, with options and their values before each.
    private static bool IsCommand(IReadOnlyList<ShellWord> words, string[] command)
    {
        if (!words[0].Plain || words[0].Text != command[0])
        {
            return false;
        }

        var at = 1;
        foreach (var wanted in command.Skip(1))
        {
            while (at < words.Count && words[at] is { Plain: true } word && word.Text != wanted && wanted[0] != '-' && (IsOption(word.Text) || (at > 1 && IsOption(words[at - 1].Text) && !words[at - 1].Text.Contains('='))))
            {
                at++;
            }

            if (at >= words.Count || !words[at].Plain || words[at].Text != wanted)
            {
                return false;
            }

            at++;
        }

        return command.Length > 1 || words.Skip(1).All(word => word.Plain && IsOption(word.Text));
    }

    private static bool IsOption(string word) => word is ['-', _, ..];

    private static bool Sends(string word) => s_sending.Any(sending => word.AsSpan(word.LastIndexOf(':') + 1).StartsWith(sending, StringComparison.OrdinalIgnoreCase));
}
