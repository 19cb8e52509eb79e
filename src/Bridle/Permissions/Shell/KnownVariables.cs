using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>
/// The variables whose value is known from the text of a command, so that <c>x=push; git $x</c> is read as <c>git push</c>. Every value counts that the text gives a variable anywhere; where
/// it may have another one, or none, that is said as well.
/// </summary>
internal sealed class KnownVariables
{
    private const int Most = 16;

    // Set by the shell itself, or never by an assignment.
    private static readonly FrozenSet<string> OfShell = FrozenSet.Create(
        "_", "RANDOM", "SRANDOM", "SECONDS", "LINENO", "FUNCNAME", "PIPESTATUS", "REPLY", "OPTARG", "OPTIND", "OPTERR", "DIRSTACK", "PWD", "OLDPWD", "HISTCMD", "GROUPS", "UID", "EUID", "PPID", "SHLVL", "SHELLOPTS", "IFS", "MAPFILE", "COPROC");

    private readonly ILookup<string, ShellWord?> _values;

    // The item of the text that a command stands in, the first item that certainly sets a variable, and what is set for a command within its item. No command has a copy of all names before it.
    private readonly Dictionary<IReadOnlyList<ShellWord>, int> _items = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, int> _setAt = new(StringComparer.Ordinal);
    private readonly Dictionary<IReadOnlyList<ShellWord>, List<IReadOnlySet<string>>> _within = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, (IReadOnlyList<string> Texts, bool MayBeOther)> _known = new(StringComparer.Ordinal);
    private readonly bool _isLost;
    private readonly bool _definesPrograms;

    /// <summary>Reads them from a text, of which all is known that sets a variable by an assignment, a loop or a builtin.</summary>
    public KnownVariables(ShellScript script, IReadOnlyList<FoundCommand> commands, IEnumerable<(string Name, ShellWord? Value)> set)
    {
        _values = set.Concat(commands.Where(command => IsDeclaring(command.Name)).SelectMany(command => command.Words.Skip(1)).Where(word => word.Text.Contains('=')).Select(Declared))
            .ToLookup(one => one.Name, one => one.Value);
        MovesHome = _values.Contains("HOME");

        // Other ways to set a variable than those that are read here.
        _isLost = _values.Contains("IFS") || script.Problem is not null || commands.Any(ChangesOtherwise)
            || ShellWalk.All(script.Body).OfType<ArithmeticPart>().Any(part => ShellWalk.All(part).OfType<LiteralPart>().Any(literal => literal.Value.Contains('=') || literal.Value.Contains("++", StringComparison.Ordinal) || literal.Value.Contains("--", StringComparison.Ordinal)));
        _definesPrograms = _values.Contains("PATH") || ShellWalk.All(script.Body).Any(node => node is FunctionDefinition);
        NoteCertain(script.Body);
    }

    /// <summary>Whether what a substitution prints is a number and nothing else.</summary>
    public bool IsNumber(CommandSubstitution substitution) => !_isLost && !_definesPrograms
        && substitution.Body.Items is [{ Command: SimpleCommand { Redirects: [], Assignments: [], Words: var words } }] && words.All(word => word.Plain)
        && string.Join(' ', words.Select(word => word.Text)) is "nproc" or "nproc --all" or "id -u" or "id -g" or "getconf _NPROCESSORS_ONLN";

    /// <summary>The text decides what <c>~</c> stands for.</summary>
    public bool MovesHome { get; }

    /// <summary>Whether the text leaves that variable as the environment has it.</summary>
    public bool Leaves(string name) => !_isLost && !_values.Contains(name);

    /// <summary>The texts that a variable may stand for in a command, and whether it may be anything else; null where none is known.</summary>
    public (IReadOnlyList<string> Texts, bool MayBeOther)? Of(ParameterPart part, IReadOnlyList<ShellWord> command)
    {
        if (_isLost || part is not { Prefix: "", Operator: "", Subscript: null } || !_values.Contains(part.Name) || OfShell.Contains(part.Name) || part.Name.StartsWith("BASH", StringComparison.Ordinal) || part.Name.StartsWith("COMP_", StringComparison.Ordinal) || part.Name.StartsWith("EPOCH", StringComparison.Ordinal))
        {
            return null;
        }

        if (!_known.TryGetValue(part.Name, out var known))
        {
            _known[part.Name] = known = ValuesOf(part.Name);
        }

        return known.Texts.Count is 0 or > Most ? null : (known.Texts, known.MayBeOther || !IsCertain(part.Name, command));
    }

