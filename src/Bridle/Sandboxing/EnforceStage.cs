using System.Text.Json;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Sandboxing;

/// <summary>
/// Gives the call its confined doors: files through <see cref="GuardedFiles"/>, processes through the sandbox that was planned, large output through the redactor.
/// </summary>
public sealed class EnforceStage(PermissionsInForce inForce, SecretRedactor redactor, SandboxInForce? sandbox = null) : ToolStage
{
    private readonly SandboxInForce _sandbox = sandbox ?? SandboxInForce.Nothing;

    /// <inheritdoc/>
    public override string Name => "enforce";

    /// <inheritdoc/>
    protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
    {
        var whole = invocation.Scope;

        // An approver or a hook may have changed the arguments since the plan was made; what runs is never less confined than what was planned and agreed to.
        var asksForNone = CallReader.AsksForNoSandbox(invocation.Input!.Json);
        var own = invocation.Tool!.Definition.OwnIsolation;
        var reach = invocation.Judgement?.Reach;
        var plan = asksForNone && _sandbox.IsForNone(invocation.Plan) ? invocation.Plan : _sandbox.PlanFor(invocation.Tool.Definition, asksForNone: false, reach);
        var guard = GuardedWorkspace.For(inForce, invocation.Judgement);
        plan = own is null && _sandbox.IsOn && !_sandbox.IsForNone(plan) && !_sandbox.WritesRepository(invocation.Tool.Definition) ? guard.Tell(plan) : plan;
        invocation.Plan = plan;
        using var watch = own is null && _sandbox.IsOn && !_sandbox.IsForNone(plan) ? _sandbox.Refused?.Watch() : null;
        var processes = own is not null ? whole.Processes : _sandbox.Confine(whole.Processes, plan, _sandbox.WritesRepository(invocation.Tool.Definition), reach, guard);
        invocation.Scope = new CallScope
        {
            Call = whole.Call,
            WorkingDirectory = whole.WorkingDirectory,
            Files = new GuardedFiles(whole.Files, inForce.Policy, invocation.JudgedPaths),
            Processes = watch?.Around(processes) ?? processes,
            Network = whole.Network,
            Blobs = new RedactingBlobs(whole.Blobs, redactor),
            Background = whole.Background,
            SeenFiles = whole.SeenFiles,
            LastResults = whole.LastResults,
            ShowProgress = whole.ShowProgress,
            AskAsync = whole.AskAsync,
            Beside = whole.Beside,
            Time = whole.Time,
            Plan = plan,
        };
        var inBackground = whole.Background.All.Any(one => one.ExitCode is null);
        var result = RefusalNote.AddTo(await next(invocation, cancellationToken), plan, CanAskForNone(invocation.Tool.Definition));
        return watch?.Told.Words(watch.IsAlone && !inBackground) is { Length: > 0 } told ? result with { Content = [.. result.Content, new TextPart(told)] } : result;
    }

    private static bool CanAskForNone(ToolDefinition tool) =>
        tool.InputSchema.ValueKind is JsonValueKind.Object && tool.InputSchema.TryGetProperty("properties", out var properties)
        && properties.ValueKind is JsonValueKind.Object && properties.TryGetProperty("sandbox", out _);
}
