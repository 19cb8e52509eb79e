namespace Bridle.Models.Http;

/// <summary>Addresses as they are posted to and as they are shown.</summary>
internal static class WireUrls
{
    /// <summary>The base URL with <paramref name="path"/> appended; <paramref name="version"/> such as <c>/v1</c> goes between when the base URL has no path of its own.</summary>
    public static Uri Append(Uri baseUrl, string version, string path)
    {
        var root = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');
        if (baseUrl.AbsolutePath is "" or "/")
        {
            root += version;
        }

        return new(root + path + baseUrl.Query);
    }

    /// <summary>The address without user, password and query, which may hold a key.</summary>
    public static string Shown(Uri url) => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Scheme, host and port.</summary>
    public static string Server(Uri url) => url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);

    /// <summary>A hint when the version part seems to be missing; empty when it is there.</summary>
    public static string PathHint(Uri posted) =>
        posted.AbsolutePath.Contains("/v1", StringComparison.Ordinal) || posted.AbsolutePath.Contains("/api/", StringComparison.Ordinal)
            ? "Check the base URL and the protocol (--api)."
            : "The base URL may lack a /v1 at its end.";
}
