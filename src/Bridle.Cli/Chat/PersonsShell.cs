using System.Diagnostics;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat;

/// <summary><c>!command</c>: a command of the person's own, in their own shell and with their own rights. The model sees neither the command nor what it prints.</summary>
internal sealed class PersonsShell(CommandContext context)
{
    private const int MostLines = 2_000;

    /// <summary>Whether the text is such a command.</summary>
    public static bool Takes(string text) => text.Length > 1 && text[0] == '!' && text[1..].Trim().Length > 0;

    /// <summary>Runs it in a folder and shows what it prints, as it comes. An interrupt ends it with everything that it started.</summary>
    public async Task RunAsync(string text, string folder, CancellationToken cancellationToken)
    {
        var command = text[1..].Trim();
        using var scope = context.Interrupts.Begin(cancellationToken);
        using var process = Start(command, folder);
        if (process is null)
        {
            return;
        }

        process.StandardInput.Close();
        var lines = 0;
        void Take(string? line)
        {
            var count = line is null ? 0 : Interlocked.Increment(ref lines);
            if (count is > 0 and <= MostLines)
            {
                context.Io.Out.WriteLine("  " + VisibleText.Of(line!).Replace("\t", "    ", StringComparison.Ordinal));
            }
        }

        process.OutputDataReceived += (_, data) => Take(data.Data);
        process.ErrorDataReceived += (_, data) => Take(data.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(scope.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            context.Io.Tell("  Interrupted.");
            return;
        }

        if (lines > MostLines)
        {
            context.Io.Tell($"  (+{lines - MostLines} lines)");
        }

        if (process.ExitCode != 0)
        {
            context.Io.Tell($"  (exit code {process.ExitCode})");
        }
    }

    private Process? Start(string command, string folder)
    {
        var shell = OperatingSystem.IsWindows() ? "cmd.exe" : context.Environment["SHELL"] is { Length: > 0 } own ? own : "/bin/sh";
        var start = new ProcessStartInfo(shell, [OperatingSystem.IsWindows() ? "/c" : "-c", command])
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        (start.Environment["PAGER"], start.Environment["GIT_PAGER"]) = ("cat", "cat");
        try
        {
            return Process.Start(start);
        }
        catch (Exception problem) when (problem is System.ComponentModel.Win32Exception or IOException)
        {
            context.Io.Tell($"  {VisibleText.Line(shell, 60)} cannot be started: {VisibleText.Line(problem.Message, 200)}");
            return null;
        }
    }
}
