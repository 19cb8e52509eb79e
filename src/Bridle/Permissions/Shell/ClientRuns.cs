using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions.Shell;

/// <summary>What clients of databases and networks, and small languages, are told to run: by signs in the texts that they are given, or by what stands on their input.</summary>
internal static class ClientRuns
{
    private static readonly FrozenSet<string> Postgres = FrozenSet.Create("psql", "pgcli");

    private static readonly FrozenSet<string> MySql = FrozenSet.Create("mysql", "mariadb", "mycli");

    // What reads commands from its input, of which some run programs or send files.
    private static readonly FrozenSet<string> OnInput = FrozenSet.Create("ftp", "lftp", "sftp", "tftp", "telnet", "m4", "expect", "dc");

    private static readonly Regex MySqlCommand = new(@"(^|[;\s])(system|source|tee|pager|edit)\s", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex CopyProgram = new(@"\bprogram\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex Started = new(@"\b(spawn|exec|system|syscmd|esyscmd)\b[\s({\[]*", RegexOptions.CultureInvariant);

    private static readonly Regex Address = new(@"^(exec|system|shell):", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>All of it.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command) =>
        command.Name is "socat" ? command.Words.Skip(1).SelectMany(OfAddress)
        : OnInput.Contains(command.Name) ? OfInput(command)
        : Problem(command.Texts, 1) is { } why ? Shown(command).Append(new InnerCommand.Unknown(why, Files: true))
        : [];

    /// <summary>Why a rule that names the first words of a client of a database does not cover the rest, or null.</summary>
    public static string? Problem(IReadOnlyList<string> words, int named)
    {
        var name = ShellWords.NameOf(words[0]);
        if (Postgres.Contains(name))
        {
            return words.Skip(named).FirstOrDefault(word => word.Contains('\\') || CopyProgram.IsMatch(word)) is { } text ? $"'{text}' can run programs or touch other files"
                : !HasOption(words, 'c', "--command", "aAbeEHlnqsStxXz01") && !words.Any(word => word is "-l" or "--list" or "-V" or "--version" or "--help") ? $"'{name}' takes its commands from a file or its input"
                : null;
        }

        return !MySql.Contains(name) ? null
            : words.Skip(named).FirstOrDefault(word => word.Contains('\\') || MySqlCommand.IsMatch(word)) is { } run ? $"'{run}' can run programs or touch other files"
            : !HasOption(words, 'e', "--execute", "ABbCcfGHijLnNqrstUvVwX") && !words.Any(word => word is "-V" or "--version" or "--help") ? $"'{name}' takes its commands from its input"
            : null;
    }

    // Alone, with its text behind it, or at the end of letters that take none.
    private static bool HasOption(IReadOnlyList<string> words, char letter, string name, string flags) => words.Skip(1).Any(word =>
        word.Split('=')[0] == name
        || (word is ['-', not '-', ..] && word.IndexOf(letter, StringComparison.Ordinal) is > 0 and var at && word.AsSpan(1, at - 1).IndexOfAnyExcept(flags) < 0));

    // Texts behind a sign for a shell, as they stand in what is given.
    private static IEnumerable<InnerCommand> Shown(FoundCommand command)
    {
        foreach (var text in command.Texts.Skip(1))
        {
            for (var at = text.IndexOf("\\!", StringComparison.Ordinal); at >= 0; at = text.IndexOf("\\!", at + 2, StringComparison.Ordinal))
            {
                yield return new InnerCommand.Text(text[(at + 2)..].Split('\n')[0], Certain: false);
            }

            foreach (Match match in MySqlCommand.Matches(text))
            {
                yield return new InnerCommand.Text(text[(match.Index + match.Length)..].Split(';', '\n')[0], Certain: false);
            }

            if (CopyProgram.Match(text) is { Success: true } program)
            {
                yield return new InnerCommand.Text(text[(program.Index + program.Length)..].Trim().Trim('\''), Certain: false);
            }
        }
    }

    private static IEnumerable<InnerCommand> OfInput(FoundCommand command)
    {
        foreach (var text in command.Texts.Skip(1))
        {
            if (text.IndexOf('!', StringComparison.Ordinal) is >= 0 and var bang)
            {
                yield return new InnerCommand.Text(text[(bang + 1)..], Certain: false);
            }

            foreach (Match match in Started.Matches(text))
            {
                yield return new InnerCommand.Text(text[(match.Index + match.Length)..].Split(';', '\n')[0].TrimEnd(' ', ')', '}', ']'), Certain: false);
            }
        }

        if (!command.Texts.Skip(1).Any(text => text is "--version" or "--help"))
        {
            yield return new InnerCommand.Unknown($"'{command.Name}' runs what it is given on its input or in a file", Files: true);
        }
    }

    private static IEnumerable<InnerCommand> OfAddress(ShellWord word)
    {
        var text = word.Text;
        if (Address.Match(text) is not { Success: true } start)
        {
            return [];
        }

        text = text[start.Length..];
        InnerCommand[] read = [new InnerCommand.Text(text, Certain: false), new InnerCommand.Text(text.Split(',')[0].Trim('"', '\''), Certain: false)];
        return word.Plain && text.AsSpan().IndexOfAny('\\', '"', '\'') < 0 ? read : [.. read, new InnerCommand.Unknown("what 'socat' runs cannot be read")];
    }
}
