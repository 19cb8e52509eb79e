using System.Text;

namespace Bridle.Skills;

/// <summary>Fills arguments and places into the text of a skill, as Claude Code publishes it. One pass: what was filled in is not looked at again.</summary>
public static class SkillText
{
    private const string All = "ARGUMENTS";

    // A text of nothing but $ARGUMENTS must not become the product of its length and theirs.
    private const int MostFilled = 512 * 1024;
    private const int LongestMark = 40;

    /// <summary>The text with everything filled in; what would be longer than half a megabyte ends there.</summary>
    /// <param name="skill">The skill.</param>
    /// <param name="body">Its text.</param>
    /// <param name="arguments">What it was called with, or null.</param>
    /// <param name="place">Where it is used.</param>
    public static string Fill(Skill skill, string body, string? arguments, SkillPlace place)
    {
        var given = arguments?.Trim() ?? "";
        var words = ArgumentWords.Of(given);
        var fromOne = CountsFromOne(body);
        var (text, used) = (new StringBuilder(body.Length + given.Length), false);
        for (var i = 0; i < body.Length && text.Length < MostFilled; i++)
        {
            if (body[i] is '\\' && i + 1 < body.Length && body[i + 1] is '$' && (i is 0 || body[i - 1] is not '\\') && Mark(body, i + 1, skill) is { } meant)
            {
                text.Append(body, i + 1, meant.Length);
                i += meant.Length;
                continue;
            }

            if (body[i] is not '$' || Mark(body, i, skill) is not { } mark)
            {
                text.Append(body[i]);
                continue;
            }

            var value = ValueOf(mark, given, words, fromOne, skill, place);
            used |= mark.Kind is not MarkKind.Place;
            text.Append(value is null ? body.AsSpan(i, mark.Length) : value.AsSpan(0, Math.Min(value.Length, MostFilled)));
            i += mark.Length - 1;
        }

        return used || given.Length is 0 ? text.ToString() : $"{text.ToString().TrimEnd('\n')}\n\nARGUMENTS: {given}";
    }

    // Null: the mark stays as it is.
    private static string? ValueOf(TextMark mark, string given, IReadOnlyList<string> words, bool fromOne, Skill skill, SkillPlace place) => mark.Kind switch
    {
        MarkKind.All => given,
        MarkKind.Number => words.ElementAtOrDefault(fromOne && !mark.IsIndexed ? mark.Number - 1 : mark.Number),
        MarkKind.Name => words.ElementAtOrDefault(skill.ArgumentNames.ToList().IndexOf(mark.Name)) ?? "",
        _ => mark.Name switch { "CLAUDE_SKILL_DIR" => skill.Folder, "CLAUDE_SESSION_ID" => place.Session, "CLAUDE_PROJECT_DIR" => place.Root, _ => null },
    };

    // $0 is the first since 2026; older files count from $1. A text that names $1 and nothing of the new way is an older one.
    private static bool CountsFromOne(string body) =>
        body.Contains("$1", StringComparison.Ordinal) && !body.Contains("$0", StringComparison.Ordinal) && !body.Contains("$ARGUMENTS[", StringComparison.Ordinal);

    private static TextMark? Mark(string body, int at, Skill skill)
    {
        var rest = body.AsSpan(at + 1, Math.Min(body.Length - at - 1, LongestMark));
        if (rest.StartsWith(All))
        {
            var after = rest[All.Length..];
            if (after.StartsWith("[") && after.IndexOf(']') is > 1 and var close && int.TryParse(after[1..close], out var index) && index >= 0)
            {
                return new(MarkKind.Number, 1 + All.Length + close + 1) { Number = index, IsIndexed = true };
            }

            return after.Length > 0 && IsWord(after[0]) ? null : new(MarkKind.All, 1 + All.Length);
        }

        if (rest.StartsWith("{"))
        {
            var close = rest.IndexOf('}');
            var name = close > 0 ? rest[1..close].ToString() : "";
            return name is All ? new(MarkKind.All, close + 2)
                : name is "CLAUDE_SKILL_DIR" or "CLAUDE_SESSION_ID" or "CLAUDE_PROJECT_DIR" ? new(MarkKind.Place, close + 2) { Name = name }
                : null;
        }

        var end = 0;
        while (end < rest.Length && IsWord(rest[end]))
        {
            end++;
        }

        var word = rest[..end].ToString();
        return word.Length is > 0 and < 4 && word.All(char.IsAsciiDigit) ? new(MarkKind.Number, 1 + end) { Number = int.Parse(word, System.Globalization.CultureInfo.InvariantCulture) }
            : word.Length > 0 && skill.ArgumentNames.Contains(word) ? new(MarkKind.Name, 1 + end) { Name = word }
            : null;
    }

    private static bool IsWord(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_';

    private enum MarkKind
    {
        All,
        Number,
        Name,
        Place,
    }

    private sealed record TextMark(MarkKind Kind, int Length)
    {
        public int Number { get; init; }

        public bool IsIndexed { get; init; }

        public string Name { get; init; } = "";
    }
}
