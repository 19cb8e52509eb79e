using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

/// <summary>A real program run to its end.</summary>
internal sealed record RunOutcome(int ExitCode, string Output, string Error)
{
    public static async Task<RunOutcome> OfAsync(IProcesses processes, string folder, string program, params string[] arguments)
    {
        var output = new MemoryStream();
        var error = new MemoryStream();
        await using var process = processes.Start(new ProcessSpec(program, arguments, folder)
        {
            OnOutput = chunk => (chunk.IsError ? error : output).Write(chunk.Bytes.Span),
        });
        var code = await process.Exit;
        return new RunOutcome(code, Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }

    public static Task<RunOutcome> OfShellAsync(IProcesses processes, string folder, string script) => OfAsync(processes, folder, "/bin/sh", "-c", script);
}
