using Bridle.Events;
using Bridle.Models;
using Bridle.Runs;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Loop.Accepting;

/// <summary>Something that must hold before a turn counts as done. Safe to ask again and again; what it finds is a value, never an exception.</summary>
public interface IAcceptanceCheck
{
    /// <summary>It in words, such as <c>file README.md exists</c>.</summary>
    string Words { get; }

    /// <summary>Asked only once all checks that cost nothing are met.</summary>
    bool IsCostly => false;

    /// <summary>Looks.</summary>
    ValueTask<CheckVerdict> LookAsync(AcceptanceScope scope, CancellationToken cancellationToken);
}

/// <summary>What a check may look at.</summary>
/// <param name="Run">The run that is about to end.</param>
/// <param name="Answer">The model's answer.</param>
/// <param name="Files">The door to the workspace's files as the person has it.</param>
/// <param name="RunCommandAsync">Runs a command through the session's gate, confined as the model's own are, for at most so many seconds; somebody stands for it, in words, or null leaves it to the gate.</param>
/// <param name="Judge">Who judges what no program can.</param>
/// <param name="Time">Time.</param>
public sealed record AcceptanceScope(
    Run Run, string Answer, IFiles Files, Func<string, int, string?, CancellationToken, ValueTask<ToolResult>> RunCommandAsync, IModel Judge, TimeProvider Time);
