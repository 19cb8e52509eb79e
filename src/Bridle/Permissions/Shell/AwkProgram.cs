using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Reads what an awk program runs and which files it names: <c>system()</c>, pipes, <c>getline</c>, redirections. Where that is computed it says so.</summary>
internal static class AwkProgram
{
    private static readonly string[] Running = ["system", "|", "getline", "@"];

    private enum Kind
    {
        End,
        Name,
        Text,
        Number,
        Pattern,
        Mark,
    }

    /// <summary>All of it.</summary>
    public static IEnumerable<InnerCommand> Read(string program)
    {
        var mayRun = Running.Any(sign => program.Contains(sign, StringComparison.Ordinal));
        var namesOperands = program.Contains("ARGV", StringComparison.Ordinal) || program.Contains("SYMTAB", StringComparison.Ordinal);
        if (!mayRun && !namesOperands && program.AsSpan().IndexOfAny('<', '>') < 0)
        {
            yield break;
        }

        if (Tokens(program) is not { } tokens)
        {
            if (mayRun || namesOperands || (program.Contains('>') && program.Contains("print", StringComparison.Ordinal)))
            {
                yield return new InnerCommand.Unknown("an awk program cannot be read", Files: true);
            }

            yield break;
        }

        var computed = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            foreach (var one in At(tokens, i))
            {
                computed |= one is InnerCommand.Unknown;
                yield return one;
            }
        }

