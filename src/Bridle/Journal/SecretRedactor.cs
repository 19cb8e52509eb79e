using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Bridle.Journal;

/// <summary>
/// Replaces secrets by a mark that says what stood there: the exact values the harness knows (also as base64 and URL-encoded) and text in the shape of well-known
/// keys. Immutable; safe to use concurrently.
/// </summary>
public sealed partial class SecretRedactor
{
    private const int ShortestKnown = 8;

    // Each shape has one of these in it: looking for them first is ten times quicker than the expression.
    private static readonly SearchValues<string> TokenMarks = SearchValues.Create(
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "sk-", "AIza", "AKIA", "ASIA", "xox", "k_live_", "k_test_", "eyJ"], StringComparison.Ordinal);

    private readonly string[] _known;

    /// <summary>Makes a redactor for the given values. Values shorter than eight characters are left out: they would hit ordinary words.</summary>
    public SecretRedactor(IEnumerable<string> known)
    {
        _known = [.. known.Where(value => value.Length >= ShortestKnown).SelectMany(FormsOf).Distinct(StringComparer.Ordinal).OrderByDescending(value => value.Length)];
    }

    /// <summary>A redactor that knows no values, only shapes.</summary>
    public static SecretRedactor ShapesOnly { get; } = new([]);

    internal int LongestKnown => _known.Length == 0 ? 0 : _known[0].Length;

    /// <summary>Replaces known values and shapes. Gives the same string back when there is nothing to replace.</summary>
    public string Redact(string text) => RedactShapes(RedactKnown(text));

    /// <summary>Replaces known values only: for what runs or is shown to an approver, which a mere resemblance must not change.</summary>
    public string RedactKnown(string text)
    {
        foreach (var value in _known)
        {
            if (text.Contains(value, StringComparison.Ordinal))
            {
                text = text.Replace(value, "[redacted: known key]", StringComparison.Ordinal);
            }
        }

        return text;
    }

    /// <summary>Redacts text that comes in pieces.</summary>
    public RedactingStream Stream() => new(this);

    internal static string RedactShapes(string text)
    {
        // Most text has none of these, and this is asked about every record.
        if (text.Length < ShortestKnown)
        {
            return text;
        }

        text = PrivateKey().Replace(text, "[redacted: private key]");
        text = text.AsSpan().ContainsAny(TokenMarks) ? TokenShapes().Replace(text, match => $"[redacted: {NameOf(match)}]") : text;
        return text.Contains("://", StringComparison.Ordinal) ? UserInUrl().Replace(text, "${scheme}[redacted: password]@") : text;
    }

    /// <summary>Whether a known value starts in the last characters of the text, and where; -1 when none does.</summary>
    internal int StartOfPartialKnown(string text)
    {
        for (var at = Math.Max(0, text.Length - LongestKnown + 1); at < text.Length; at++)
        {
            var tail = text.AsSpan(at);
            foreach (var value in _known)
            {
                if (value.Length > tail.Length && value.AsSpan().StartsWith(tail, StringComparison.Ordinal))
                {
                    return at;
                }
            }
        }

        return -1;
    }

    /// <summary>Moves a cut out of known values that it would divide.</summary>
    internal int KeepWhole(string text, int cut)
    {
        foreach (var value in _known)
        {
            var from = Math.Max(0, cut - value.Length + 1);
            var at = text.IndexOf(value, from, Math.Min(text.Length, cut + value.Length) - from, StringComparison.Ordinal);
            cut = at >= 0 && at < cut && at + value.Length > cut ? at : cut;
        }

        return cut;
    }

    private static IEnumerable<string> FormsOf(string value)
    {
        yield return value;
        yield return Uri.EscapeDataString(value);
        yield return System.Text.Json.JsonEncodedText.Encode(value).ToString();
        var bytes = Encoding.UTF8.GetBytes(value);

        // In base64 a value looks different at each of three offsets; the characters that also depend on its neighbours are left off.
        for (var offset = 0; offset < 3 && bytes.Length > 6; offset++)
        {
            var encoded = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=');
            var first = offset == 0 ? 0 : offset + 1;
            var inner = encoded[first..(((offset + bytes.Length) * 8 / 6) - 0)];
            yield return inner;
            yield return inner.Replace('+', '-').Replace('/', '_');
        }
    }

    private static string NameOf(Match match) =>
        match.Groups.Cast<Group>().Skip(1).First(group => group.Success).Name switch
        {
            "github" => "GitHub token",
            "model" => "API key",
            "google" => "Google key",
            "aws" => "AWS key",
            "slack" => "Slack token",
            "stripe" => "Stripe key",
            _ => "JWT",
        };

    [GeneratedRegex(@"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY( BLOCK)?-----(.*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY( BLOCK)?-----|.*)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PrivateKey();

    [GeneratedRegex(
        @"(?<![A-Za-z0-9])(?:(?<github>gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_[A-Za-z0-9_]{40,255})|(?<model>sk-(?:ant-|proj-|or-|svcacct-)?[A-Za-z0-9_\-]{20,255})|(?<google>AIza[A-Za-z0-9_\-]{35})|(?<aws>(?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])|(?<slack>xox[abeoprs]-[A-Za-z0-9\-]{10,255})|(?<stripe>[rs]k_(?:live|test)_[A-Za-z0-9]{16,255})|(?<jwt>eyJ[A-Za-z0-9_\-]{8,4096}\.eyJ[A-Za-z0-9_\-]{8,8192}\.[A-Za-z0-9_\-]{8,4096}))",
        RegexOptions.CultureInvariant)]
    private static partial Regex TokenShapes();

    [GeneratedRegex(@"(?<scheme>[a-zA-Z][a-zA-Z0-9+.\-]{1,20}://[^\s:/@""'<>]{0,256}:)[^\s/@""'<>]{3,256}@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInUrl();
}
