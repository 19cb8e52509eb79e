using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>
/// The other spellings of a command: a program's second names for its verbs (<c>npm i</c>), what it takes for one (<c>npm publi</c>), names with a version (<c>npx npm@10</c>), one program
/// inside another (<c>python -m pip</c>). A rule that denies or asks and says one of them speaks of them all; a rule that allows speaks of what it says.
/// </summary>
internal static class SameCommands
{
    private const int Most = 32;
    private const int MostVerbs = 4;

    private static readonly Regex s_pip = new("^pip[0-9.]+$", RegexOptions.CultureInvariant);

    private static readonly FrozenSet<string> s_apt = FrozenSet.Create("apt", "apt-get", "aptitude");

    private static readonly FrozenSet<string> s_dnf = FrozenSet.Create("dnf", "yum", "dnf5", "microdnf");

    private static readonly FrozenSet<string> s_valuedOfPython = FrozenSet.Create("-W", "-X", "--check-hash-based-pycs");

    /// <summary>All of them but the one that it has, as far as there are not too many.</summary>
    public static IEnumerable<IReadOnlyList<ShellWord>> Of(IReadOnlyList<ShellWord> command)
    {
        if (!command[0].Plain || !MayHave(ShellWords.NameOf(command[0].Text)))
        {
            return [];
        }

        var (seen, todo, found) = (new HashSet<string>(StringComparer.Ordinal) { Key(command) }, new Queue<IReadOnlyList<ShellWord>>([command]), new List<IReadOnlyList<ShellWord>>());
        while (todo.TryDequeue(out var one) && found.Count < Most)
        {
            foreach (var other in ByProgram(one).Concat(ByVerb(one)).Where(other => seen.Add(Key(other))))
            {
                found.Add(other);
                todo.Enqueue(other);
            }
        }

        return found;
    }

    private static bool MayHave(string name) => VerbNames.Of(name) is not null || name.Contains('@') || name.StartsWith('p') || s_apt.Contains(name) || s_dnf.Contains(name) || name is "uv" or "docker-compose";

    // What stands behind the first words is the same in all of them.
    private static string Key(IReadOnlyList<ShellWord> words) => string.Join('\n', words.Take(MostVerbs + 4).Select(word => word.Text)) + words.Count;

    private static IEnumerable<IReadOnlyList<ShellWord>> ByProgram(IReadOnlyList<ShellWord> words)
    {
        if (!words[0].Plain)
        {
            yield break;
        }

        var name = ShellWords.NameOf(words[0].Text);
        if (name.IndexOf('@') is > 0 and var at)
        {
            yield return Renamed(words, 1, name[..at]);
        }

        if (s_pip.IsMatch(name))
        {
            yield return Renamed(words, 1, "pip");
        }

        foreach (var family in (FrozenSet<string>[])[s_apt, s_dnf])
        {
            foreach (var other in family.Contains(name) ? family.Where(other => other != name) : [])
            {
                yield return Renamed(words, 1, other);
            }
        }

        if (words is [_, { Plain: true, Text: "pip" }, _, ..] && name is "uv")
        {
            yield return Renamed(words, 2, "pip");
        }

        if (words is [_, { Plain: true, Text: "compose" }, _, ..] && name is "docker")
        {
            yield return Renamed(words, 2, "docker-compose");
        }
        else if (name is "docker-compose")
        {
            yield return Renamed(words, 1, "docker", "compose");
        }

        if (FolderPrograms.IsPython(ShellWords.KindOf(name)) && Module(words) is { } module)
        {
            yield return module;
        }
    }

    // 'python -I -m pip install x': its own options end with '-m'.
    private static IReadOnlyList<ShellWord>? Module(IReadOnlyList<ShellWord> words)
    {
        for (var at = 1; at < words.Count && words[at] is { Plain: true, Text: ['-', not '-', ..] text }; at++)
        {
            if (text.IndexOf('m') is > 0 and var letter && !s_valuedOfPython.Contains(text[..2]))
            {
                return letter + 1 < text.Length ? Renamed(words, at + 1, text[(letter + 1)..]) : at + 1 < words.Count && words[at + 1].Plain ? Renamed(words, at + 2, words[at + 1].Text) : null;
            }

            at += s_valuedOfPython.Contains(text) ? 1 : 0;
        }

        return null;
    }

    private static IEnumerable<IReadOnlyList<ShellWord>> ByVerb(IReadOnlyList<ShellWord> words)
    {
        if (words.Count < 2 || !words[0].Plain || VerbNames.Of(ShellWords.NameOf(words[0].Text)) is not { } verbs)
        {
            yield break;
        }

        foreach (var at in VerbsOf(words).Take(MostVerbs))
        {
            foreach (var (count, other) in words[at].Plain ? verbs.OthersOf(words[at].Text, at + 1 < words.Count && words[at + 1].Plain ? words[at + 1].Text : null) : [])
            {
                yield return [.. words.Take(at), .. other.Split(' ').Select(word => ShellWord.Bare(words[at].Span, word)), .. words.Skip(at + count)];
            }
        }
    }

    private static IEnumerable<int> VerbsOf(IReadOnlyList<ShellWord> words)
    {
        if (words[1].Text is not ['-' or '+', _, ..])
        {
            return [1];
        }

        return GlobalOptions.Of(ShellWords.NameOf(words[0].Text)) is { } options ? VerbPath.VerbsOf([.. words.Take(Most).Select(word => WordShape.Of(word, null))], options)
            : words.Index().Where(word => word.Index > 0 && word.Item.Text is not ['-', _, ..]).Select(word => word.Index).Take(1);
    }

    private static IReadOnlyList<ShellWord> Renamed(IReadOnlyList<ShellWord> words, int from, params IReadOnlyList<string> names) => [.. names.Select(name => ShellWord.Bare(words[0].Span, name)), .. words.Skip(from)];
}
