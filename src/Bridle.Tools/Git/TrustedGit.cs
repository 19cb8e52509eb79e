using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Git;

/// <summary>Runs git for the harness itself as the Git tool runs it: no hook, filter, pager or helper of the repository takes part.</summary>
public static class TrustedGit
{
    /// <summary>
    /// Runs one verb in a folder; its exit code and what it said. Throws <see cref="ToolException"/> when git cannot be started, does not end within five minutes of that
    /// time, or the repository is not worked on.
    /// </summary>
    public static async Task<(int Code, string Output)> RunAsync(IProcesses processes, string folder, string verb, IReadOnlyList<string> arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        var (code, listing) = await GitRun.RunAsync(processes, folder, GitArguments.Listing, time, cancellationToken);
        var (overrides, refusal) = code == 0 ? GitArguments.Of(listing) : ([], $"git could not read its configuration here: {listing.Trim()}");
        return refusal is null ? await GitRun.RunAsync(processes, folder, GitArguments.For(verb, arguments, overrides), time, cancellationToken) : throw new ToolException(refusal);
    }
}
