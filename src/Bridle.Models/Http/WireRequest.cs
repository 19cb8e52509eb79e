namespace Bridle.Models.Http;

/// <summary>Builds the HTTP request around a body.</summary>
internal static class WireRequest
{
    /// <summary>A POST with the endpoint's own headers; they win over those added before them. The key's header is the protocol's.</summary>
    public static HttpRequestMessage Post(Uri url, HttpContent body, ModelEndpoint endpoint, bool stream, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = body };
        Set(message, "Accept", stream ? "text/event-stream, application/x-ndjson, application/json" : "application/json");
        Set(message, "User-Agent", "bridle");
        foreach (var (name, value) in headers)
        {
            Set(message, name, value);
        }

        foreach (var (name, value) in endpoint.Headers)
        {
            Set(message, name, value);
        }

        return message;
    }

    /// <summary>Adds the key as a bearer token, unless there is none.</summary>
    public static HttpRequestMessage WithBearer(this HttpRequestMessage message, ModelEndpoint endpoint)
    {
        if (endpoint.Key is { Length: > 0 } key && !message.Headers.NonValidated.Contains("Authorization"))
        {
            message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        return message;
    }

    private static void Set(HttpRequestMessage message, string name, string value)
    {
        message.Headers.Remove(name);
        message.Headers.TryAddWithoutValidation(name, value);
    }
}