    private bool IsCertain(string name, IReadOnlyList<ShellWord> command) =>
        (_setAt.TryGetValue(name, out var setAt) && _items.TryGetValue(command, out var item) && setAt < item)
        || (_within.TryGetValue(command, out var within) && within.Exists(names => names.Contains(name)));

    private (IReadOnlyList<string> Texts, bool MayBeOther) ValuesOf(string name)
    {
        var (texts, other) = (new List<string>(), false);
        foreach (var value in _values[name])
        {
            var words = value is null || value.Parts.Any(one => one is ArrayPart) ? null : (value.Marks & WordMarks.Brace) != 0 ? BraceExpansion.Of(value) : [value];
            foreach (var word in words ?? [])
            {
                other |= !word.Plain;
                texts.AddRange(word.Plain && !texts.Contains(word.Text) ? [word.Text] : []);
            }

            other |= words is null;
            if (texts.Count > Most)
            {
                break;
            }
        }

        return (texts, other);
    }

    private static bool IsDeclaring(string name) => name is "declare" or "typeset" or "local" or "export" or "readonly";

    private static (string Name, ShellWord? Value) Declared(ShellWord word) =>
        Assignments.Of(word) is { } one ? (one.Name, one.Appends || one.Subscript is not null ? null : one.Value)
        : (word.Text[..word.Text.IndexOf('=', StringComparison.Ordinal)].TrimEnd('+'), word.Plain ? ShellWord.Bare(word.Span, word.Text[(word.Text.IndexOf('=', StringComparison.Ordinal) + 1)..]) : null);

    // A variable that is named when it runs may be any; letters of 'declare' change what is put into it, and inside a function it empties what it names.
    private static bool ChangesOtherwise(FoundCommand command)
    {
        var (name, words) = (command.Name, command.Words.Skip(1));
        return name switch
        {
            "unset" or "let" or "source" or "." => true,
            "read" or "mapfile" or "readarray" or "getopts" or "wait" => words.Any(word => !word.Plain),
            "printf" => command.Words.Count > 1 && (!command.Words[1].Plain || (command.Texts[1].StartsWith("-v", StringComparison.Ordinal) && words.Take(2).Any(word => !word.Plain))),
            _ when IsDeclaring(name) => words.Any(word => word.Text is ['-' or '+', _, ..] ? word.Text.AsSpan(1).IndexOfAnyExcept("xgr") >= 0 || !word.Plain
                : Assignments.Of(word) is null ? !word.Plain || (name is not ("export" or "readonly") && !word.Text.Contains('=')) : word.Text.Contains("+=", StringComparison.Ordinal)),
            _ => false,
        };
    }

    // What every command of the text that stands behind it finds set. In a loop over words its variable is.
    private void NoteCertain(ShellSequence body)
    {
        for (var at = 0; at < body.Items.Count; at++)
        {
            var item = body.Items[at];
            foreach (var command in Commands(item.Command))
            {
                _items[command.Words] = at;
            }

            foreach (var loop in ShellWalk.All(item.Command).OfType<ForCommand>().Where(loop => loop.Words is not null && !loop.Select))
            {
                Note(Commands(loop.Body), [loop.Name]);
            }

            var first = item.Command;
            if (first is AndOr { First: SimpleCommand { Words.Count: 0 } sets } joined)
            {
                Note(joined.Rest.SelectMany(next => Commands(next.Command)), sets.Assignments.Select(one => one.Name));
                first = sets;
            }

            // What runs beside sets nothing for what stands behind.
            if (first is SimpleCommand { Words.Count: 0 } always && item.Ending is not '&')
            {
                foreach (var one in always.Assignments)
                {
                    _setAt.TryAdd(one.Name, at);
                }
            }
        }
    }

    private static IEnumerable<SimpleCommand> Commands(ShellNode root) => ShellWalk.All(root).OfType<SimpleCommand>();

    private void Note(IEnumerable<SimpleCommand> commands, IEnumerable<string> names)
    {
        var shared = names.ToHashSet(StringComparer.Ordinal);
        foreach (var command in commands)
        {
            if (!_within.TryGetValue(command.Words, out var known))
            {
                _within[command.Words] = known = [];
            }

            known.Add(shared);
        }
    }
}
