using Bridle.Messages;

namespace Bridle.Events;

/// <summary>A person's message was accepted. <paramref name="MessageId"/> makes a message that is sent twice one message.</summary>
public sealed record UserSpoke(string MessageId, IReadOnlyList<MessagePart> Parts) : DurableEvent;

/// <summary>What a person typed while the model worked enters the conversation here, between two steps and never between a call and its result.</summary>
public sealed record InboxDrained(IReadOnlyList<InboxMessage> Messages) : DurableEvent;

/// <summary>One message that waited in the inbox.</summary>
public sealed record InboxMessage(string MessageId, string Text);

/// <summary>The harness told the model something, in words that the model sees as a note from the harness.</summary>
/// <param name="Source">What made it: <c>plan_mode</c>, <c>plan_mode_over</c>, <c>stuck</c>, <c>budget</c>, <c>cut</c>, <c>empty</c>, <c>hook</c>, <c>sensor</c>.</param>
/// <param name="Text">The words.</param>
public sealed record ReminderAdded(string Source, string Text) : DurableEvent
{
    /// <summary>The blobs of texts that were too long to be told whole, which the model may read; or null. Of a hook that nobody waited for; of others their <see cref="HookRan"/> has them.</summary>
    public IReadOnlyList<string>? Spills { get; init; }
}

/// <summary>
/// The history the model is shown got shorter from here on; the records stay. Where there is a <paramref name="Summary"/>, it stands for everything up to
/// record <paramref name="UpTo"/>; with none, the messages stay and only <see cref="Trims"/> shorten them.
/// </summary>
/// <param name="UpTo">The last record that the summary stands for; 0 with none.</param>
/// <param name="Summary">What the model reads in place of them, or nothing.</param>
/// <param name="Trigger"><c>auto</c> (the measured fill), <c>overflow</c> (the vendor said so) or <c>manual</c> (a person).</param>
/// <param name="Focus">What the person asked to keep in mind, or null.</param>
public sealed record Compacted(long UpTo, string Summary, string Trigger, string? Focus = null) : DurableEvent
{
    /// <summary>What was done: <c>results</c>, <c>texts</c>, <c>steps</c>, <c>outline</c> or <c>model</c>; null in logs that do not say.</summary>
    public string? How { get; init; }

    /// <summary>What is shortened in the messages that stay, in this order.</summary>
    public IReadOnlyList<Trim>? Trims { get; init; }

    /// <summary>The estimated tokens of a request before.</summary>
    public long? TokensBefore { get; init; }

    /// <summary>The estimated tokens of a request afterwards.</summary>
    public long? TokensAfter { get; init; }

    /// <summary>What asking a model for the summary took, or null.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The price of that in US dollars, or null when there is none or it is unknown.</summary>
    public decimal? Cost { get; init; }

    /// <summary>What it may have cost, for limits, where the server did not say what it took; null where it did, and where the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>The model that was asked, as <c>provider/model</c>; null when none was, or it was the run's own.</summary>
    public string? Model { get; init; }
}

/// <summary>Shortens what the messages up to record <paramref name="To"/> hold. The numbers are characters, so that every reader of the log comes to the same history.</summary>
/// <param name="To">The last record concerned.</param>
/// <param name="ResultsOver">Results of calls that are longer are cut; null leaves them.</param>
/// <param name="ResultsKeep">What stays of a cut result.</param>
/// <param name="TextsOver">Texts, and text values in the arguments of calls, that are longer lose their middle; null leaves them.</param>
public sealed record Trim(long To, int? ResultsOver, int ResultsKeep, int? TextsOver);
