using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>What git is told to run: by settings for one command or for good, by aliases, by options of its verbs, by transports.</summary>
internal static class GitRuns
{
    private static readonly FrozenSet<string> PlainSections = FrozenSet.Create("user", "author", "committer", "color", "advice", "safe", "column", "i18n", "status", "commit", "tag", "branch", "push", "pull");

    // Settings that name a place with more settings or programs in it.
    private static readonly FrozenSet<string> Places = FrozenSet.Create("core.hookspath", "include.path", "init.templatedir", "core.attributesfile", "core.worktree");

    private static readonly string[] TextOptions =
        ["--exec", "--upload-pack", "--receive-pack", "--extcmd", "--open-files-in-pager", "--smtp-server", "--to-cmd", "--cc-cmd", "--header-cmd", "--sendmail-cmd",
         "--tree-filter", "--index-filter", "--parent-filter", "--msg-filter", "--commit-filter", "--tag-name-filter", "--env-filter", "--setup", "--browser"];

    /// <summary>All of it.</summary>
    public static IEnumerable<InnerCommand> Of(FoundCommand command)
    {
        var (words, texts) = (command.Words, command.Texts);
        var settings = new List<ShellWord>();
        var at = 1;
        for (; at < words.Count && texts[at] is ['-', ..]; at += GlobalOptions.Git.TakesValue(texts[at]) ? 2 : 1)
        {
            if (texts[at] is "-c" && at + 1 < words.Count)
            {
                settings.Add(words[at + 1]);
            }
            else if (texts[at].StartsWith("--config-env", StringComparison.Ordinal) || texts[at].StartsWith("--exec-path=", StringComparison.Ordinal))
            {
                yield return new InnerCommand.Unknown($"what 'git {texts[at].Split('=')[0]}' makes it run cannot be read");
            }
        }

        if (texts.Any(IsTransport) || (at < texts.Count && texts[at] is "remote-ext" or "remote-fd"))
        {
            yield return new InnerCommand.Unknown("what a transport of git runs cannot be read");
        }

        if (settings.Any(IsComputed))
        {
            yield return new InnerCommand.Unknown("a setting of git is computed");
        }

        var inner = settings.SelectMany(setting => OfSetting(setting.Text));
        if (at < words.Count)
        {
            inner = inner.Concat(OfAlias(words, settings, at)).Concat(OfVerb(words, at)).Concat(OfMistake(words, settings, at));
        }

        foreach (var one in inner)
        {
            yield return one;
        }
    }

