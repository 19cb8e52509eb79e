namespace Bridle.Models.Http;

/// <summary>The proxy on the way to a server.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Variable">The variable that names it; null where the system's own settings do.</param>
internal sealed record WireProxy(Uri Address, string? Variable)
{
    /// <summary>Its address without user and password, and who named it.</summary>
    public string Shown => $"{WireUrls.Server(Address)}{(Variable is null ? "" : $" (of {Variable})")}";

    /// <summary>What to do where it does not let a request through.</summary>
    public string Advice(Uri posted) => $"Is the proxy running, and does it let you reach {posted.Host}? {(Variable is null ? "Correct the system's settings" : $"Correct or unset {Variable}")}, or add {posted.Host} to NO_PROXY.";

    /// <summary>The proxy for an address, or null where it is asked directly.</summary>
    public static WireProxy? For(Uri posted) => HttpConnections.ProxyOf(posted) is { } address ? new(address, Named(posted)) : null;

    // In the order in which the runtime looks.
    private static string? Named(Uri posted)
    {
        string[] names = posted.Scheme is "https" ? ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] : ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];
        return Array.Find(names, name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));
    }
}
