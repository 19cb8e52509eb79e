using Bridle.Messages;
using Bridle.Permissions;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>What the model answers at one step. The steps of a conversation are counted by the model's messages in it, so that any process can go on.</summary>
internal sealed record Step(IReadOnlyList<(string Tool, string Arguments)> Calls, string Text, StopReason Stop)
{
    /// <summary>The first reply of this step in each process breaks off.</summary>
    public bool Cut { get; init; }

    /// <summary>What the person types while the model works on this step.</summary>
    public string? Steer { get; init; }

    public static Step Call(params (string Tool, string Arguments)[] calls) => new(calls, "", StopReason.ToolUse);

    public static Step Say(string text, StopReason stop = StopReason.EndTurn) => new([], text, stop);
}

/// <summary>A message of the person. <paramref name="Mode"/>: the permission mode the person chooses before it.</summary>
internal sealed record Turn(string Id, string Text, string? Mode = null);

/// <summary>A session to be killed and continued.</summary>
/// <param name="Name">Such as <c>s01</c>.</param>
/// <param name="What">What is special about it.</param>
/// <param name="Turns">What the person says.</param>
/// <param name="Steps">What the model says.</param>
internal sealed record Scenario(string Name, string What, IReadOnlyList<Turn> Turns, IReadOnlyList<Step> Steps)
{
    /// <summary>The permission mode it begins in.</summary>
    public string Mode { get; init; } = "default";

    /// <summary>How the person decides; null for yes.</summary>
    public Func<ApprovalPrompt, ApprovalAnswer>? Approve { get; init; }

    public override string ToString() => $"{Name} ({What})";
}
