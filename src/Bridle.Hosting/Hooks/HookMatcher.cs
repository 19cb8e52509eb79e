using System.Text.RegularExpressions;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// What a matcher says about a name: nothing, an empty text and <c>*</c> fit all; letters, digits, <c>_ - , |</c> and spaces are names, one of which must be the whole
/// name; anything else is a regular expression that may fit anywhere. OpenHarness' patterns are held against the whole name.
/// </summary>
public sealed class HookMatcher
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);
    private readonly Func<string, bool> _fits;

    private HookMatcher(string text, Func<string, bool> fits) => (Text, _fits) = (text, fits);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>Fits everything.</summary>
    public static HookMatcher Everything { get; } = new("", _ => true);

    /// <summary>Reads a matcher; null with the problem in words when it cannot be used.</summary>
    public static HookMatcher? Read(string? text, bool isPattern, out string? problem)
    {
        problem = null;
        text = text?.Trim() ?? "";
        if (text is "" or "*")
        {
            return Everything;
        }

        if (isPattern)
        {
            var expression = new Regex($"^{Regex.Escape(text).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, s_patience);
            return new(text, name => Names(name).Any(one => IsMatch(expression, one)));
        }

        if (text.All(one => char.IsAsciiLetterOrDigit(one) || one is '_' or '-' or ' ' or ',' or '|'))
        {
            var names = text.Split(['|', ','], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
            return new(text, name => Names(name).Any(names.Contains));
        }

        try
        {
            var expression = new Regex(text, RegexOptions.CultureInvariant, s_patience);
            return new(text, name => new[] { name, ToolFields.NameFor(name) }.Any(one => IsMatch(expression, one)));
        }
        catch (ArgumentException wrong)
        {
            problem = $"the matcher '{text}' is no regular expression: {wrong.Message}";
            return null;
        }
    }

    /// <summary>Whether it fits an event's subject; an event without one is fitted by all.</summary>
    public bool Fits(string? subject) => subject is null || _fits(subject);

    // The names under which hooks know the tool: ours, the one they are told, and those of other harnesses.
    private static IEnumerable<string> Names(string name) =>
        ToolAliases.Standard.All.Where(alias => alias.Tool == name).Select(alias => alias.Name).Prepend(ToolFields.NameFor(name)).Prepend(name);

    // An expression that takes too long fits: a guard that is not asked guards nothing.
    private static bool IsMatch(Regex expression, string name)
    {
        try
        {
            return expression.IsMatch(name);
        }
        catch (RegexMatchTimeoutException)
        {
            return true;
        }
    }
}
