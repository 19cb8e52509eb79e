using Bridle.Messages;

namespace Bridle.Workspaces;

/// <summary>The door to the network. Only public addresses, checked at connect and after every redirect.</summary>
public interface INetwork
{
    /// <summary>
    /// Fetches a page by GET. Throws <see cref="ToolException"/> for a refused address, too many redirects, a timeout or an unreachable host;
    /// HTTP error statuses are values.
    /// </summary>
    Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken);
}

/// <summary>What one fetch may take.</summary>
public sealed record FetchLimits(int MaxBytes = 2 * 1024 * 1024, int MaxRedirects = 5, TimeSpan? Timeout = null);

/// <summary>A fetched page. <paramref name="Truncated"/> when the body was longer than the limit.</summary>
public sealed record FetchedPage(Uri Address, int Status, string MediaType, string? Charset, byte[] Body, bool Truncated);
