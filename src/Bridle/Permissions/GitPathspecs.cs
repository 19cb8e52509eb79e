using System.Collections.Frozen;
using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>Words that git itself takes for patterns or signs, so that quotes keep them from the shell and not from git: <c>git rm '*.txt'</c>, <c>git add ':/.env'</c>.</summary>
internal static class GitPathspecs
{
    private static readonly FrozenSet<string> Verbs = FrozenSet.Create("add", "rm", "mv", "restore", "checkout", "reset", "stash", "commit", "clean");

    private static readonly FrozenSet<string> TakesFolders = FrozenSet.Create("rm", "mv", "restore", "checkout", "stash", "clean");

    private static readonly FrozenSet<string> WithMessage = FrozenSet.Create("commit", "stash");

    // Options of these verbs that take no word of their own.
    private static readonly FrozenSet<string> Flags = FrozenSet.Create(
        "-a", "--all", "-q", "--quiet", "-n", "--no-verify", "-s", "--signoff", "--amend", "--no-edit", "--allow-empty", "--allow-empty-message", "--no-gpg-sign", "-v", "--verbose",
        "push", "save", "-u", "--include-untracked", "-k", "--keep-index", "--staged");

    /// <summary>All of them that may stand for files: no messages.</summary>
    public static IEnumerable<string> Of(CommandReading reading) => reading.Commands.Where(command => command.Name is "git").SelectMany(Of).Distinct();

    /// <summary>The folder that a command of git puts other files into or takes away as a whole while a rule denies, or asks about, one that may lie in it; or null.</summary>
    public static (string Folder, PermissionRule Rule)? FolderTaken(JudgedCommand command, CompiledRules rules)
    {
        foreach (var words in command.Reading.Commands.Where(one => one.Name is "git").Select(one => one.Texts))
        {
            var verb = GitVerbs.VerbAt(words);
            if (verb >= words.Count || !TakesFolders.Contains(words[verb]))
            {
                continue;
            }

            foreach (var word in words.Skip(verb + 1))
            {
                var folders = command.PathsOf(word).Where(path => path.Path.Kind is FileKind.Directory).ToList();
                if (folders.Count > 0 && rules.Of(Verdict.Deny).Concat(rules.Of(Verdict.Ask)).FirstOrDefault(entry => entry.Path is { } path && folders.Exists(one => path.MayMatchIn(one.Path.Normalised) || path.MayMatchIn(one.Path.Real))).Rule is { } rule)
                {
                    return (word, rule);
                }
            }
        }

        return null;
    }

    /// <summary>The pattern for names that is in one, without its signs.</summary>
    public static string NamesIn(string spec)
    {
        var names = spec is [':', '(', ..] && spec.IndexOf(')', StringComparison.Ordinal) is > 0 and var end ? spec[(end + 1)..] : spec is [':', ..] ? spec.TrimStart(':', '/', '!', '^') : spec;
        return names.Replace("\\", "", StringComparison.Ordinal);
    }

    private static IEnumerable<string> Of(FoundCommand command)
    {
        var words = command.Texts;
        var verb = GitVerbs.VerbAt(words);
        if (verb >= words.Count || !Verbs.Contains(words[verb]))
        {
            yield break;
        }

        // A message is one only where no word before it can have taken the '-m' for itself.
        var onlyFlags = WithMessage.Contains(words[verb]);
        var dashes = false;
        for (var i = verb + 1; i < words.Count; i++)
        {
            if (onlyFlags && words[i] is "-m" or "--message" or "-am" or "-qm" or "-aqm" or "-qam")
            {
                i++;
            }
            else if (onlyFlags && (words[i].StartsWith("--message=", StringComparison.Ordinal) || words[i] is ['-', 'm', ..]))
            {
                continue;
            }
            else
            {
                dashes |= words[i] is "--";
                onlyFlags &= Flags.Contains(words[i]);
                if (words[i] is [':', ..] || (words[i] is not ['-', ..] || dashes) && words[i].AsSpan().IndexOfAny("*?[\\") >= 0)
                {
                    yield return words[i];
                }
            }
        }
    }
}
