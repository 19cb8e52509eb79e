using System.Text;

namespace Bridle.Permissions;

/// <summary>
/// A generous reading of any shell text: every command that might run and every word that might be a path. Used only to tighten (deny and ask rules,
/// sensitive files, critical removals), so it may see too much and must not see too little; where it cannot see, <see cref="Unresolved"/> is set.
/// </summary>
internal sealed class ShellScan
{
    private const int MaxDepth = 6;
    private const int MaxRestarts = 64;
    private readonly HashSet<string> _seen = [];
    private int _restarts;

    private ShellScan()
    {
    }

    /// <summary>Argument vectors that might run, wrappers looked through.</summary>
    public List<IReadOnlyList<ScannedWord>> Commands { get; } = [];

    /// <summary>All words, redirection targets included.</summary>
    public List<ScannedWord> Words { get; } = [];

    /// <summary>Targets of redirections that write.</summary>
    public List<string> Written { get; } = [];

    /// <summary>Something decides at run time what runs, or the text was too large to be read.</summary>
    public bool Unresolved { get; private set; }

    /// <summary>Reads any text. Never throws.</summary>
    public static ShellScan Of(string text)
    {
        var scan = new ShellScan();
        scan.Read(text, 0);
        return scan;
    }

    private void Read(string text, int depth)
    {
        if (depth > MaxDepth || _seen.Count > MaxRestarts)
        {
            Unresolved = true;
            return;
        }

        if (_seen.Add(text))
        {
            foreach (var command in new ScanLexer(text, this, depth).Read())
            {
                Take(command, depth);
            }
        }
    }

    /// <summary>A substitution begins: what follows is read once more as a command of its own.</summary>
    private void Restart(string text, int from, int depth)
    {
        if (++_restarts > MaxRestarts)
        {
            Unresolved = true;
            return;
        }

        Read(text[from..], depth + 1);
    }

    private void Take(List<ScannedWord> words, int depth)
    {
        var start = 0;
        while (start < words.Count && (ShellWords.Keywords.Contains(words[start].Text) || ShellWords.IsAssignment(words[start].Text)))
        {
            start++;
        }

        if (start >= words.Count)
        {
            return;
        }

        var command = words[start..];
        Commands.Add(command);
        var name = ShellWords.NameOf(command[0].Text);

        // A shell without a script, and parallel, take their commands from their input.
        Unresolved |= command[0].Dynamic || name is "parallel" || (ShellWords.Shells.Contains(name) && command.Skip(1).All(word => word.Text is ['-' or '+', ..]));
        if (command.Count > 1 && ShellWords.RunsItsArguments([.. command.Select(word => word.Text)]))
        {
            LookThrough(command, depth);
        }
    }

    private void LookThrough(List<ScannedWord> command, int depth)
    {
        for (var i = 1; i < command.Count; i++)
        {
            Commands.Add(command[i..]);
            if (command[i].Text.AsSpan().IndexOfAny(" \t\n;|&$`()<>") >= 0)
            {
                Read(command[i].Text, depth + 1);
            }
        }

        Unresolved |= command.Any(word => word.Dynamic) || ShellWords.NameOf(command[0].Text) is "xargs" or "parallel" or "source" or ".";
    }

    private sealed class ScanLexer(string text, ShellScan scan, int depth)
    {
        private readonly List<List<ScannedWord>> _commands = [[]];
        private readonly StringBuilder _word = new();
        private bool _inWord;
        private bool _dynamic;
        private char _redirect;

        public List<List<ScannedWord>> Read()
        {
            for (var i = 0; i < text.Length; i++)
            {
                i = ReadOne(i);
            }

            EndWord();
            return _commands;
        }

