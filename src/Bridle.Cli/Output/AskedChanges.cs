using System.Collections.Concurrent;
using Bridle.Messages;

namespace Bridle.Cli.Output;

/// <summary>The changes that a question has shown already: the same one is not shown again as the result of its call. Safe to use concurrently.</summary>
internal sealed class AskedChanges
{
    private readonly ConcurrentDictionary<CallId, string> _shown = new();

    /// <summary>A question shows this change.</summary>
    public void Add(CallId call, string? diff)
    {
        if (diff is not null)
        {
            _shown[call] = diff;
        }
    }

    /// <summary>Whether a question has shown just this change of the call, which is forgotten then.</summary>
    public bool Take(CallId call, string diff) => _shown.TryRemove(call, out var shown) && shown.TrimEnd('\n') == diff.TrimEnd('\n');
}
