using System.Text.Json;
using Bridle.Messages;
using Bridle.Tools;

namespace Bridle.Hooks;

/// <summary>What runs around every call, in order. Hooks of this kind live in the program; commands and HTTP calls come as hooks of this kind, too.</summary>
/// <param name="Before">Asked before a call is judged.</param>
/// <param name="After">Told what came of it.</param>
public sealed record ToolHooks(IReadOnlyList<BeforeToolHook> Before, IReadOnlyList<AfterToolHook> After)
{
    /// <summary>No hooks.</summary>
    public static ToolHooks None { get; } = new([], []);
}

/// <summary>A hook that may deny, ask for a person, allow, or rewrite the input.</summary>
/// <param name="Name">Names it in the log.</param>
/// <param name="RunAsync">Answers. Called concurrently for parallel calls.</param>
public sealed record BeforeToolHook(string Name, Func<HookCall, CancellationToken, ValueTask<HookAnswer>> RunAsync)
{
    /// <summary>Which tools it is asked about; all of them unless set.</summary>
    public Func<string, bool> Matches { get; init; } = _ => true;

    /// <summary>Whether a hook that fails refuses the call. A guard that cannot answer must not wave things through, so yes unless set.</summary>
    public bool FailClosed { get; init; } = true;
}

/// <summary>A hook that sees the result. What it returns is told to the model after the result; null is nothing. It cannot make a call not have happened.</summary>
/// <param name="Name">Names it in the log.</param>
/// <param name="RunAsync">Answers. Called concurrently for parallel calls.</param>
public sealed record AfterToolHook(string Name, Func<HookCall, ToolResult, CancellationToken, ValueTask<string?>> RunAsync)
{
    /// <summary>Which tools it is told about; all of them unless set.</summary>
    public Func<string, bool> Matches { get; init; } = _ => true;
}

/// <summary>A call as a hook sees it.</summary>
/// <param name="Call">The call.</param>
/// <param name="Tool">The tool's canonical name.</param>
/// <param name="Input">The bound input, with what earlier hooks changed.</param>
/// <param name="WorkingDirectory">Where relative paths start.</param>
public sealed record HookCall(CallId Call, string Tool, JsonElement Input, string WorkingDirectory);

/// <summary>What a hook says.</summary>
/// <param name="Verdict">Allow skips a question but never a deny; null is no opinion.</param>
/// <param name="Reason">In words for the model and the person.</param>
/// <param name="UpdatedInput">The whole input as it should be, as JSON text; bound and judged again. Null leaves it.</param>
public sealed record HookAnswer(Verdict? Verdict = null, string? Reason = null, string? UpdatedInput = null)
{
    /// <summary>No opinion.</summary>
    public static HookAnswer None { get; } = new();
}
