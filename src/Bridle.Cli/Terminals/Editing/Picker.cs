using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Terminals.Editing;

/// <summary>The list below what is typed, with one line chosen.</summary>
internal sealed class Picker(Suggestions suggestions)
{
    private const int MostRows = 6;

    public Suggestions Suggestions => suggestions;

    public int Chosen { get; private set; }

    /// <summary>Whether a person went to the chosen line.</summary>
    public bool Moved { get; private set; }

    public Suggestion Choice => suggestions.Items[Chosen];

    public void Move(int by)
    {
        Chosen = (Chosen + by + suggestions.Items.Count) % suggestions.Items.Count;
        Moved = true;
    }

    /// <summary>The lines around the chosen one.</summary>
    public IEnumerable<string> Lines(int width, Styling style)
    {
        var items = suggestions.Items;
        var first = Math.Clamp(Chosen - (MostRows / 2), 0, Math.Max(0, items.Count - MostRows));
        var shown = items.Skip(first).Take(MostRows).Select(item => VisibleText.Line(item.Text, Math.Max(10, width - 4))).ToList();
        var names = Math.Min(shown.Max(text => TextWidth.Of(text)), width / 2);
        for (var i = 0; i < shown.Count; i++)
        {
            var name = shown[i] + new string(' ', Math.Max(0, names - TextWidth.Of(shown[i])));
            var description = VisibleText.Line(items[first + i].Description, 200);
            var chosen = first + i == Chosen;
            var line = $"{(chosen ? "›" : " ")} {(chosen ? style.Bold(name) : name)}{(description.Length > 0 ? $"  {style.Dim(description)}" : "")}";
            yield return StyledText.Cut(line, width);
        }

        if (items.Count > MostRows)
        {
            yield return style.Dim($"  {Chosen + 1} of {items.Count}");
        }
    }
}
