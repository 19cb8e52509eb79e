using System.Text.Json.Nodes;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Runs;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Loop.Accepting;

/// <summary>
/// Runs commands that a person's settings or flags declare, and no model, through the same gate as the model's: rules, hooks, confinement, limits, records. That it was declared
/// answers the question whether it may run; a denial and a firm question stay what they are.
/// </summary>
internal sealed class DeclaredCommands(ToolPipeline pipeline, Func<string, Tool?> findTool, IWorkspace workspace, BackgroundProcesses background, Func<string> newId, TimeProvider time)
{
    private const string Shell = "Bash";

    /// <summary>Runs one in the workspace root. <paramref name="vouchedBy"/> stands for it; null leaves it to the gate. <paramref name="what"/> says to the person what it is for.</summary>
    public async ValueTask<ToolResult> RunAsync(Run run, string command, int seconds, string? vouchedBy, CancellationToken cancellationToken, string what = "Checking")
    {
        if (findTool(Shell) is null)
        {
            return ToolResult.Denied("There is no tool that runs commands.");
        }

        await run.ShowAsync(new NoticeShown($"{what}: {command}"), cancellationToken);
        var call = new CallId($"declared-{newId()}");
        var invocation = new ToolInvocation
        {
            Call = new ToolCallPart(call, Shell, new JsonObject { ["command"] = command, ["timeout"] = seconds }.ToJsonString()),
            Scope = ScopeOf(run, call),
            RecordAsync = run.RecordAsync,
            VouchedBy = vouchedBy,
            Asking = new(run.Beside, run.Redact),
        };
        ToolResult result;
        try
        {
            result = await pipeline.RunAsync(invocation, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await ReturnAsync(run, invocation, new ToolResult(CallOutcome.Cancelled, [new TextPart("Cancelled: the turn was interrupted or ran out of time.")]));
            throw;
        }

        await ReturnAsync(run, invocation, result);
        return result;
    }

    private async ValueTask ReturnAsync(Run run, ToolInvocation invocation, ToolResult result)
    {
        var took = invocation.StartedAt is { } started ? (long)time.GetElapsedTime(started).TotalMilliseconds : 0;
        await run.RecordAsync(
            new ToolReturned(invocation.Call.Id, result.Outcome, result.Content, took) { Tool = invocation.Tool?.Definition.Name, Spill = result.Spill, ExitCode = result.ExitCode },
            Durability.Written, CancellationToken.None);
    }

    private CallScope ScopeOf(Run run, CallId call) => new()
    {
        Call = call,
        WorkingDirectory = workspace.Files.Root,
        Files = workspace.Files,
        Processes = workspace.Processes,
        Network = workspace.Network,
        Blobs = run.Blobs,
        Background = background,
        SeenFiles = run.Transcript.SeenFiles,
        LastResults = run.Transcript.LastResults,
        ShowProgress = text => run.Show(new ToolProgressed(call, text)),
        AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null),
        Time = time,
    };
}
