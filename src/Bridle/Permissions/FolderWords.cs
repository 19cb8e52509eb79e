using System.Text;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>What the words of a text are worth before it runs: literals, the folder's own name in its usual spellings, and variables that the text sets once to something known.</summary>
internal sealed class FolderWords(FolderPlace place, Func<string?> folder)
{
    private static readonly HashSet<string> s_setters = ["read", "mapfile", "readarray", "getopts", "printf", "export", "declare", "typeset", "local", "readonly", "unset", "let"];
    private readonly Dictionary<string, string?> _variables = new(StringComparer.Ordinal);

    /// <summary>A word of exactly that value.</summary>
    public static ShellWord Literal(string value) => new(new(0, 0), value.Length == 0 ? [] : [new LiteralPart(new(0, 0), value, QuoteStyle.Single)]);

    /// <summary>Notes which variables a text sets, so that none of them is taken for what it was before.</summary>
    public void Note(ShellNode root)
    {
        foreach (var node in ShellWalk.All(root))
        {
            switch (node)
            {
                case Assignment assignment:
                    _variables[assignment.Name] = null;
                    break;
                case ForCommand loop:
                    _variables[loop.Name] = null;
                    break;
                case ParameterPart { Operator: ":=" or "=" } part:
                    _variables[part.Name] = null;
                    break;
                case SimpleCommand { Words.Count: > 0 } command when s_setters.Contains(command.Words[0].Text):
                    foreach (var name in command.Words.Skip(1).Select(word => word.Text.Split('=', '[')[0]))
                    {
                        _variables[name] = null;
                    }

                    break;
            }
        }
    }

    /// <summary>Takes up a variable that the text sets once, and in any case.</summary>
    public void Set(string name, string? value) => _variables[name] = value;

    /// <summary>From here on nothing is known of variables.</summary>
    public bool IsLost { get; set; }

    /// <summary>The value of a word, of a pattern the pattern; null when it is known only when it runs.</summary>
    public string? Of(ShellWord word)
    {
        if ((word.Marks & (WordMarks.Brace | WordMarks.ExtendedGlob)) != 0)
        {
            return null;
        }

        var text = new StringBuilder();
        if (!Add(word.Parts, quoted: false, text))
        {
            return null;
        }

        if (word.Parts is not [LiteralPart { Style: QuoteStyle.Bare, Value: ['~', ..] }, ..])
        {
            return text.ToString();
        }

        return text is ['~'] || (text.Length > 1 && text[1] == '/') ? place.Home.TrimEnd('/') + text.ToString(1, text.Length - 1) : null;
    }

    /// <summary>
    /// Whether a word that is only known when it runs is nothing of the folder in any case: it begins with a place elsewhere, or stands in variables of who runs it.
    /// </summary>
    public bool IsElsewhere(ShellWord word)
    {
        var known = Beginning(word, out var isWhole);
        if (known is ['/', ..])
        {
            var folder = Path.GetFullPath(known[..(known.LastIndexOf('/') + 1)]).TrimEnd('/');
            return place.Inside(folder + "/x") is null && !place.Others.Prepend(place.Root).Any(one => one.StartsWith(folder + '/', StringComparison.Ordinal));
        }

        return !isWhole && known.Length == 0 && !IsLost && (word.Marks & WordMarks.Glob) == 0 && Parameters(word.Parts).All(one => one is { Name: var name } && !_variables.ContainsKey(name) && (char.IsAsciiLetter(name[0]) || name[0] == '_'));
    }

    /// <summary>The value of a word as far as it is known from its beginning on.</summary>
    public string Beginning(ShellWord word, out bool isWhole)
    {
        var text = new StringBuilder();
        isWhole = Add(word.Parts, quoted: true, text);
        return word.Parts is [LiteralPart { Style: QuoteStyle.Bare, Value: ['~', '/', ..] }, ..] ? place.Home.TrimEnd('/') + text.ToString(1, text.Length - 1) : text.ToString();
    }

    // The variables of a word that is nothing else but variables and text; a null among them where it is not.
    private static IEnumerable<ParameterPart?> Parameters(IReadOnlyList<WordPart> parts) => parts.SelectMany(IEnumerable<ParameterPart?> (part) => part switch
    {
        LiteralPart => [],
        DoubleQuotedPart inner => Parameters(inner.Parts),
        ParameterPart { Prefix.Length: 0, Subscript: null, Operator: "" } parameter => [parameter],
        _ => [null],
    });

    private bool Add(IReadOnlyList<WordPart> parts, bool quoted, StringBuilder text)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case LiteralPart literal:
                    text.Append(literal.Value);
                    break;
                case DoubleQuotedPart { Localised: false } inner when Add(inner.Parts, quoted: true, text):
                    break;
                case ParameterPart parameter when ValueOf(parameter) is { } value && (quoted || IsOneWord(value)):
                    text.Append(value);
                    break;
                case CommandSubstitution substitution when ValueOf(substitution) is { } value && (quoted || IsOneWord(value)):
                    text.Append(value);
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    private static bool IsOneWord(string value) => value.Length > 0 && value.AsSpan().IndexOfAny(" \t\n*?[") < 0;

    private string? ValueOf(ParameterPart part)
    {
        if (part.Prefix.Length > 0 || part.Subscript is not null || IsLost)
        {
            return null;
        }

        var isSet = _variables.TryGetValue(part.Name, out var value);
        value = isSet ? value
            : place.Variables.Contains(part.Name) ? place.Root
            : part.Name switch { "PWD" => folder(), "HOME" => place.Home.TrimEnd('/'), _ => null };

        // What stands behind ':-' counts for a variable that is empty or missing, and one that is known is neither.
        return part.Operator is "" || (part.Operator is ":-" or "-" or ":?" or "?" && value is { Length: > 0 }) ? value : null;
    }

    private string? ValueOf(CommandSubstitution part) =>
        part.Body.Items is not [{ Command: SimpleCommand { Assignments: [], Redirects: var redirects, Words: var words } }] || words.Any(word => !word.Plain) || redirects.Any(one => one.Target.Text is not "/dev/null") ? null
        : words.Select(word => word.Text).ToList() switch
        {
            ["pwd"] or ["pwd", "-P" or "-L"] => folder(),
            ["git", "rev-parse", "--show-toplevel"] => folder() == place.Root && Path.Exists(Path.Combine(place.Root, ".git")) ? place.Root : null,
            _ => null,
        };
}
