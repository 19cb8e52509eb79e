using System.Collections.Concurrent;
using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Testing;

/// <summary>Pages that a test wrote. An address without a page is one whose host cannot be reached. Safe to use concurrently.</summary>
public sealed class ScriptedNetwork : INetwork
{
    private readonly ConcurrentDictionary<Uri, FetchedPage> _pages = new();
    private readonly ConcurrentQueue<Uri> _fetched = new();

    /// <summary>What was fetched, in order, also what failed.</summary>
    public IReadOnlyList<Uri> Fetched => [.. _fetched];

    /// <summary>Puts a page at an address.</summary>
    public void Add(string address, string body, string mediaType = "text/html", int status = 200) =>
        Add(new Uri(address), new FetchedPage(new Uri(address), status, mediaType, "utf-8", Encoding.UTF8.GetBytes(body), Truncated: false));

    /// <summary>Puts a page at an address; its own address is the one after redirects.</summary>
    public void Add(Uri address, FetchedPage page) => _pages[address] = page;

    /// <inheritdoc/>
    public Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _fetched.Enqueue(address);
        if (!_pages.TryGetValue(address, out var page))
        {
            return Task.FromException<FetchedPage>(new ToolException($"{address.Host} could not be reached on port {address.Port}: the test put no page there."));
        }

        return Task.FromResult(page.Body.Length <= limits.MaxBytes ? page : page with { Body = page.Body[..limits.MaxBytes], Truncated = true });
    }
}
