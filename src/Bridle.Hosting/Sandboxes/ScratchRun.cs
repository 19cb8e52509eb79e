using System.Text;
using Bridle.Messages;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sandboxes;

/// <summary>What came of a command that was run confined to try something.</summary>
/// <param name="Code">Its exit code; null when it was ended at its time.</param>
/// <param name="Output">The beginning of its output.</param>
/// <param name="EndedAfter">How long it took to end it and all it had started, when it was ended at its time.</param>
internal sealed record TriedCommand(int? Code, string Output, TimeSpan EndedAfter);

/// <summary>Runs single commands confined, to see what comes of them.</summary>
internal static class ScratchRun
{
    private const int Kept = 8_000;

    /// <summary>Runs it. Throws <see cref="ToolException"/> when the confinement cannot be set up.</summary>
    public static async Task<TriedCommand> RunAsync(ISandbox sandbox, SandboxProfile profile, IReadOnlyList<string> command, string folder, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        var spec = new ProcessSpec(command[0], [.. command.Skip(1)], folder)
        {
            OnOutput = chunk =>
            {
                lock (output)
                {
                    output.Append(output.Length < Kept ? Encoding.UTF8.GetString(chunk.Bytes.Span) : "");
                }
            },
        };
        await using var process = sandbox.Confine(new LocalProcesses(), profile).Start(spec);
        try
        {
            var code = await process.Exit.WaitAsync(limit, time, cancellationToken);
            return new(code, Text(output), TimeSpan.Zero);
        }
        catch (TimeoutException)
        {
            var from = time.GetTimestamp();
            await process.KillAsync();
            return new(null, Text(output), time.GetElapsedTime(from));
        }
    }

    private static string Text(StringBuilder output)
    {
        lock (output)
        {
            return output.ToString();
        }
    }
}
