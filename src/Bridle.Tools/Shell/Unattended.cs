using System.Text.RegularExpressions;

namespace Bridle.Tools.Shell;

/// <summary>Knows commands that would wait for a person.</summary>
internal static partial class Unattended
{
    /// <summary>Why a command should not be started, or null. Project scaffolders ask questions unless told not to.</summary>
    public static string? Refuse(string command) =>
        Scaffolder().IsMatch(command) && !Answered().IsMatch(command)
            ? "This command asks questions and nobody can answer them. Run it with its flag for that (such as --yes or -y and the options you want)."
            : null;

    /// <summary>What to add when a command ran out of time at what looks like a question; empty when it does not.</summary>
    public static string Hint(string lastLine) =>
        Question().IsMatch(lastLine) ? $" It looks as if it waits for an answer (\"{lastLine.Trim()}\"), but there is no input: use its flag for running unattended (such as --yes), or pipe the answers in." : "";

    [GeneratedRegex(@"(^|[;&\n(]|\|\|)\s*(npm\s+(init|create)|yarn\s+create|pnpm\s+(create|dlx\s+create-)|bun\s+create|bunx\s+create-|npx\s+create-|composer\s+create-project|cargo\s+generate|cookiecutter)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Scaffolder();

    [GeneratedRegex(@"\s(-y|--yes|--defaults?|--template|-t|--no-input|--no-interaction|-n|--no-interactive|--non-interactive|--help|-h)(\s|=|$)|(^|[\s;&|(])(yes|CI=\S+)\b|<", RegexOptions.CultureInvariant)]
    private static partial Regex Answered();

    [GeneratedRegex(@"(\?|\[y(es)?/n(o)?\]|\(y(es)?/n(o)?\)|password.*:|continue|enter .*:|[^\s:]+:|>)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Question();
}
