using System.Text;
using System.Text.RegularExpressions;
using Bridle.Workspaces;

namespace Bridle.Tools.Web;

/// <summary>The text of a fetched page, decoded as its mark, its header or its own meta element says.</summary>
internal static partial class PageText
{
    private const int Head = 2048;

    /// <summary>What kind of content it is.</summary>
    public static PageKind KindOf(FetchedPage page)
    {
        var type = page.MediaType.Trim().ToLowerInvariant();
        if (type is "text/html" or "application/xhtml+xml")
        {
            return PageKind.Html;
        }

        var isNamedText = type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal)
            || type is "application/json" or "application/xml" or "application/javascript" or "application/x-javascript" or "application/yaml" or "application/x-yaml" or "application/toml"
                or "application/x-ndjson" or "application/sql" or "application/x-sh";
        if (isNamedText)
        {
            return PageKind.Text;
        }

        var isGuessed = type is "" or "application/octet-stream" && !page.Body.AsSpan().Contains((byte)0) && System.Text.Unicode.Utf8.IsValid(page.Body);
        return !isGuessed ? PageKind.Binary : HtmlStart().IsMatch(Encoding.UTF8.GetString(page.Body, 0, Math.Min(Head, page.Body.Length))) ? PageKind.Html : PageKind.Text;
    }

    /// <summary>The decoded body.</summary>
    public static string Decode(FetchedPage page)
    {
        var (encoding, mark) = page.Body switch
        {
            [0xEF, 0xBB, 0xBF, ..] => (Encoding.UTF8, 3),
            [0xFF, 0xFE, ..] => (Encoding.Unicode, 2),
            [0xFE, 0xFF, ..] => (Encoding.BigEndianUnicode, 2),
            _ => (Find(page.Charset) ?? Find(MetaCharset(page.Body)) ?? Encoding.UTF8, 0),
        };
        return encoding.GetString(page.Body, mark, page.Body.Length - mark);
    }

    private static string? MetaCharset(byte[] body)
    {
        var match = Meta().Match(Encoding.Latin1.GetString(body, 0, Math.Min(Head, body.Length)));
        return match.Success ? match.Groups[1].Value : null;
    }

    private static Encoding? Find(string? name)
    {
        // The HTML standard reads both of these names as Windows' superset of them.
        name = name?.Trim(' ', '"', '\'').ToLowerInvariant() switch { null or "" => null, "iso-8859-1" or "latin1" or "us-ascii" => "windows-1252", var other => other };
        if (name is null)
        {
            return null;
        }

        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex("""<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*["']?([\w-]+)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Meta();

    [GeneratedRegex(@"^\s*(<!doctype\s+html|<html\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex HtmlStart();
}

/// <summary>Kinds of content.</summary>
internal enum PageKind
{
    /// <summary>To be turned into Markdown.</summary>
    Html,

    /// <summary>To be shown as it is.</summary>
    Text,

    /// <summary>Not to be shown.</summary>
    Binary,
}
