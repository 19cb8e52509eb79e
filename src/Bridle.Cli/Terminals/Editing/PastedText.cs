using System.Globalization;

namespace Bridle.Cli.Terminals.Editing;

/// <summary>Long pasted texts, each standing in the message as a short mark until that is sent.</summary>
internal sealed class PastedText
{
    private const int MostLines = 5;
    private const int MostCharacters = 800;

    private readonly List<(string Mark, string Text)> _texts = [];

    /// <summary>What to put in the message for a pasted text: itself, or a mark when it is long.</summary>
    public string Shown(string text)
    {
        var lines = text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        if (lines <= MostLines && text.Length <= MostCharacters)
        {
            return text;
        }

        var size = lines > 1 ? $"{lines.ToString(CultureInfo.InvariantCulture)} lines" : $"{text.Length.ToString(CultureInfo.InvariantCulture)} characters";
        var mark = $"[pasted #{_texts.Count + 1}: {size}]";
        _texts.Add((mark, text));
        return mark;
    }

    /// <summary>The mark that ends right at the given place, so that it is removed as one.</summary>
    public string? EndingAt(string text, int at) => _texts.Select(one => one.Mark).FirstOrDefault(mark => text.AsSpan(0, at).EndsWith(mark));

    /// <summary>The message with every mark replaced by its text.</summary>
    public string Whole(string text)
    {
        if (_texts.Count == 0)
        {
            return text;
        }

        // In one pass from the left: a pasted text that has a mark in it stays as it was pasted.
        var whole = new System.Text.StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var found = text[at] == '[' ? _texts.FirstOrDefault(one => string.CompareOrdinal(text, at, one.Mark, 0, one.Mark.Length) == 0) : default;
            whole.Append(found.Mark is null ? text[at].ToString() : found.Text);
            at += found.Mark?.Length ?? 1;
        }

        return whole.ToString();
    }

    public void Clear() => _texts.Clear();
}
