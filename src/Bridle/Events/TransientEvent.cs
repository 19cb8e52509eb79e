using Bridle.Messages;

namespace Bridle.Events;

/// <summary>Something to show while it happens. Never stored; losing one loses nothing.</summary>
public abstract record TransientEvent;

/// <summary>A piece of the model's answer.</summary>
public sealed record TextStreamed(string Text) : TransientEvent;

/// <summary>A piece of the model's reasoning, where its vendor shows it.</summary>
public sealed record ReasoningStreamed(string Text) : TransientEvent;

/// <summary>The model began to write a call.</summary>
public sealed record CallStreamed(string Tool) : TransientEvent;

/// <summary>What was streamed since the last recorded reply does not count: the reply broke off.</summary>
public sealed record ReplyWithdrawn(string Reason) : TransientEvent;

/// <summary>A request failed and is tried again after <paramref name="Delay"/>.</summary>
public sealed record RetryWaiting(int Attempt, int Of, TimeSpan Delay, string Reason) : TransientEvent;

/// <summary>Live output of a running call.</summary>
public sealed record ToolProgressed(CallId Call, string Text) : TransientEvent;

/// <summary>Something a person should know, such as an ignored project setting.</summary>
public sealed record NoticeShown(string Text) : TransientEvent;

/// <summary>A sensor begins to look; it may take a while.</summary>
/// <param name="Sensor">Its name.</param>
/// <param name="What">What it does, such as its command.</param>
public sealed record SensorBegan(string Sensor, string What) : TransientEvent;
