namespace Bridle.Models.Rehearsal;

/// <summary>
/// A text as a pattern that finds it, for every search program: only what means something in a pattern is escaped, as some refuse an escaped blank. They look at one line at a time, so
/// that of several the first that is not blank is looked for.
/// </summary>
internal static class SearchText
{
    private const string Special = @"\.+*?()|[]{}^$";

    public static string Literal(string text) => string.Concat(Line(text).Select(c => Special.Contains(c) ? $@"\{c}" : c.ToString()));

    private static string Line(string text) => text.Split('\n').FirstOrDefault(line => line.Trim().Length > 0)?.TrimEnd('\r') ?? text;
}
