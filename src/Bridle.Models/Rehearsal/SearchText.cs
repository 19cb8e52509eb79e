namespace Bridle.Models.Rehearsal;

/// <summary>A text as a pattern that finds it, for every search program: only what means something in a pattern is escaped. Some refuse an escaped blank.</summary>
internal static class SearchText
{
    private const string Special = @"\.+*?()|[]{}^$";

    public static string Literal(string text) => string.Concat(text.Select(c => Special.Contains(c) ? $@"\{c}" : c.ToString()));
}
