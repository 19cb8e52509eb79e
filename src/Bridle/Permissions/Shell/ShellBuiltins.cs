using System.Collections.Frozen;

namespace Bridle.Permissions.Shell;

/// <summary>What a builtin of bash does with an argument beside taking it as text.</summary>
internal enum ArgumentRole
{
    /// <summary>It names a variable; what stands in its subscript is evaluated.</summary>
    Name,

    /// <summary>It is computed as arithmetic, the values of the variables in it too.</summary>
    Arithmetic,

    /// <summary>It may turn out to be an option, because it is computed and stands where options do.</summary>
    Option,

    /// <summary><c>name</c> or <c>name=value</c>.</summary>
    Declaration,

    /// <summary>The same where the value may be an array's, which is expanded once more.</summary>
    ArrayDeclaration,

    /// <summary>The same where the value is computed as arithmetic.</summary>
    IntegerDeclaration,
}

/// <summary>An argument that is more than text, and the builtin that makes it so.</summary>
internal sealed record EvaluatedArgument(string Builtin, ShellWord Word, ArgumentRole Role);

/// <summary>How one builtin takes its arguments.</summary>
/// <param name="Valued">Letters of options that take the next word.</param>
/// <param name="Names">Those whose value names a variable.</param>
/// <param name="Code">Letters of options with which it runs, loads or later runs something that is not read.</param>
/// <param name="Operands">What its operands are, or null when they are text.</param>
internal sealed record ShellBuiltin(string Valued = "", string Names = "", string Code = "", ArgumentRole? Operands = null)
{
    /// <summary>Words that make it run something that is not read.</summary>
    public IReadOnlyList<string> CodeWords { get; init; } = [];

    /// <summary>Only these letters leave it without a doubt; null when <see cref="Code"/> says all.</summary>
    public string? Harmless { get; init; }
}

/// <summary>
/// The builtins of bash that evaluate what they are given: as a variable's name with a subscript, as arithmetic, as commands. Found by trying every builtin and every
/// variable of the manual in bash 5.2. What is not here takes its arguments as text (<c>break</c>, <c>ulimit</c>, <c>kill</c>, <c>printf %d</c>, <c>test -eq</c>) or is
/// read elsewhere (<c>eval</c>, <c>trap</c>, <c>source</c>, <c>jobs -x</c>).
/// </summary>
internal static class ShellBuiltins
{
    private static readonly ShellBuiltin Declares = new(Operands: ArgumentRole.Declaration);

    private static readonly ShellBuiltin Reads = new(Valued: "dnOsuCc", Code: "C", Operands: ArgumentRole.Name);

    private static readonly ShellBuiltin Tests = new();

    private static readonly FrozenDictionary<string, ShellBuiltin> All = new Dictionary<string, ShellBuiltin>
    {
        ["printf"] = new(Names: "v"), ["wait"] = new(Names: "p"), ["test"] = Tests, ["["] = Tests,
        ["read"] = new(Valued: "dinNptu", Names: "a", Operands: ArgumentRole.Name), ["mapfile"] = Reads, ["readarray"] = Reads,
        ["getopts"] = new(Operands: ArgumentRole.Name), ["unset"] = new(Operands: ArgumentRole.Name), ["let"] = new(Operands: ArgumentRole.Arithmetic),
        ["declare"] = Declares, ["typeset"] = Declares, ["local"] = Declares, ["export"] = Declares, ["readonly"] = Declares,
        ["compgen"] = new(Code: "CFW"), ["complete"] = new(Code: "CFW"), ["enable"] = new(Code: "f"), ["hash"] = new(Code: "p"),
        ["set"] = new(Code: "H") { CodeWords = ["history", "histexpand"] }, ["shopt"] = new() { CodeWords = ["history", "histexpand"] },
        ["bind"] = new() { Harmless = "lpPvVsSX" }, ["fc"] = new() { Harmless = "lnr" }, ["alias"] = new() { Harmless = "p" },
    }.ToFrozenDictionary();

    /// <summary>Variables whose value is arithmetic, however they are set.</summary>
    private static readonly FrozenSet<string> Integers = FrozenSet.Create("RANDOM", "SRANDOM", "SECONDS", "OPTIND", "HISTCMD", "BASHPID", "LINENO", "EPOCHSECONDS", "BASH_MONOSECONDS", "BASH_SUBSHELL", "EUID", "UID", "PPID");

    private static readonly FrozenSet<string> Comparing = FrozenSet.Create("=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef");

    /// <summary>Whether assigning to the variable evaluates the value as arithmetic.</summary>
    public static bool IsInteger(string variable) => Integers.Contains(variable);

    /// <summary>How a builtin takes its arguments, or null when it takes them as text.</summary>
    public static ShellBuiltin? Of(string name) => All.GetValueOrDefault(name);

