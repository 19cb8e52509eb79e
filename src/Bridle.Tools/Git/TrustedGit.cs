using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Git;

/// <summary>Runs git for the harness itself as the Git tool runs it: no hook, filter, pager or helper of the repository takes part.</summary>
public static class TrustedGit
{
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(5);

    /// <summary>Runs one verb in a folder; its exit code and what it said. Throws <see cref="ToolException"/> when git cannot be started or the repository is not worked on.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IProcesses processes, string folder, string verb, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var (code, listing) = await StartAsync(processes, folder, GitArguments.Listing, cancellationToken);
        var (overrides, refusal) = code == 0 ? GitArguments.Of(listing) : ([], $"git could not read its configuration here: {listing.Trim()}");
        return refusal is null ? await StartAsync(processes, folder, GitArguments.For(verb, arguments, overrides), cancellationToken) : throw new ToolException(refusal);
    }

    private static async Task<(int Code, string Output)> StartAsync(IProcesses processes, string folder, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var output = new MemoryStream();
        await using var git = processes.Start(new ProcessSpec("git", arguments, folder) { Environment = GitArguments.Variables, OnOutput = chunk => output.Write(chunk.Bytes.Span) });
        var code = await git.Exit.WaitAsync(s_most, cancellationToken);
        return (code, Encoding.UTF8.GetString(output.ToArray()));
    }
}
