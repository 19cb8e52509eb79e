using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>
/// What a command puts into its variables, as far as that decides what the shell evaluates: a text that is computed as arithmetic, or taken for a variable's name, may hold
/// <c>a[$(…)]</c>. Where such a place takes a variable that the command sets to anything but a number or a plain text, nobody can say what runs. A variable that the command
/// never sets is what the environment made it. All texts of a command share one table: a variable may be handed on by <c>export</c>.
/// </summary>
internal sealed class VariableValues
{
    private const int MaxDepth = 8;

    // Programs whose output is no text of the command's own making, as long as no sign in their words could be one.
    private static readonly FrozenSet<string> Plain = FrozenSet.Create(
        "echo", "printf", "cat", "head", "tail", "wc", "ls", "find", "grep", "egrep", "fgrep", "sort", "uniq", "cut", "basename", "dirname", "pwd", "date", "nproc", "id", "whoami", "hostname", "uname", "stat", "du", "df",
        "git", "seq", "expr", "pgrep", "which", "realpath", "readlink", "mktemp", "jobs", "cd", "test", "[", "true", "command", "tr", "md5sum", "sha256sum");

    private readonly List<EvaluatedArgument> _evaluated = [];
    private readonly List<(string Name, ShellWord? Value)> _set = [];

    // Names whose values were looked at already and run nothing: what does ends the search, so that no name is looked at twice.
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private HashSet<string>? _integers;
    private HashSet<string>? _arrays;
    private ILookup<string, ShellWord?>? _values;
    private string? _special;
    private bool _positional;
    private bool _setsInteger;
    private bool _startsWithProfile;

    /// <summary>All that was put into variables so far.</summary>
    public IEnumerable<(string Name, ShellWord? Value)> All => _set;

    /// <summary>A variable is set to a word, or to something that is not known.</summary>
    public void Set(string name, ShellWord? value)
    {
        _set.Add((name, value));
        _setsInteger |= ShellBuiltins.IsInteger(name);
    }

    /// <summary>The command has functions, or sets what stands in <c>$1</c>.</summary>
    public void SetPositional() => _positional = true;

    /// <summary>A shell begins with the profile in HOME.</summary>
    public void StartWithProfile() => _startsWithProfile = true;

    /// <summary>A shell begins. Why what it reads before it runs what it is given cannot be read, or null.</summary>
    public string? Start(IReadOnlyList<string> texts)
    {
        _positional = true;
        var end = ShellWords.ScriptOf(texts) is > 0 and var script ? script : ShellWords.FileOf(texts) is > 0 and var file ? file : texts.Count;
        foreach (var text in texts.Take(end).Skip(1))
        {
            if (text.StartsWith("--rcfile", StringComparison.Ordinal) || text.StartsWith("--init-file", StringComparison.Ordinal) || text is "history" or "histexpand" || (text is ['-', not '-', ..] && text.Contains('H')))
            {
                return $"what '{text}' makes a shell run cannot be read";
            }

            _startsWithProfile |= text is "--login" || (text is ['-', not '-', ..] && text.AsSpan().IndexOfAny("il") > 0);
        }

        return null;
    }

    /// <summary>Words are more than text.</summary>
    public void Evaluate(IEnumerable<EvaluatedArgument> arguments) => _evaluated.AddRange(arguments);

    /// <summary>A builtin evaluates some of its words, and sets the variables that they name.</summary>
    public void Take(FoundCommand command, ShellBuiltin builtin)
    {
        foreach (var one in ShellBuiltins.ArgumentsOf(command, builtin))
        {
            _evaluated.Add(one);
            var known = (one.Word.Marks & WordMarks.Dynamic) == 0;
            if (one.Role is ArgumentRole.Name && command.Name is not ("unset" or "test" or "[") && known)
            {
                var (name, number) = (one.Word.Text.Split('[')[0], command.Name is "wait");
                _set.Add((name, number ? ShellWord.Bare(one.Word.Span, "0") : null));
                _special ??= !number && (InnerCommands.IsRun(name) || ShellBuiltins.IsInteger(name)) ? $"what '{command.Name}' puts into {name} may run" : null;
            }
            else if (one.Role is ArgumentRole.Declaration or ArgumentRole.ArrayDeclaration or ArgumentRole.IntegerDeclaration)
            {
                Declare(one);
            }
        }

        if (command.Name is "read" or "mapfile" or "readarray" or "getopts")
        {
            _set.AddRange([("REPLY", null), ("MAPFILE", null), ("OPTARG", null)]);
        }
        else if (command.Name is "set")
        {
            _positional = true;
        }
    }

