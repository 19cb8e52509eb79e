namespace Bridle.Tools;

/// <summary>What a background process wrote since somebody looked. All of it stands in <paramref name="Text"/> unless something was dropped.</summary>
/// <param name="Text">The output in the order of arrival, or the beginning of it.</param>
/// <param name="Dropped">Characters that were dropped behind the beginning, because too much came before anybody looked.</param>
/// <param name="After">What came after those, from the beginning of a line on.</param>
public readonly record struct BackgroundOutput(string Text, long Dropped, string After);