        foreach (var piece in computed ? tokens.Where(token => token.Kind is Kind.Text) : [])
        {
            yield return new InnerCommand.Text(piece.Value, Certain: false);
        }
    }

    private static IEnumerable<InnerCommand> At(List<Token> tokens, int at)
    {
        var (before, token, next, behind) = (TokenAt(tokens, at - 1), tokens[at], TokenAt(tokens, at + 1), TokenAt(tokens, at + 2));
        if (token is { Kind: Kind.Mark, Value: "@" })
        {
            yield return new InnerCommand.Unknown("an awk program calls a function or loads a file by its name", Files: true);
        }
        else if (token is { Kind: Kind.Name, Value: "ARGV" or "SYMTAB" })
        {
            yield return new InnerCommand.Unknown("an awk program may change which files it reads", Files: true);
        }
        else if (token is { Kind: Kind.Name, Value: "system" })
        {
            yield return next is { Value: "(", Kind: Kind.Mark } && behind is { Kind: Kind.Text, Exact: true } && TokenAt(tokens, at + 3) is { Kind: Kind.Mark, Value: ")" }
                ? new InnerCommand.Text(behind.Value, Certain: true)
                : new InnerCommand.Unknown("an awk program runs a command that is computed");
        }
        else if (token is { Kind: Kind.Mark, Value: "|" })
        {
            var reads = next is { Kind: Kind.Name, Value: "getline" };
            var (command, beside) = reads ? (before, TokenAt(tokens, at - 2)) : (next, behind);
            yield return command is { Kind: Kind.Text, Exact: true } && (reads ? Begins(beside) : Ends(beside))
                ? new InnerCommand.Text(command.Value, Certain: true)
                : new InnerCommand.Unknown("an awk program runs a command that is computed");
        }
        else if (token is { Kind: Kind.Mark, Value: ">" or ">>" or "<" })
        {
            var reads = token.Value is "<";
            if (next is { Kind: Kind.Text, Exact: true })
            {
                yield return new InnerCommand.File(next.Value, Writes: !reads);
            }

            if (Opens(tokens, at, reads) && !(next is { Kind: Kind.Text, Exact: true } && (Ends(behind) || (reads && behind is { Kind: Kind.Mark, Value: ">" or "=" or "&" }))))
            {
                yield return new InnerCommand.Unknown("an awk program opens a file whose name is computed", Files: true);
            }
        }
    }

    // Whether the sign belongs to a 'print' or a 'getline' of its own statement, and is no comparison.
    private static bool Opens(List<Token> tokens, int at, bool reads)
    {
        var open = 0;
        for (var i = at - 1; i >= 0; i--)
        {
            var token = tokens[i];
            open += token is { Kind: Kind.Mark, Value: ")" } ? 1 : token is { Kind: Kind.Mark, Value: "(" } ? -1 : 0;
            if (open < 0)
            {
                return false;
            }

            if (open == 0 && token.Kind is Kind.Name && (reads ? token.Value is "getline" : token.Value is "print" or "printf"))
            {
                return true;
            }

            if (open == 0 && token is { Kind: Kind.Mark, Value: ";" or "{" or "}" or "\n" } && TokenAt(tokens, i - 1) is not { Kind: Kind.Mark, Value: "," or "&" })
            {
                return false;
            }
        }

        return false;
    }

    private static Token TokenAt(List<Token> tokens, int at) => at >= 0 && at < tokens.Count ? tokens[at] : new(Kind.End, "", true);

    private static bool Begins(Token token) => token.Kind is Kind.End || token is { Kind: Kind.Mark, Value: ";" or "{" or "}" or "(" or "\n" or "," or "&" or "!" };

    private static bool Ends(Token token) => token.Kind is Kind.End || token is { Kind: Kind.Mark, Value: ";" or "}" or "\n" or ")" };

    private static List<Token>? Tokens(string program)
    {
        var tokens = new List<Token>();
        var at = 0;
        while (at < program.Length)
        {
            var c = program[at];
            if (c == '\\' && at + 1 < program.Length && program[at + 1] == '\n')
            {
                at += 2;
            }
            else if (c is ' ' or '\t' or '\r')
            {
                at++;
            }
            else if (c == '#')
            {
                at = program.IndexOf('\n', at) is >= 0 and var line ? line : program.Length;
            }
            else if (c == '"')
            {
                if (!TakeText(program, ref at, tokens))
                {
                    return null;
                }
            }
            else if (c == '/' && !IsDivision(tokens))
            {
                if (!TakePattern(program, ref at, tokens))
                {
                    return null;
                }
            }
            else
            {
                TakeWord(program, ref at, tokens);
            }
        }

        return tokens;
    }

    private static void TakeWord(string program, ref int at, List<Token> tokens)
    {
        var start = at;
        while (at < program.Length && (char.IsAsciiLetterOrDigit(program[at]) || program[at] == '_'))
        {
            at++;
        }

        if (at > start)
        {
            tokens.Add(new(char.IsAsciiDigit(program[start]) ? Kind.Number : Kind.Name, program[start..at], true));
            return;
        }

        var two = at + 1 < program.Length ? program.Substring(at, 2) : "";
        var mark = two switch { "||" => "&", "&&" => "&", "|&" => "|", ">>" => ">>", ">=" => "=", "<=" => "=", "++" or "--" => "++", _ => null };
        at += mark is null ? 1 : 2;
        mark ??= program[start].ToString();

        // What stands in parentheses behind such a word is no operand.
        tokens.Add(new(Kind.Mark, mark, mark is not ")" || !IsCondition(tokens)));
    }

    private static bool IsCondition(List<Token> tokens)
    {
        var open = 0;
        for (var i = tokens.Count - 1; i >= 0; i--)
        {
            open += tokens[i] is { Kind: Kind.Mark, Value: ")" } ? 1 : tokens[i] is { Kind: Kind.Mark, Value: "(" } ? -1 : 0;
            if (open < 0)
            {
                return TokenAt(tokens, i - 1) is { Kind: Kind.Name, Value: "if" or "while" or "for" or "switch" };
            }
        }

        return false;
    }

    private static bool TakeText(string program, ref int at, List<Token> tokens)
    {
        var text = new StringBuilder();
        var exact = true;
        for (at++; at < program.Length && program[at] != '"'; at++)
        {
            if (program[at] != '\\' || at + 1 >= program.Length)
            {
                text.Append(program[at]);
                continue;
            }

            at++;
            var plain = program[at] switch { '"' => '"', '\\' => '\\', '/' => '/', 'n' => '\n', 't' => '\t', _ => '\0' };
            exact &= plain != '\0';
            text.Append(plain == '\0' ? program[at] : plain);
        }

        if (at >= program.Length)
        {
            return false;
        }

        at++;
        tokens.Add(new(Kind.Text, text.ToString(), exact));
        return true;
    }

    // A slash in brackets ends a pattern for some versions of awk and not for others: refused, unless both read the rest alike because nothing runs there.
    private static bool TakePattern(string program, ref int at, List<Token> tokens)
    {
        var (start, open) = (at, false);
        for (at++; at < program.Length && program[at] != '\n'; at++)
        {
            if (program[at] == '\\')
            {
                at++;
            }
            else if (program[at] == '/')
            {
                if (open)
                {
                    return false;
                }

                at++;
                tokens.Add(new(Kind.Pattern, program[start..at], true));
                return true;
            }
            else
            {
                open = program[at] == '[' || (open && program[at] != ']');
            }
        }

        return false;
    }

    // Behind an operand a slash divides. Behind words of the language it is not certain, and then taken for division: what follows is read as program.
    private static bool IsDivision(List<Token> tokens) => tokens.Count > 0 && tokens[^1] switch
    {
        { Kind: Kind.Name, Value: "print" or "printf" or "return" or "in" or "do" or "else" or "case" or "exit" } => false,
        { Kind: Kind.Name or Kind.Number or Kind.Text or Kind.Pattern } => true,
        { Kind: Kind.Mark, Value: ")", Exact: var isOperand } => isOperand,
        { Value: "]" or "$" or "++" } => true,
        _ => false,
    };

    private sealed record Token(Kind Kind, string Value, bool Exact);
}