    /// <summary>What a builtin certainly runs that cannot be read, as inner commands.</summary>
    public static IEnumerable<InnerCommand> CodeOf(FoundCommand command)
    {
        if (Of(command.Name) is not { } builtin)
        {
            yield break;
        }

        if (builtin.Harmless is { } harmless)
        {
            if (command.Name is "alias" ? command.Words.Skip(1).Any(word => !word.Plain || word.Text.Contains('=')) : !command.Words.Skip(1).Any() ? command.Name is "fc" : !KeepsTo(command, harmless))
            {
                yield return new InnerCommand.Unknown($"what '{command.Name}' makes of later words, or runs again, cannot be read");
            }

            yield break;
        }

        if (builtin.Operands is ArgumentRole.Declaration && command.Name is not ("export" or "readonly") && command.Texts.Skip(1).Any(word => word is ['-', not '-', ..] && word.Contains('n')))
        {
            yield return new InnerCommand.Unknown($"'{command.Name} -n' makes a name stand for another variable");
        }

        foreach (var word in command.Texts.Skip(1).TakeWhile(word => word is not "--"))
        {
            if (word is ['-' or '+', not '-', ..] && word.AsSpan(1).IndexOfAny(builtin.Code) >= 0)
            {
                yield return new InnerCommand.Unknown($"what '{command.Name} {word}' runs cannot be read");
            }
        }

        if (builtin.CodeWords.Count > 0 && command.Texts.Any(builtin.CodeWords.Contains))
        {
            yield return new InnerCommand.Unknown($"'{command.Name}' lets the shell put earlier commands into later words");
        }

        // declare -a 'a=( … )': the text is expanded once more.
        foreach (var word in builtin.Operands is ArgumentRole.Declaration ? command.Texts.Skip(1) : [])
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at && at + 1 < word.Length && word[at + 1] == '(' && word[^1] == ')')
            {
                yield return new InnerCommand.Text($"a={word[(at + 1)..]}", Certain: true);
            }
        }
    }

    /// <summary>The arguments of a command that are more than text.</summary>
    public static IEnumerable<EvaluatedArgument> ArgumentsOf(FoundCommand command, ShellBuiltin builtin) =>
        ReferenceEquals(builtin, Tests) ? OfTest(command) : OfOptions(command, builtin);

    private static bool KeepsTo(FoundCommand command, string letters) =>
        command.Words.Skip(1).All(word => word.Plain && (word.Text is not ['-', ..] || word.Text.AsSpan(1).IndexOfAnyExcept(letters) < 0))
        && (command.Name is not "fc" || command.Texts.Any(word => word is ['-', ..] && word.Contains('l'))) && (command.Name is not "bind" || command.Texts.Skip(1).All(word => word is ['-', ..]));

    private static IEnumerable<EvaluatedArgument> OfOptions(FoundCommand command, ShellBuiltin builtin)
    {
        var (role, words, i) = (builtin.Operands, command.Words, 1);
        for (; i < words.Count && words[i] is not { Plain: true, Text: "--" }; i++)
        {
            var (word, text) = (words[i], words[i].Text);
            var (computed, splits) = ((word.Marks & WordMarks.Dynamic) != 0, (word.Marks & WordMarks.Splits) != 0);
            if (text is not ['-' or '+', _, ..])
            {
                // What is computed may be an option still, and several where it splits.
                if (!computed || (role is not null && text.Contains('=')) || (role is null && i == words.Count - 1 && !splits))
                {
                    break;
                }

                yield return new(command.Name, word, ArgumentRole.Option);
                if (!splits)
                {
                    break;
                }

                continue;
            }

            if (computed)
            {
                yield return new(command.Name, word, ArgumentRole.Option);
            }

            role = With(role, text);
            var letter = text.AsSpan(1).IndexOfAny($"{builtin.Valued}{builtin.Names}") + 1;
            var glued = letter + 1 < text.Length || computed;
            if (letter == 0 || (!glued && ++i >= words.Count))
            {
                continue;
            }

            if (builtin.Names.Contains(text[letter]))
            {
                yield return new(command.Name, glued ? new ShellWord(word.Span, AfterLetter(word, letter + 1)) : words[i], ArgumentRole.Name);
            }
            else if (!glued && (words[i].Marks & WordMarks.Splits) != 0)
            {
                yield return new(command.Name, words[i], ArgumentRole.Option);
            }
        }

        i += i < words.Count && words[i] is { Plain: true, Text: "--" } ? 1 : 0;
        foreach (var operand in role is null ? [] : OperandsFrom(command, i))
        {
            yield return new(command.Name, operand, role!.Value);
        }
    }

    // Of getopts only the second operand is a name.
    private static IEnumerable<ShellWord> OperandsFrom(FoundCommand command, int first) => command.Name is "getopts" ? command.Words.Skip(first + 1).Take(1) : command.Words.Skip(first);

    private static ArgumentRole? With(ArgumentRole? role, string options) => role switch
    {
        ArgumentRole.Declaration or ArgumentRole.ArrayDeclaration when options.Contains('i') => ArgumentRole.IntegerDeclaration,
        ArgumentRole.Declaration when options.AsSpan().IndexOfAny("aA") > 0 => ArgumentRole.ArrayDeclaration,
        _ => role,
    };

    // The word without its first letters, which stand in its first literal or are known from the text.
    private static IReadOnlyList<WordPart> AfterLetter(ShellWord word, int length) =>
        word.Parts is [LiteralPart first, ..] && first.Value.Length >= length ? [first with { Value = first.Value[length..] }, .. word.Parts.Skip(1)] : word.Parts;

    // An operator that is computed may be '-v'. What is quoted and stands beside a known operator is text.
    private static IEnumerable<EvaluatedArgument> OfTest(FoundCommand command)
    {
        IReadOnlyList<ShellWord> words = [.. command.Words.Skip(1).Take(command.Words.Count - (command.Name is "[" && command.Texts[^1] is "]" ? 2 : 1))];
        for (var i = 0; i < words.Count; i++)
        {
            var before = i > 0 && words[i - 1].Plain ? words[i - 1].Text : null;
            if (before is "-v" or "-R")
            {
                yield return new(command.Name, words[i], ArgumentRole.Name);
            }
            else if ((words[i].Marks & WordMarks.Dynamic) != 0
                && ((words[i].Marks & WordMarks.Splits) != 0
                    || !(words.Count == 1 || (words.Count == 2 && before is "!") || before is ['-', not ('a' or 'o')] || (before is not null && Comparing.Contains(before)) || (i + 2 < words.Count && words[i + 1].Plain && Comparing.Contains(words[i + 1].Text)))))
            {
                yield return new(command.Name, words[i], ArgumentRole.Option);
            }
        }
    }
}
