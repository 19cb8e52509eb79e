using System.ComponentModel;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Git;
using Bridle.Workspaces;

namespace Bridle.Tools.Shell;

/// <summary>Whether a command asks to run confined.</summary>
public enum SandboxUse
{
    /// <summary>As the session has it.</summary>
    On,

    /// <summary>Not confined; the gate has settled by then whether it may.</summary>
    Off,
}

/// <summary>Runs a shell command.</summary>
[Tool("Bash", ToolKind.Execute, Effect = ToolEffect.Once, Work = ToolWork.Programs)]
public sealed class BashTool
{
    private const int MostSeconds = 600;

    /// <summary>Runs the command to its end, or starts it in the background.</summary>
    public async ValueTask<ToolResult> RunAsync(
        CallScope scope,
        [Description("Command line.")] [Command] string command,
        [Description("Seconds to wait, at most 600.")] int timeout = 120,
        [Description("Return at once with an id for BashOutput and KillShell.")] bool runInBackground = false,
        [Description("off: not confined. Only after the sandbox refused; a person is asked.")] SandboxUse? sandbox = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // Read and settled by the gate, which gave this call its door to processes.
        _ = sandbox;
        if (timeout is < 1 or > MostSeconds)
        {
            throw new ToolException($"timeout is in seconds, 1 to {MostSeconds}. For what takes longer use run_in_background.");
        }

        if (Unattended.Refuse(command) is { } reason)
        {
            throw new ToolException(reason);
        }

        var folder = ShellProcess.Folder(scope);
        if (runInBackground)
        {
            var (background, isPlain) = ShellProcess.Start(command, folder, _ => { }, spec => scope.Background.Start(scope.Processes, spec, command));
            return ToolResult.Completed($"{PlainNote(scope, isPlain)}Runs in the background as {background.Id}. See its output with BashOutput; end it with KillShell.");
        }

        var mark = new FolderMark(Guid.NewGuid().ToString("N"));
        var output = new ShellOutput(mark, scope.ShowProgress);
        var (process, inPlain) = ShellProcess.Start(mark.Around(command), folder, output.Take, scope.Processes.Start);
        await using var ended = process;
        int? exitCode = null;
        try
        {
            exitCode = await process.Exit.WaitAsync(TimeSpan.FromSeconds(timeout), scope.Time, cancellationToken);
        }
        catch (Exception end) when (end is TimeoutException or OperationCanceledException)
        {
            // What it printed until then is kept, whoever ended it.
            await process.KillAsync();
        }

        output.Close();
        var cancelled = exitCode is null && cancellationToken.IsCancellationRequested;
        return Result(scope, (command, folder, inPlain), mark, output.Kept, exitCode, cancelled ? null : timeout);
    }

    // Without an exit code it ran out of the given time, or was cancelled where none is given.
    private static ToolResult Result(CallScope scope, (string Command, string Folder, bool InPlain) ran, FolderMark mark, KeptOutput kept, int? exitCode, int? timeout)
    {
        var (text, spill) = kept.Show(scope.Blobs);
        var head = (exitCode, timeout) switch
        {
            (0, _) => "",
            (null, null) => "Cancelled while it ran, so it may have taken effect in part: the turn was interrupted or ran out of time, and the command and everything it started were ended. Output until then:\n",
            (null, _) => $"Timed out after {timeout} s; the command and everything it started were ended.{Unattended.Hint(kept.LastLine)} Output until then:\n",
            _ => $"Exit code: {exitCode}\n",
        };
        var folder = ran.Folder;
        var gone = folder == scope.WorkingDirectory ? "" : $"[The working directory {scope.WorkingDirectory} is gone; this ran in {folder}.]\n";
        var outcome = exitCode switch { 0 => CallOutcome.Completed, null => timeout is null ? CallOutcome.Cancelled : CallOutcome.TimedOut, _ => CallOutcome.Failed };
        return new ToolResult(outcome, [new TextPart(head + PlainNote(scope, ran.InPlain) + gone + text + GitHint.For(ran.Command, exitCode, text, scope.Plan))])
        {
            ExitCode = exitCode,
            Spill = spill,
            IsSilent = kept.IsEmpty,
            WorkingDirectory = NewFolder(scope, mark.Folder ?? folder),
        };
    }

    // Told until a result of this conversation has it; what comes later can be looked up there.
    private static string PlainNote(CallScope scope, bool isPlain) => isPlain && !scope.LastResults.ContainsKey("Bash") ? ShellProcess.PlainNote : "";

    private static string? NewFolder(CallScope scope, string folder)
    {
        var path = scope.Files.Resolve(folder, scope.Files.Root);
        return path.Kind is FileKind.Directory && path.Real != scope.WorkingDirectory ? path.Real : null;
    }
}
