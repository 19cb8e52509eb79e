using System.ComponentModel;
using System.Diagnostics;

namespace Bridle.Hosting.Editing;

/// <summary>The person's own editor, in the terminal in which the program runs.</summary>
public static class ForegroundEditor
{
    /// <summary>What <c>$VISUAL</c> or else <c>$EDITOR</c> says, or null.</summary>
    public static string? Command(HostEnvironment environment) => environment["VISUAL"] ?? environment["EDITOR"];

    /// <summary>Opens a file and waits until the editor is closed. Null, or why it was not edited. The command may have arguments of its own, as in <c>code --wait</c>.</summary>
    public static async Task<string?> OpenAsync(string? command, string file, string folder, CancellationToken cancellationToken)
    {
        if (command is null)
        {
            return "There is no editor: set $VISUAL or $EDITOR to the one you want, such as nano.";
        }

        // As git does it: the shell takes the command apart, and the file is one argument whatever its name holds. A Ctrl+C for the editor does not end the shell before it.
        var start = OperatingSystem.IsWindows()
            ? new ProcessStartInfo("cmd.exe", ["/c", $"{command} \"{file}\""])
            : new ProcessStartInfo("/bin/sh", ["-c", $"trap : INT; {command} \"$@\"", command, file]);
        start.WorkingDirectory = folder;
        start.UseShellExecute = false;
        try
        {
            using var editor = Process.Start(start)!;
            await editor.WaitForExitAsync(cancellationToken);
            return editor.ExitCode == 0 ? null : $"The editor '{command}' ended with {editor.ExitCode}.";
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            return $"The editor '{command}' could not be started: {failure.Message}";
        }
    }
}
