using System.Text;

namespace Bridle.Tools.Web;

/// <summary>Where the page of an engine is and what on it is what, as CSS selectors.</summary>
/// <param name="Name">The engine's name in settings.</param>
/// <param name="Endpoint">The address, to which the escaped query is added.</param>
/// <param name="Hit">One result that is no advertisement.</param>
/// <param name="Link">In it, the title with the address.</param>
/// <param name="Excerpt">In it, the words of the page.</param>
/// <param name="Nothing">On the page when nothing was found.</param>
/// <param name="Doubt">On the page when the engine takes us for a program.</param>
internal sealed record ResultPage(string Name, string Endpoint, string Hit, string Link, string Excerpt, string Nothing, string Doubt)
{
    /// <summary>The engines in the order in which they are named in the documentation.</summary>
    public static IReadOnlyList<ResultPage> All { get; } =
    [
        new("duckduckgo", "https://html.duckduckgo.com/html/?q=", ".result:not(.result--ad):not(.result--no-result)", "a.result__a", ".result__snippet",
            ".no-results, .result--no-result", ".anomaly-modal__modal, .anomaly-modal, #challenge-form"),
        new("bing", "https://www.bing.com/search?q=", "#b_results > li.b_algo", "h2 a[href]", ".b_caption p, p.b_lineclamp2, p.b_lineclamp3, p.b_lineclamp4",
            "#b_results > li.b_no", "#b_captcha, .captcha, #turnstile-widget, .cf-turnstile"),
    ];

    /// <summary>Where to ask.</summary>
    public Uri Address(string query) => new(Endpoint + Uri.EscapeDataString(query));

    /// <summary>Where a link leads, taken out of the engine's own redirection; null for one that leads to the engine itself or nowhere.</summary>
    public Uri? Target(Uri page, string href)
    {
        if (!Uri.TryCreate(page, href, out var address))
        {
            return null;
        }

        var hidden = address.AbsolutePath switch
        {
            "/l/" when IsOf(address, "duckduckgo.com") => Parameter(address, "uddg"),
            "/ck/a" when IsOf(address, "bing.com") => Decoded(Parameter(address, "u")),
            _ => null,
        };
        if (hidden is not null)
        {
            return Uri.TryCreate(hidden, UriKind.Absolute, out var target) ? target : null;
        }

        return IsOf(address, "duckduckgo.com") && address.AbsolutePath is "/y.js" or "/l/" || (IsOf(address, "bing.com") && address.AbsolutePath is "/ck/a" or "/aclick") ? null : address;
    }

    private static bool IsOf(Uri address, string domain) => address.Host == domain || address.Host.EndsWith($".{domain}", StringComparison.Ordinal);

    private static string? Parameter(Uri address, string name) =>
        address.Query.TrimStart('?').Split('&').Select(pair => pair.Split('=', 2)).FirstOrDefault(pair => pair.Length == 2 && pair[0] == name) is { } found ? Uri.UnescapeDataString(found[1]) : null;

    // "a1" and then the address in base 64 as it is written in addresses.
    private static string? Decoded(string? value)
    {
        if (value is not { Length: > 2 } || !value.StartsWith("a1", StringComparison.Ordinal))
        {
            return null;
        }

        var text = value[2..].Replace('-', '+').Replace('_', '/');
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
