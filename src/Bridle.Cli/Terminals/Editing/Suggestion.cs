namespace Bridle.Cli.Terminals.Editing;

/// <summary>Something that what is typed may become.</summary>
/// <param name="Text">What takes the place of the typed words.</param>
/// <param name="Description">What it is; may be empty.</param>
/// <param name="Complete">Whether nothing more needs to be typed, so that Enter sends it.</param>
internal sealed record Suggestion(string Text, string Description = "", bool Complete = false);

/// <summary>All that the words from <paramref name="From"/> to the cursor may become, the likeliest first.</summary>
/// <param name="From">Where the words begin.</param>
/// <param name="Items">What they may become.</param>
/// <param name="TakesEnter">Whether Enter takes the chosen one although nobody moved to it.</param>
internal sealed record Suggestions(int From, IReadOnlyList<Suggestion> Items, bool TakesEnter);
