using System.Text.RegularExpressions;
using Bridle.Journal;

namespace Bridle.Memory;

/// <summary>Says whether a text holds a secret, so that none is kept for later sessions.</summary>
public static partial class NoteSecrets
{
    // What reaches a tool may be masked already; a note about a mask tells nobody anything.
    private const string Masked = "[redacted: ";

    /// <summary>What is wrong with the text, for whoever wrote it, or null. <paramref name="known"/> knows the session's own keys and the shapes of others.</summary>
    public static string? Find(string text, SecretRedactor known) =>
        known.Redact(text) != text || text.Contains(Masked, StringComparison.Ordinal) ? "It holds a key or a password" : Assigned().Matches(text).Any(match => LooksRandom(match.Groups["value"].Value)) ? "It holds what looks like a password or a key" : null;

    // A word, a path, an address or a placeholder after "password:" is talk about one.
    private static bool LooksRandom(string value) =>
        value.Any(char.IsAsciiDigit) && value.Any(char.IsAsciiLetter) && value[0] is not ('$' or '<' or '{' or '%' or '/' or '~' or '.') && !value.Contains("://", StringComparison.Ordinal);

    [GeneratedRegex(@"(?:api[_\- ]?key|access[_\- ]?key|secret|token|passw(?:or)?d|passphrase|pwd)[a-z_]{0,20}[""'`*]{0,3}\s{0,3}(?:[:=]|\bis\b)\s{0,3}[""'`*]{0,3}(?<value>[^\s""'`,;]{10,256})", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Assigned();
}
