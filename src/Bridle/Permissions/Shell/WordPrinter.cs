using System.Globalization;
using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Writes the parts of words. What runs in them is written by <paramref name="body"/>, with the given opening and its own end.</summary>
internal sealed class WordPrinter(StringBuilder output, Action<string, ShellSequence> body)
{
    /// <summary>Writes them; <paramref name="raw"/>: as the body of a here-document.</summary>
    public void Print(IReadOnlyList<WordPart> parts, bool raw)
    {
        WordPart? before = null;
        foreach (var part in parts)
        {
            if (part is CommandSubstitution { OwnSource: not null } && before is LiteralPart { Style: QuoteStyle.Bare, Value: [.., '$'] })
            {
                // Backticks become $( ), which the dollar in front must not join.
                output.Insert(output.Length - 1, '\\');
            }

            Part(part, raw);
            before = part;
        }
    }

    private void Part(WordPart part, bool raw)
    {
        switch (part)
        {
            case LiteralPart literal:
                Literal(literal, raw);
                break;
            case DoubleQuotedPart quoted:
                output.Append(quoted.Localised ? "$\"" : "\"");
                Print(quoted.Parts, false);
                output.Append('"');
                break;
            case ParameterPart { Braced: false } parameter:
                output.Append('$').Append(parameter.Name);
                break;
            case ParameterPart parameter:
                output.Append("${").Append(parameter.Prefix).Append(parameter.Name);
                Print(parameter.Subscript is { } index ? [index] : [], false);
                output.Append(parameter.Operator);
                Print(parameter.Argument, false);
                output.Append('}');
                break;
            case CommandSubstitution substitution:
                body("$( ", substitution.Body);
                break;
            case ProcessSubstitution substitution:
                body($"{substitution.Direction}( ", substitution.Body);
                break;
            case ArithmeticPart arithmetic:
                output.Append(arithmetic.Old ? "$[" : "$((");
                Print(arithmetic.Parts, false);
                output.Append(arithmetic.Old ? "]" : "))");
                break;
            case SubscriptPart subscript:
                output.Append('[');
                Print(subscript.Parts, false);
                output.Append(']');
                break;
            case ArrayPart array:
                output.Append('(');
                foreach (var element in array.Elements)
                {
                    Print(element.Parts, false);
                    output.Append(' ');
                }

                output.Append(')');
                break;
            case ExtendedGlobPart pattern:
                output.Append(pattern.Kind).Append('(');
                Print(pattern.Parts, false);
                output.Append(')');
                break;
        }
    }

    private void Literal(LiteralPart literal, bool raw)
    {
        switch (literal.Style)
        {
            case QuoteStyle.Escaped:
                output.Append('\\').Append(literal.Value);
                break;
            case QuoteStyle.Single when !raw:
                output.Append('\'').Append(literal.Value).Append('\'');
                break;
            case QuoteStyle.AnsiC:
                output.Append("$'");
                foreach (var c in literal.Value)
                {
                    output.Append(c switch
                    {
                        '\'' or '\\' => $"\\{c}",
                        '\uFFFD' => "\\xff",
                        < ' ' or '\x7f' => string.Create(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                        _ => c.ToString(),
                    });
                }

                output.Append('\'');
                break;
            default:
                output.Append(literal.Value);
                break;
        }
    }
}