    /// <summary>Why something that the shell evaluates is only known when it runs, or null.</summary>
    public string? Problem(IReadOnlyList<FoundCommand> commands)
    {
        if (_special is not null || (_evaluated.Count == 0 && !_startsWithProfile && !_setsInteger))
        {
            return _special;
        }

        foreach (var word in commands.SelectMany(command => command.Words.Skip(1)))
        {
            if (Assignments.Of(word) is { } assignment)
            {
                _set.Add((assignment.Name, assignment.Value));
            }
            else if (word.Text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && Reading.IsNameStart(word.Text[0]))
            {
                _set.Add((word.Text[..at].TrimEnd('+'), (word.Marks & WordMarks.Dynamic) != 0 ? null : ShellWord.Bare(word.Span, word.Text[(at + 1)..])));
            }
        }

        _values = _set.ToLookup(one => one.Name, one => one.Value);
        if (_startsWithProfile && _values.Contains("HOME"))
        {
            return "a shell begins with a profile in a folder that the command names";
        }

        if (_set.Find(one => (ShellBuiltins.IsInteger(one.Name) || (_integers?.Contains(one.Name) ?? false)) && (one.Value is null || MayEvaluate(one.Value, 0, _seen))) is { Name: { } integer })
        {
            return $"the variable '{integer}' is computed, and what is put into it may run something";
        }

        return _evaluated.Find(MayRun) is { Builtin: { } builtin } ? $"'{builtin}' may run what stands in a subscript or a variable" : null;
    }

    private void Declare(EvaluatedArgument one)
    {
        var name = one.Word.Text.Split('=', '[')[0].TrimEnd('+');
        if (one.Role is ArgumentRole.IntegerDeclaration)
        {
            (_integers ??= []).Add(name);
        }
        else if (one.Role is ArgumentRole.ArrayDeclaration)
        {
            (_arrays ??= []).Add(name);
        }
    }

    private bool MayRun(EvaluatedArgument one) =>
        one.Role switch
        {
            ArgumentRole.Arithmetic => MayEvaluate(one.Word, 0, _seen),
            ArgumentRole.Name or ArgumentRole.Option => MayEvaluate(one.Word, 0, _seen, isName: true),
            _ => MayDeclare(one, one.Word, one.Word.Text),
        };

    private bool MayDeclare(EvaluatedArgument one, ShellWord word, string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var (name, value) = Split(word);
        if (equals < 0 || value is null)
        {
            return MayEvaluate(word, 0, _seen, isName: true);
        }

        var array = one.Role is ArgumentRole.ArrayDeclaration || (_arrays?.Contains(text[..equals]) ?? false) || _set.Exists(set => set.Name == text[..equals] && set.Value?.Parts is [ArrayPart, ..]);
        return (name.Marks != WordMarks.None || name.Text.Contains('[')) && MayEvaluate(name, 0, _seen, isName: true)
            || (one.Role is ArgumentRole.IntegerDeclaration && MayEvaluate(value, 0, _seen))
            || ((array || value.Text is ['(', ..]) && value.Parts is not [ArrayPart] && (value.Marks & WordMarks.Dynamic) != 0 && MayEvaluate(value, 0, _seen));
    }

    // The parts before and behind the first '=', which must stand in a literal.
    private static (ShellWord Name, ShellWord? Value) Split(ShellWord word)
    {
        for (var i = 0; i < word.Parts.Count; i++)
        {
            var (literal, inner) = word.Parts[i] switch { LiteralPart one => (one, null), DoubleQuotedPart { Parts: [LiteralPart first, ..] } quoted => (first, quoted), _ => (null, (DoubleQuotedPart?)null) };
            if (literal?.Value.IndexOf('=', StringComparison.Ordinal) is >= 0 and var at)
            {
                IReadOnlyList<WordPart> behind = at + 1 < literal.Value.Length ? [literal with { Value = literal.Value[(at + 1)..] }] : [];
                return (new(word.Span, [.. word.Parts.Take(i), literal with { Value = literal.Value[..at] }]), new(word.Span, [.. behind, .. inner?.Parts.Skip(1) ?? [], .. word.Parts.Skip(i + 1)]));
            }
        }

        return (word, null);
    }

