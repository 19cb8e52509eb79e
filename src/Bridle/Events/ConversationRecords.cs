using Bridle.Messages;

namespace Bridle.Events;

/// <summary>A person's message was accepted. <paramref name="MessageId"/> makes a message that is sent twice one message.</summary>
public sealed record UserSpoke(string MessageId, IReadOnlyList<MessagePart> Parts) : DurableEvent;

/// <summary>What a person typed while the model worked enters the conversation here, between two steps and never between a call and its result.</summary>
public sealed record InboxDrained(IReadOnlyList<InboxMessage> Messages) : DurableEvent;

/// <summary>One message that waited in the inbox.</summary>
public sealed record InboxMessage(string MessageId, string Text);

/// <summary>The harness told the model something, in words that the model sees as a note from the harness.</summary>
/// <param name="Source">What made it: <c>plan_mode</c>, <c>plan_mode_over</c>, <c>stuck</c>, <c>budget</c>, <c>cut</c>, <c>empty</c>, <c>hook</c>.</param>
/// <param name="Text">The words.</param>
public sealed record ReminderAdded(string Source, string Text) : DurableEvent;

/// <summary>Everything up to record <paramref name="UpTo"/> is shown to the model as <paramref name="Summary"/> from here on. The records stay.</summary>
public sealed record Compacted(long UpTo, string Summary, string Trigger, string? Focus = null) : DurableEvent;