        // Returns the index of the last character it took.
        private int ReadOne(int at)
        {
            var c = text[at];
            switch (c)
            {
                case '\'':
                    return ReadSingleQuoted(at);
                case '"':
                    return ReadDoubleQuoted(at);
                case '\\' when at + 1 < text.Length && text[at + 1] == '\n':
                    return at + 1;
                case '\\' when at + 1 < text.Length:
                    Add(text[at + 1]);
                    return at + 1;
                case ' ' or '\t':
                    EndWord();
                    return at;
                case '\n' or '\r' or ';' or '|' or '&' or '(' or ')' or '`':
                    EndCommand();
                    return at;
                case '<' or '>':
                    return ReadRedirect(at);
                case '$':
                    return ReadDollar(at);
                case '#' when !_inWord:
                    EndCommand();
                    return at;
                case '*' or '?' or '[' or '{' or '}':
                    _dynamic = true;
                    Add(c);
                    return at;
                default:
                    // Blanks that a shell may or may not take for one, and invisible letters: read both ways.
                    if (char.IsWhiteSpace(c) || char.IsControl(c))
                    {
                        EndWord();
                    }
                    else
                    {
                        Add(c);
                    }

                    return at;
            }
        }

        private int ReadSingleQuoted(int at)
        {
            var end = text.IndexOf('\'', at + 1);
            end = end < 0 ? text.Length : end;
            _word.Append(text, at + 1, end - at - 1);
            _inWord = true;
            return end;
        }

        private int ReadDoubleQuoted(int at)
        {
            _inWord = true;
            for (var i = at + 1; i < text.Length; i++)
            {
                switch (text[i])
                {
                    case '"':
                        return i;
                    case '\\' when i + 1 < text.Length && text[i + 1] is '$' or '`' or '"' or '\\':
                        _word.Append(text[++i]);
                        break;
                    case '`':
                        scan.Restart(text, i + 1, depth);
                        _dynamic = true;
                        break;
                    case '$':
                        i = ReadDollar(i);
                        break;
                    default:
                        _word.Append(text[i]);
                        break;
                }
            }

            return text.Length;
        }

        private int ReadDollar(int at)
        {
            foreach (var home in (ReadOnlySpan<string>)["$HOME", "${HOME}"])
            {
                var after = at + home.Length;
                if (_word.Length == 0 && text.AsSpan(at).StartsWith(home, StringComparison.Ordinal) && (after == text.Length || !(char.IsAsciiLetterOrDigit(text[after]) || text[after] == '_')))
                {
                    _word.Append('~');
                    _inWord = true;
                    return after - 1;
                }
            }

            _dynamic = true;
            _inWord = true;
            if (at + 1 < text.Length && text[at + 1] is '(' or '{')
            {
                scan.Restart(text, at + 2, depth);
                return at + 1;
            }

            return at;
        }

        private int ReadRedirect(int at)
        {
            if (at + 1 < text.Length && text[at + 1] == '(')
            {
                scan.Restart(text, at + 2, depth);
            }

            if (_inWord && int.TryParse(_word.ToString(), out _))
            {
                _word.Clear();
                _inWord = false;
            }

            EndWord();
            _redirect = text[at] == '>' || (at + 1 < text.Length && text[at + 1] == '>') || _redirect == '>' ? '>' : '<';
            while (at + 1 < text.Length && text[at + 1] is '<' or '>' or '|' or '&')
            {
                at++;
            }

            return at;
        }

        private void Add(char c)
        {
            _word.Append(c);
            _inWord = true;
        }

        private void EndWord()
        {
            if (!_inWord)
            {
                return;
            }

            var word = new ScannedWord(_word.ToString(), _dynamic);
            scan.Words.Add(word);
            if (_redirect == '\0')
            {
                _commands[^1].Add(word);
            }
            else if (_redirect == '>' && word.Text is not ("/dev/null" or "1" or "2" or "-"))
            {
                scan.Written.Add(word.Text);
            }

            _redirect = '\0';
            _word.Clear();
            _inWord = _dynamic = false;
        }

        private void EndCommand()
        {
            EndWord();
            _redirect = '\0';
            _commands.Add([]);
        }
    }
}

/// <summary>A word of a generous reading. <paramref name="Dynamic"/> when its value is only known at run time.</summary>
internal readonly record struct ScannedWord(string Text, bool Dynamic);
