using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Git;

/// <summary>One run of git with arguments that let nothing of the repository run, to its end.</summary>
internal static class GitRun
{
    private const int MostSeconds = 300;

    /// <summary>The exit code and what it said. Throws <see cref="ToolException"/> when git cannot be started or does not end, and then has ended it.</summary>
    public static async Task<(int Code, string Output)> RunAsync(IProcesses processes, string folder, IReadOnlyList<string> arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        var output = new MemoryStream();
        await using var git = processes.Start(new ProcessSpec("git", arguments, folder) { Environment = GitArguments.Variables, OnOutput = chunk => output.Write(chunk.Bytes.Span) });
        try
        {
            var code = await git.Exit.WaitAsync(TimeSpan.FromSeconds(MostSeconds), time, cancellationToken);
            return (code, Encoding.UTF8.GetString(output.ToArray()));
        }
        catch (TimeoutException)
        {
            await git.KillAsync();
            throw new ToolException($"git did not end within {MostSeconds} s and was ended.");
        }
    }
}