    /// <summary>Whether a text names the transport that is a command: at its begin or behind a sign, so that it is no part of a longer word.</summary>
    internal static bool IsTransport(string text)
    {
        for (var at = text.IndexOf("ext::", StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf("ext::", at + 1, StringComparison.OrdinalIgnoreCase))
        {
            if (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_'))
            {
                return true;
            }
        }

        return false;
    }

    // The verb as an alias that this command line itself defines: its words in the place of the verb, or a text with the other words behind it.
    private static IEnumerable<InnerCommand> OfAlias(IReadOnlyList<ShellWord> words, List<ShellWord> settings, int verb)
    {
        foreach (var setting in settings)
        {
            var (key, value) = Split(setting.Text);
            if (!IsAlias(key) || !string.Equals(key.Split('.')[1], words[verb].Text, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (value is ['!', .. var shell])
            {
                yield return new InnerCommand.Text($"{shell} {string.Join(' ', words.Skip(verb + 1).Select(word => word.Text))}", Certain: false);
            }
            else if (ShellParser.Parse(value) is { Problem: null, Body.Items: [{ Command: SimpleCommand { Assignments: [], Redirects: [] } expansion }] })
            {
                // The other settings stay in force, and an alias may stand for another one.
                yield return new InnerCommand.Words([words[0], .. settings.Where(other => other != setting).SelectMany(other => new[] { Dash, other }), .. expansion.Words, .. words.Skip(verb + 1)]);
            }
            else
            {
                yield return new InnerCommand.Unknown("what an alias of git stands for cannot be read");
            }
        }
    }

    // A verb that is none: git may run the one that is most like it.
    private static IEnumerable<InnerCommand> OfMistake(IReadOnlyList<ShellWord> words, List<ShellWord> settings, int verb) =>
        settings.Exists(setting => string.Equals(Split(setting.Text).Key, $"alias.{words[verb].Text}", StringComparison.OrdinalIgnoreCase)) ? []
        : GitSpelling.Like(words[verb].Text).Select(InnerCommand (meant) => new InnerCommand.Words([words[0], ShellWord.Bare(words[verb].Span, meant), .. words.Skip(verb + 1)]));

    /// <summary>What a program of git that is called by its own name does: <c>git-push</c> is <c>git push</c>.</summary>
    public static IEnumerable<InnerCommand> OfProgram(FoundCommand command) =>
        command.Name is ['g', 'i', 't', '-', .. var verb] && GitSpelling.IsVerb(verb)
            ? [new InnerCommand.Words([ShellWord.Bare(command.Words[0].Span, "git"), ShellWord.Bare(command.Words[0].Span, verb), .. command.Words.Skip(1)])] : [];

    private static IEnumerable<InnerCommand> OfVerb(IReadOnlyList<ShellWord> words, int verb)
    {
        var name = words[verb].Text;
        for (var i = verb + 1; i < words.Count; i++)
        {
            var text = words[i].Text;
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var option = equals < 0 ? text : text[..equals];
            var isText = text is ['-', '-', _, _, ..] && TextOptions.Any(one => one.StartsWith(option, StringComparison.Ordinal));
            if (text.StartsWith("ext::", StringComparison.Ordinal))
            {
                yield return new InnerCommand.Text(text[5..], Certain: false);
            }
            else if (isText && (equals > 0 || i + 1 < words.Count))
            {
                yield return Value(equals > 0 ? words[i] : words[i + 1], equals > 0 ? text[(equals + 1)..] : words[i + 1].Text);
            }
            else if (text is ['-', not '-', ..] && LetterOf(name, text) is > 0 and var letter)
            {
                if (letter + 1 < text.Length)
                {
                    yield return Value(words[i], text[(letter + 1)..]);
                }

                if (i + 1 < words.Count && name is not "grep")
                {
                    yield return Value(words[i + 1], words[i + 1].Text);
                }
            }

            if (name is "clone" or "init" && (text is "-c" || (text.Length > 4 && "--config".StartsWith(option, StringComparison.Ordinal))) && (equals > 0 || i + 1 < words.Count))
            {
                foreach (var one in OfSetting(equals > 0 ? text[(equals + 1)..] : words[i + 1].Text))
                {
                    yield return one;
                }
            }
        }

        IReadOnlyList<ShellWord> rest = [.. words.Skip(verb + 1)];
        foreach (var one in name is "config" ? OfConfig(rest) : name is "remote-ext" ? rest.Select(word => Value(word, word.Text)) : [])
        {
            yield return one;
        }

        if ((name, rest) is ("bisect" or "submodule", [{ Text: "run" or "foreach" }, ..]) or ("submodule", [_, { Text: "foreach" }, ..]))
        {
            var start = rest.ToList().FindIndex(word => word.Text is "run" or "foreach") + 1;
            IReadOnlyList<ShellWord> run = [.. rest.Skip(start).SkipWhile(word => word.Text is ['-', ..])];
            if (run.Count > 0)
            {
                yield return new InnerCommand.Words(run);
                yield return Value(run[0], string.Join(' ', run.Select(word => word.Text)));
            }
        }
    }

    private static IEnumerable<InnerCommand> OfConfig(IReadOnlyList<ShellWord> rest)
    {
        var operands = rest.Where(word => word.Text is not ['-', _, ..] && word.Text is not ("set" or "--add")).ToList();
        for (var i = 0; i + 1 < operands.Count; i++)
        {
            // The file or the scope may be a word of its own before the key.
            if (operands[i].Text.Contains('.'))
            {
                if (IsComputed(operands[i]) || (!operands[i + 1].Plain && !IsPlain(operands[i].Text)))
                {
                    yield return new InnerCommand.Unknown("a setting of git is computed");
                }

                foreach (var one in OfSetting($"{operands[i].Text}={operands[i + 1].Text}"))
                {
                    yield return one;
                }
            }
        }
    }

    private static IEnumerable<InnerCommand> OfSetting(string setting)
    {
        var (key, value) = Split(setting);
        if (IsPlain(setting) || value.Length == 0)
        {
            return [];
        }

        if (IsAlias(key))
        {
            return value is ['!', .. var shell] ? [new InnerCommand.Text(shell, Certain: true)] : [new InnerCommand.Text($"git {value}", Certain: false)];
        }

        if (key is "protocol.allow" or "protocol.ext.allow" && value is not ("never" or "user"))
        {
            return [new InnerCommand.Unknown($"'{key}' lets an address name a program")];
        }

        if (Places.Contains(key) || key.StartsWith("includeif.", StringComparison.Ordinal) || key.EndsWith(".vcs", StringComparison.Ordinal))
        {
            return value is "/dev/null" ? [] : [new InnerCommand.Unknown($"what '{key}' makes git run cannot be read")];
        }

        return [new InnerCommand.Text(InnerCommands.Bare(value), Certain: false)];
    }

    private static InnerCommand Value(ShellWord word, string text) =>
        word.Plain || word.Marks is WordMarks.Tilde ? new InnerCommand.Text(text, Certain: false) : new InnerCommand.Unknown("what an option of git runs is computed");

    private static int LetterOf(string verb, string word)
    {
        var letter = verb switch { "rebase" or "difftool" => 'x', "clone" => 'u', "grep" => 'O', _ => '\0' };
        return letter == '\0' ? 0 : Math.Max(word.IndexOf(letter, StringComparison.Ordinal), 0);
    }

    // A name of the person or a colour may be computed behind its key; the key itself must stand there.
    private static bool IsComputed(ShellWord setting) =>
        (setting.Marks & ~WordMarks.Tilde) != 0
        && !(setting.Parts is [LiteralPart { Value: var bare }, ..] && bare.Contains('.') && IsPlain(bare))
        && !(setting.Parts is [DoubleQuotedPart { Parts: [LiteralPart { Value: var quoted }, ..] }, ..] && quoted.Contains('.') && IsPlain(quoted));

    private static bool IsAlias(string key) => key.StartsWith("alias.", StringComparison.Ordinal);

    private static bool IsPlain(string setting) => setting.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && PlainSections.Contains(setting[..dot].ToLowerInvariant());

    private static (string Key, string Value) Split(string setting)
    {
        var equals = setting.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (setting.ToLowerInvariant(), "") : (setting[..equals].ToLowerInvariant(), setting[(equals + 1)..]);
    }

    private static ShellWord Dash { get; } = ShellWord.Bare(new(0, 0), "-c");
}
