using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>Makes the tree of a shell text: the one parser for everything that permission asks about commands.</summary>
internal static class ShellParser
{
    /// <summary>What is longer is read for deny rules and asked.</summary>
    public const int MaxLength = 10_000;

    /// <summary>The problem of a text that runs nothing.</summary>
    public const string Empty = "it is empty";

    /// <summary>Reads a text as bash does. Never throws; where it cannot follow, the tree holds what came before and says why.</summary>
    public static ShellScript Parse(string text) => Parse(text, 0);

    /// <summary>Reads a text that stands in another one so many levels deep.</summary>
    public static ShellScript Parse(string text, int depth)
    {
        var end = text.IndexOf('\0');
        var reading = new Reading(text, 0, end < 0 ? text.Length : end, depth);
        var body = reading.Commands.ReadAll();
        var problem = text.Length > MaxLength ? $"it is longer than {MaxLength:N0} characters" : HiddenIn(text) ?? reading.Problem;
        return new ShellScript(text, body, problem ?? (body.Items.Count == 0 ? Empty : null));
    }

    /// <summary>What in the text a person would not see as it is, or null.</summary>
    public static string? HiddenIn(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is >= ' ' and < '\x7f' or '\n' or '\t')
            {
                continue;
            }

            if (char.IsControl(text[i]))
            {
                return "it holds control characters";
            }

            if (!Rune.TryGetRuneAt(text, i, out var rune) || HiddenCharacters.Has(rune))
            {
                return "it holds invisible characters";
            }

            i += rune.Utf16SequenceLength - 1;
        }

        return null;
    }
}
