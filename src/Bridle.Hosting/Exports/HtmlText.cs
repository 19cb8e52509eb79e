using System.Globalization;
using System.Text;

namespace Bridle.Hosting.Exports;

/// <summary>Text that may hold anything, as text of a page: nothing in it can become markup, a link or a script, and what cannot be seen is shown as what it is.</summary>
internal static class HtmlText
{
    public static string Of(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '&':
                    safe.Append("&amp;");
                    break;
                case '<':
                    safe.Append("&lt;");
                    break;
                case '>':
                    safe.Append("&gt;");
                    break;
                case '"':
                    safe.Append("&quot;");
                    break;
                case '\'':
                    safe.Append("&#39;");
                    break;
                case '\n' or '\t':
                    safe.Append((char)rune.Value);
                    break;
                case '\r':
                    break;
                case var code when Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control || IsDirection(code):
                    // Among them those that turn the direction of the text round and so make it read as something else.
                    safe.Append(CultureInfo.InvariantCulture, $"<span class=\"odd\">U+{code:X4}</span>");
                    break;
                default:
                    safe.Append(rune);
                    break;
            }
        }

        return safe.ToString();
    }

    private static bool IsDirection(int code) => code is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C;
}
