namespace Bridle.Permissions.Shell;

/// <summary>Reads what a sed script runs and which files it names: the commands <c>e</c>, <c>w</c>, <c>W</c>, <c>r</c>, <c>R</c> and the flags <c>e</c> and <c>w</c> of <c>s</c>.</summary>
internal sealed class SedProgram
{
    private readonly string _script;
    private readonly bool _brackets;
    private readonly List<InnerCommand> _found = [];
    private int _at;

    private SedProgram(string script, bool brackets)
    {
        _script = script;
        _brackets = brackets;
    }

    private char Current => _at < _script.Length ? _script[_at] : '\n';

    /// <summary>All of it. Whether a delimiter counts in brackets depends on the version: both readings are taken.</summary>
    public static IEnumerable<InnerCommand> Read(string script)
    {
        var one = new SedProgram(script, brackets: true);
        var whole = one.ReadAll();
        var other = new SedProgram(script, brackets: false);
        whole |= script.Contains('[') && other.ReadAll();
        return whole ? one._found.Concat(other._found) : [.. one._found, .. other._found, new InnerCommand.Unknown("a sed script cannot be read")];
    }

    private bool ReadAll()
    {
        while (true)
        {
            Skip(" \t\n;}");
            if (_at >= _script.Length)
            {
                return true;
            }

            if (!ReadAddress())
            {
                return false;
            }

            Skip(" \t");
            if (Current == ',')
            {
                _at++;
                Skip(" \t+~");
                if (!ReadAddress())
                {
                    return false;
                }
            }

            Skip(" \t!");
            if (_at >= _script.Length || !ReadCommand())
            {
                return false;
            }
        }
    }

    private bool ReadAddress()
    {
        if (Current is '/' or '\\' && _at < _script.Length)
        {
            _at += Current == '\\' ? 1 : 0;
            if (_at >= _script.Length || ReadTo(_script[_at++]) is null)
            {
                return false;
            }

            Skip("IM");
            return true;
        }

        Skip("0123456789$~");
        return true;
    }

    private bool ReadCommand()
    {
        var command = _script[_at++];
        switch (command)
        {
            case '{' or '}' or '=' or 'd' or 'D' or 'g' or 'G' or 'h' or 'H' or 'n' or 'N' or 'p' or 'P' or 'x' or 'F' or 'z':
                return true;
            case ':' or 'b' or 't' or 'T' or 'v':
                Skip(" \t");
                while (_at < _script.Length && Current is not (';' or '\n' or '}' or ' ' or '\t'))
                {
                    _at++;
                }

                return true;
            case 'q' or 'Q' or 'l' or 'L':
                Skip(" \t0123456789");
                return true;
            case '#':
                Line();
                return true;
            case 'a' or 'i' or 'c':
                SkipText();
                return true;
            case 'e':
                Take(Line().Trim());
                return true;
            case 'r' or 'R' or 'w' or 'W':
                Name(Line().Trim(), command is 'w' or 'W');
                return true;
            case 's':
                return ReadSubstitution();
            case 'y':
                return _at < _script.Length && _script[_at++] is var sign && ReadTo(sign) is not null && ReadTo(sign) is not null;
            default:
                return false;
        }
    }

    private bool ReadSubstitution()
    {
        if (_at >= _script.Length)
        {
            return false;
        }

        var sign = _script[_at++];
        if (ReadTo(sign) is null || ReadTo(sign, replacement: true) is not { } replacement)
        {
            return false;
        }

        while (_at < _script.Length && Current is not (';' or '\n' or '}' or ' ' or '\t' or '#'))
        {
            var flag = _script[_at++];
            if (flag == 'w')
            {
                Name(Line().Trim(), writes: true);
            }
            else if (flag is 'e')
            {
                _found.Add(new InnerCommand.Text(replacement, Certain: false));
                _found.Add(new InnerCommand.Unknown("a sed script runs what it makes of its input"));
            }
            else if (flag is not ('m' or 'M' or 'i' or 'I' or 'g' or 'p') && !char.IsAsciiDigit(flag))
            {
                return false;
            }
        }

        return true;
    }

    private void Take(string command) =>
        _found.Add(command.Length > 0 ? new InnerCommand.Text(command, Certain: true) : new InnerCommand.Unknown("a sed script runs its input"));

    private void Name(string file, bool writes)
    {
        if (file.Length > 0)
        {
            _found.Add(new InnerCommand.File(file, writes));
        }
    }

    // Text goes on over lines that end in a backslash.
    private void SkipText()
    {
        Skip(" \t");
        if (Current == '\\')
        {
            _at++;
            Skip(" \t");
            _at += Current == '\n' ? 1 : 0;
        }

        for (; _at < _script.Length && Current != '\n'; _at++)
        {
            _at += Current == '\\' ? 1 : 0;
        }
    }

    private string Line()
    {
        var end = _script.IndexOf('\n', _at);
        var line = end < 0 ? _script[_at..] : _script[_at..end];
        _at += line.Length;
        return line;
    }

    private string? ReadTo(char sign, bool replacement = false)
    {
        var (start, open) = (_at, -1);
        for (; _at < _script.Length; _at++)
        {
            if (Current == sign && open < 0)
            {
                return _script[start.._at++];
            }

            if (Current == '\\')
            {
                _at++;
            }
            else if (_brackets && !replacement)
            {
                // A bracket right behind the opening one, or behind '^', stands for itself.
                open = open < 0 ? (Current == '[' ? _at : -1) : Current == ']' && _at > open + 1 && !(_at == open + 2 && _script[open + 1] == '^') ? -1 : open;
            }
        }

        return null;
    }

    private void Skip(string any)
    {
        while (_at < _script.Length && any.Contains(_script[_at]))
        {
            _at++;
        }
    }
}
