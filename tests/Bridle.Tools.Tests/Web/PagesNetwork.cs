using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tools.Tests.Web;

/// <summary>A network that holds one page.</summary>
internal sealed class PagesNetwork(byte[] body, string mediaType = "text/html", string? charset = null, int status = 200, bool truncated = false) : INetwork
{
    public PagesNetwork(string body, string mediaType = "text/html", int status = 200)
        : this(Encoding.UTF8.GetBytes(body), mediaType, null, status)
    {
    }

    public Uri? Asked { get; private set; }

    public Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken)
    {
        Asked = address;
        return Task.FromResult(new FetchedPage(address, status, mediaType, charset, body, truncated));
    }
}
