using Bridle.Messages;

namespace Bridle.Tools.Web;

/// <summary>
/// Asks a search engine, through the network door of the scope. Gives at most <paramref name="maxResults"/> hits, best first. Throws
/// <see cref="ToolException"/> with what went wrong, for the model. May be called concurrently.
/// </summary>
public delegate ValueTask<IReadOnlyList<WebHit>> WebSearchEngine(string query, int maxResults, CallScope scope, CancellationToken cancellationToken);

/// <summary>One hit of a search.</summary>
/// <param name="Title">What the page calls itself.</param>
/// <param name="Address">Where it is.</param>
/// <param name="Excerpt">A few words of it; may be empty.</param>
public sealed record WebHit(string Title, string Address, string Excerpt);
