using System.Globalization;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>The key cannot be put into a header.</summary>
internal sealed class BadKeyException : Exception;

/// <summary>What goes wrong between here and the server, in words for a person.</summary>
internal static class TransportErrors
{
    /// <summary>The error for an exception of the transport or of a reader; null for one that is a bug.</summary>
    public static ModelError? From(Exception exception, Uri posted, SilenceWatch watch, bool answered)
    {
        var server = WireUrls.Server(posted);
        return exception switch
        {
            BadKeyException => new(ModelErrorKind.Authentication, "The key holds characters that no key has (a line break, a control character or a letter outside ASCII).", "Copy the key again, without anything around it."),
            SilenceException silence => Silent(server, silence.Limit),
            OperationCanceledException when watch.Expired => Silent(server, watch.Limit),
            OperationCanceledException => WireProxy.For(posted) is { } proxy ? NotThrough(proxy, posted, "it did not answer in time")
                : new(ModelErrorKind.Connection, $"Cannot connect to {server}: it did not answer in time.", Reach(posted)),
            ReplyTooLargeException => new(ModelErrorKind.Malformed, $"{exception.Message} Reading stopped.", "Ask for a shorter reply, or check that the address is that of a model server."),
            JsonException => new(ModelErrorKind.Malformed, $"{server} sent something that is not the expected JSON: {Brief(exception.Message)}", "Check that the address and the protocol (--api) belong together; if they do, report this to the server's makers."),
            HttpRequestException or IOException when answered => Cut(posted, Causes(exception)),
            HttpRequestException request => Connect(request, posted, WireProxy.For(posted)),
            IOException => new(ModelErrorKind.Connection, $"The connection to {server} broke: {Causes(exception)}.", Reach(posted)) { IsSent = true },
            _ => null,
        };
    }

    /// <summary>The reply broke off.</summary>
    public static ModelError Cut(Uri posted, string how) =>
        new(ModelErrorKind.Cut, $"The reply from {WireUrls.Server(posted)} broke off: {how}.", "Ask again; if it keeps happening, look at the server's log or at what is between here and the server.") { IsSent = true };

    /// <summary>Status 200, but not a reply.</summary>
    public static ModelError NotAReply(Uri posted, string? mediaType, ReadOnlySpan<byte> body)
    {
        var words = Encoding.UTF8.GetString(body);
        var what = mediaType is "text/html" or "application/xhtml+xml" || words.AsSpan().TrimStart().StartsWith("<", StringComparison.Ordinal) ? "a web page" : mediaType ?? "something unknown";
        var title = HtmlWords.Title(words);
        return new(
            ModelErrorKind.Malformed,
            $"{WireUrls.Shown(posted)} answered with {what} instead of a reply{(title.Length > 0 ? $" (\"{title}\")" : "")}.",
            $"This is not the address of a model's API. {WireUrls.PathHint(posted)}".TrimEnd());
    }

    /// <summary>A redirect is not followed: it would send the key and the conversation to another place.</summary>
    public static ModelError Redirected(int status, Uri posted, Uri? location) => new(
        ModelErrorKind.NotFound,
        $"{WireUrls.Shown(posted)} redirects (HTTP {status}){(location is null ? "" : $" to {WireUrls.Shown(location.IsAbsoluteUri ? location : new(posted, location))}")}, which is not followed.",
        "Set the base URL to the address where the API really is.")
    { Status = status };

    private static ModelError Silent(string server, TimeSpan limit) => new(
        ModelErrorKind.Timeout,
        $"Nothing came from {server} for {limit.TotalSeconds:0.###} s.",
        "A slow local model may need longer: set HARNESS_HTTP_TIMEOUT_SECS.") { IsSent = true };

    internal static ModelError Connect(HttpRequestException exception, Uri posted, WireProxy? proxy)
    {
        var server = WireUrls.Server(posted);
        var causes = Causes(exception);
        return exception.HttpRequestError switch
        {
            HttpRequestError.ProxyTunnelError when proxy is not null => Refused(proxy, posted, causes),
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError when proxy is not null => NotThrough(proxy, posted, causes),
            HttpRequestError.SecureConnectionError => new(ModelErrorKind.Connection, $"No secure connection to {server}: {causes}.", exception.InnerException is AuthenticationException
                ? "Check the server's certificate, or use http:// if this server speaks no TLS."
                : "Use http:// if this server speaks no TLS.")
            { ShouldRetry = false },
            HttpRequestError.NameResolutionError => new(ModelErrorKind.Connection, $"Cannot find the server {posted.Host}: {causes}.", "Check the base URL for a typing error, and the network."),
            HttpRequestError.ResponseEnded => new(ModelErrorKind.Connection, $"{server} closed the connection without an answer: {causes}.", "Look at the server's log: it may have run out of memory.") { IsSent = true },
            HttpRequestError.InvalidResponse => new(ModelErrorKind.Malformed, $"{server} does not speak HTTP: {causes}.", "Check the port, and whether it should be https://."),
            _ => new(ModelErrorKind.Connection, $"Cannot connect to {server}: {causes}.", Reach(posted)),
        };
    }

    private static ModelError NotThrough(WireProxy proxy, Uri posted, string causes) =>
        new(ModelErrorKind.Connection, $"Cannot connect to the proxy {proxy.Shown}, through which {WireUrls.Server(posted)} is asked: {causes}.", proxy.Advice(posted));

    // The runtime's sentence holds the status and nothing else that is new.
    private static ModelError Refused(WireProxy proxy, Uri posted, string causes)
    {
        var status = causes.Split('\'').Select(word => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0).FirstOrDefault(code => code is >= 100 and < 600);
        return new(
            ModelErrorKind.Connection, $"The proxy {proxy.Shown} does not let requests through to {WireUrls.Server(posted)}{(status > 0 ? $" (HTTP {status})" : "")}.",
            status is 407 ? $"The proxy wants a name and a password: write them into {proxy.Variable ?? "the system's settings"} as http://NAME:PASSWORD@HOST:PORT." : proxy.Advice(posted))
        {
            ShouldRetry = status is >= 400 and < 500 ? false : null,
        };
    }

    private static string Reach(Uri posted) =>
        posted.IsLoopback ? "Is the server running? Start it, or set another base URL." : "Is the server running, and the network up? Check the base URL.";

    /// <summary>The messages of an exception and of what caused it, without repetitions.</summary>
    private static string Causes(Exception exception)
    {
        var causes = new List<string>();
        for (var e = exception; e is not null; e = e.InnerException)
        {
            var words = Brief(e.Message);
            if (words.Length > 0 && !causes.Exists(cause => cause.Contains(words, StringComparison.Ordinal)))
            {
                causes.Add(words);
            }
        }

        return string.Join(": ", causes);
    }

    private static string Brief(string words)
    {
        words = words.Replace(", see inner exception.", "", StringComparison.Ordinal).TrimEnd('.', ' ');
        return words.Length > 300 ? words[..300] + "…" : words;
    }
}