    // Whether a word that is taken for arithmetic, or for a name with a subscript, may run something.
    private bool MayEvaluate(ShellWord word, int depth, HashSet<string> seen, bool isName = false)
    {
        if (depth > MaxDepth)
        {
            return true;
        }

        var text = new System.Text.StringBuilder();
        foreach (var part in word.Parts.SelectMany(part => part is DoubleQuotedPart quoted ? quoted.Parts : [part]))
        {
            switch (part)
            {
                case LiteralPart literal:
                    text.Append(literal.Value);
                    break;
                case ArithmeticPart:
                    text.Append('0');
                    break;
                case ArrayPart array when array.Elements.Any(element => MayEvaluate(element, depth + 1, seen)):
                case CommandSubstitution substitution when !IsPlain(substitution):
                case ParameterPart parameter when MayHold(parameter, depth, seen, isName):
                    return true;
                case ArrayPart or CommandSubstitution or ParameterPart:
                    text.Append(' ');
                    break;
                default:
                    return true;
            }
        }

        return IsWild(text.ToString(), isName && depth > 0) || (isName && depth == 0 ? MayNamesRun(NameOf(text.ToString()), depth, seen) : MayNamesRun(text.ToString(), depth, seen));
    }

    // Only what stands in its subscript is evaluated of a name.
    private static string NameOf(string text) => text.IndexOf('[', StringComparison.Ordinal) is >= 0 and var at ? text[at..] : "";

    private static bool IsWild(string text, bool isName) =>
        text.Contains('`') || text.Contains("$(", StringComparison.Ordinal) || text.Contains("${", StringComparison.Ordinal) || (text.Contains('[') && text.AsSpan().IndexOfAny("$\\") >= 0)
        || text is ['(', ..] || (isName && (text is ['-', ..] || text.Contains(" -", StringComparison.Ordinal) || InnerCommands.IsRun(text) || ShellBuiltins.IsInteger(text)));

    private bool MayNamesRun(string text, int depth, HashSet<string> seen)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!Reading.IsNameStart(text[i]))
            {
                continue;
            }

            var start = i;
            while (i < text.Length && Reading.IsNamePart(text[i]))
            {
                i++;
            }

            if (MayHold(text[start..i], depth, seen, isName: false))
            {
                return true;
            }
        }

        return false;
    }

    private bool MayHold(ParameterPart part, int depth, HashSet<string> seen, bool isName) =>
        part.Prefix == "#" ? false
        : part.Name.Length == 1 && !char.IsLetter(part.Name[0]) && part.Name is not "_" ? part.Name is "@" or "*" || char.IsAsciiDigit(part.Name[0]) ? _positional : false
        : char.IsAsciiDigit(part.Name.FirstOrDefault()) ? _positional
        : MayHold(part.Name, depth, seen, isName) || (part.Argument.Count > 0 && MayEvaluate(new ShellWord(part.Span, part.Argument), depth + 1, seen, isName));

    private bool MayHold(string name, int depth, HashSet<string> seen, bool isName) =>
        seen.Add(isName ? $"${name}" : name) && _values!.Contains(name) && _values[name].Any(value => value is null || (value.Marks & WordMarks.Glob) != 0 && value.Text.Contains('*') || MayEvaluate(value, depth + 1, seen, isName));

    private static bool IsPlain(CommandSubstitution substitution)
    {
        foreach (var node in ShellWalk.All(substitution.Body))
        {
            if (node is LiteralPart literal && (literal.Value.AsSpan().IndexOfAny("[`$\\") >= 0 || literal.Value.Contains("%x", StringComparison.Ordinal)) && literal.Value is not "[")
            {
                return false;
            }

            if (node is SimpleCommand { Words: [var name, ..] } && !(name.Plain && Plain.Contains(name.Text)))
            {
                return false;
            }
        }

        return true;
    }
}
