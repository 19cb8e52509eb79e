namespace Bridle.Models.Http;

/// <summary>What an error page says, in a few words.</summary>
internal static class HtmlWords
{
    /// <summary>The title of the page; empty when it has none.</summary>
    public static string Title(string page)
    {
        var open = page.IndexOf("<title", StringComparison.OrdinalIgnoreCase);
        var start = open < 0 ? -1 : page.IndexOf('>', open);
        var end = start < 0 ? -1 : page.IndexOf("</title", start, StringComparison.OrdinalIgnoreCase);
        if (end < 0)
        {
            return "";
        }

        var title = string.Join(' ', page[(start + 1)..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return title.Length > 120 ? title[..120] + "…" : title;
    }
}
