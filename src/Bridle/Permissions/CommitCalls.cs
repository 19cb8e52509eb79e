using System.Text.Json;
using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Knows calls that make a commit.</summary>
public static class CommitCalls
{
    private static readonly HashSet<string> s_plain =
        ["-q", "--quiet", "-n", "--no-verify", "-s", "--signoff", "--amend", "--no-edit", "--allow-empty", "--allow-empty-message", "--no-gpg-sign", "--no-status", "--dry-run", "-v", "--verbose"];

    private const int MostAliases = 10;

    /// <summary>
    /// Whether the call runs <c>git commit</c>, by the tool for git or anywhere in a command, also by a name that git's configuration gives it; a command that cannot be read counts
    /// when it names both words, and so does a computed program that is told to commit. What a script does that the command runs is not seen.
    /// </summary>
    /// <param name="invocation">The call.</param>
    /// <param name="aliases">The names that git's files give to commands; asked only where a command runs git under a verb that is none of git's own.</param>
    public static bool Makes(ToolInvocation invocation, Func<IReadOnlyDictionary<string, string>>? aliases = null)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        if (invocation is not { Tool.Definition: { } definition, Input: { } input })
        {
            return false;
        }

        if (definition.Name is GitCalls.Tool)
        {
            return input.Json.ValueKind is JsonValueKind.Object && input.Json.TryGetProperty("verb", out var verb) && verb.ValueKind is JsonValueKind.String && verb.ValueEquals("commit"u8);
        }

        return input.Targets.OfType<CommandTarget>().Any(target => target.Command.Contains("commit", StringComparison.Ordinal) || target.Command.Contains("git", StringComparison.Ordinal))
            && CallReader.Read(definition, input, invocation.Scope.Files, invocation.Scope.WorkingDirectory).Commands.Any(command => Makes(command, aliases ?? (() => None)));
    }

    /// <summary>
    /// Whether a call that makes a commit may take up more than is staged when it begins: it stages as well, or names what it commits. What cannot be read does; what another program than git
    /// stages is not seen.
    /// </summary>
    public static bool StagesToo(ToolInvocation invocation)
    {
        ArgumentNullException.ThrowIfNull(invocation);
        if (invocation is not { Tool.Definition: { } definition, Input: { } input })
        {
            return true;
        }

        if (definition.Name is GitCalls.Tool)
        {
            return !input.Json.TryGetProperty("arguments", out var words) || words.ValueKind is not JsonValueKind.Array
                ? false : TakesMore([.. words.EnumerateArray().Select(word => word.ValueKind is JsonValueKind.String ? word.GetString()! : "")]);
        }

        return CallReader.Read(definition, input, invocation.Scope.Files, invocation.Scope.WorkingDirectory).Commands.Any(command =>
            command.Script.Problem is not null || command.Reading.Commands.Any(one => IsComputed(one) || (one.Name is "git" && StagesToo(one.Texts))));
    }

    private static bool StagesToo(IReadOnlyList<string> words) =>
        GitVerbs.SkipGlobalOptions(words) is var verb && verb.Count > 1 && verb[1] is "commit" ? TakesMore([.. verb.Skip(2)]) : !GitVerbs.OnlyLooks(words);

    // Words of git commit that leave the index as it is; any other may name a file or be an option that stages.
    private static bool TakesMore(List<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is "-m" or "-F" or "-C" or "--message" or "--author" or "--date" or "--file")
            {
                i++;
            }
            else if (!s_plain.Contains(words[i]) && !words[i].StartsWith("--message=", StringComparison.Ordinal) && !words[i].StartsWith("--author=", StringComparison.Ordinal)
                && !words[i].StartsWith("--date=", StringComparison.Ordinal) && !(words[i] is ['-', 'm', _, ..] or ['-', 'q', 'm']))
            {
                return true;
            }
        }

        return false;
    }

    private static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    private static bool Makes(JudgedCommand command, Func<IReadOnlyDictionary<string, string>> aliases) =>
        command.Reading.Commands.Any(one => one.Name is "git" ? Commits(one.Texts, aliases) : IsComputed(one) && one.Texts.Skip(1).Contains("commit"))
        || (command.Script.Problem is not null && command.Text.Contains("git", StringComparison.Ordinal) && command.Text.Contains("commit", StringComparison.Ordinal));

    private static bool IsComputed(FoundCommand command) => command.Words[0].Value is null;

    private static bool Commits(IReadOnlyList<string> words, Func<IReadOnlyDictionary<string, string>> aliases)
    {
        var verb = GitVerbs.SkipGlobalOptions(words);
        if (verb.Count < 2 || verb[1] is "commit" || GitVerbs.IsKnown(verb[1]))
        {
            return verb.Count > 1 && verb[1] is "commit";
        }

        // What the command itself says of a name is stronger than any file; with --config-env nobody knows what it says.
        var own = words.Take(words.Count - verb.Count + 1).SelectMany(word => AliasIn(word.StartsWith("--config-env=", StringComparison.Ordinal) ? word[13..] : word)).ToList();
        return own.LastOrDefault(one => one!.Value.Name.Equals(verb[1], StringComparison.OrdinalIgnoreCase)) is { } given ? words.Any(word => word.StartsWith("--config-env", StringComparison.Ordinal)) || Means(given.Value, aliases, 0)
            : aliases().TryGetValue(verb[1], out var value) && Means(value, aliases, 0);
    }

    private static IEnumerable<(string Name, string Value)?> AliasIn(string word)
    {
        var end = word.IndexOf('=');
        return word.StartsWith("alias.", StringComparison.OrdinalIgnoreCase) && end > 6 ? [(word[6..end], word[(end + 1)..])] : [];
    }

    // An alias is words of git, or with an exclamation mark text for a shell.
    private static bool Means(string value, Func<IReadOnlyDictionary<string, string>> aliases, int depth)
    {
        value = value.Trim();
        if (value.StartsWith('!') || depth > MostAliases)
        {
            return value.Contains("commit", StringComparison.Ordinal);
        }

        var verb = GitVerbs.SkipGlobalOptions(["git", .. value.Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries)]);
        return verb.Count > 1 && (verb[1] is "commit" || (!GitVerbs.IsKnown(verb[1]) && aliases().TryGetValue(verb[1], out var next) && Means(next, aliases, depth + 1)));
    }
}
