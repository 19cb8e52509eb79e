using Bridle.Journal;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Gives the call its confined doors: files through <see cref="GuardedFiles"/>, large output through the redactor.</summary>
public sealed class EnforceStage(PermissionsInForce inForce, SecretRedactor redactor) : ToolStage
{
    /// <inheritdoc/>
    public override string Name => "enforce";

    /// <inheritdoc/>
    protected internal override ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var whole = invocation.Scope;
        var named = CallReader.ReadPaths(invocation.Tool!.Definition, invocation.Input!, whole.Files, whole.WorkingDirectory);
        invocation.Scope = new CallScope
        {
            Call = whole.Call,
            WorkingDirectory = whole.WorkingDirectory,
            Files = new GuardedFiles(whole.Files, inForce.Policy, named),
            Processes = whole.Processes,
            Network = whole.Network,
            Blobs = new RedactingBlobs(whole.Blobs, redactor),
            Background = whole.Background,
            SeenFiles = whole.SeenFiles,
            LastResults = whole.LastResults,
            ShowProgress = whole.ShowProgress,
            AskAsync = whole.AskAsync,
            Time = whole.Time,
        };
        return next(invocation, cancellationToken);
    }
}
