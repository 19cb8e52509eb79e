using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Bridle.Hosting.Editing;

/// <summary>nvim in a tmux window of its own, beside the program that waits for it.</summary>
public static class TmuxEditor
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether this process runs inside a tmux client.</summary>
    public static bool IsInside(HostEnvironment environment) => environment["TMUX"] is not null;

    /// <summary>
    /// Opens a file and waits until the window is closed, in whatever way. Null, or why it was not edited. Without nvim what <c>$VISUAL</c> or <c>$EDITOR</c> names is opened.
    /// A cancelled wait leaves the window as it is.
    /// </summary>
    public static async Task<string?> OpenAsync(HostEnvironment environment, string file, string folder, TimeProvider time, CancellationToken cancellationToken)
    {
        if (OnPath(environment, "tmux") is not { } tmux)
        {
            return "tmux is not installed (not found on the PATH).";
        }

        if (Editor(environment, file) is not { } editor)
        {
            return "nvim is not installed (not found on the PATH). Install it, or set $VISUAL or $EDITOR.";
        }

        var (opened, pane) = await RunAsync(tmux, ["new-window", "-P", "-F", "#{pane_id}", "-n", "bridle: edit", "-c", folder, "--", .. editor], cancellationToken);
        if (!opened)
        {
            return $"tmux opened no window: {pane}";
        }

        while (await IsOpenAsync(tmux, pane, cancellationToken))
        {
            await Task.Delay(LookAgain, time, cancellationToken);
        }

        return null;
    }

    // Asked for and not signalled: a window may be killed, and its program with it, before it could say anything.
    private static async Task<bool> IsOpenAsync(string tmux, string pane, CancellationToken cancellationToken)
    {
        var (answered, panes) = await RunAsync(tmux, ["list-panes", "-a", "-F", "#{pane_id} #{pane_dead}"], cancellationToken);
        if (answered && panes.Split('\n').Contains($"{pane} 1"))
        {
            // remain-on-exit keeps what has ended on the screen.
            await RunAsync(tmux, ["kill-pane", "-t", pane], cancellationToken);
            return false;
        }

        return answered && panes.Split('\n').Contains($"{pane} 0");
    }

    private static string[]? Editor(HostEnvironment environment, string file) =>
        OnPath(environment, "nvim") is { } nvim ? [nvim, file]
        : ForegroundEditor.Command(environment) is { } other ? ["/bin/sh", "-c", $"{other} \"$@\"", other, file]
        : null;

    private static string? OnPath(HostEnvironment environment, string program) =>
        (environment["PATH"] ?? "").Split(Path.PathSeparator).Where(Path.IsPathFullyQualified).Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    private static async Task<(bool Done, string Text)> RunAsync(string tmux, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            var start = new ProcessStartInfo(tmux, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? (true, output.Trim()) : (false, (await error).Trim());
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            return (false, failure.Message);
        }
    }
}
