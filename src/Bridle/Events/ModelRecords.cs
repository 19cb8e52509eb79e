using Bridle.Messages;

namespace Bridle.Events;

/// <summary>
/// A request is about to be sent. Together with the records before it, it says byte for byte what the model saw:
/// <paramref name="Parts"/> names what is not a record, and <paramref name="UpTo"/> the last record folded into the history.
/// </summary>
/// <param name="Model">The model as <c>provider/model</c>.</param>
/// <param name="Api">The wire protocol.</param>
/// <param name="Parts">System text, guides, instruction files and the tool set, each by source and blob hash.</param>
/// <param name="UpTo">The number of the last record in the history.</param>
/// <param name="MaxOutputTokens">The output limit asked for, or null.</param>
/// <param name="Tools">How tools are offered.</param>
/// <param name="Attempt">1 for the first time; more when a cut reply is asked again.</param>
public sealed record ModelRequested(
    string Model, string Api, IReadOnlyList<RequestPart> Parts, long UpTo, int? MaxOutputTokens, ToolCalling Tools, int Attempt = 1) : DurableEvent
{
    /// <summary>The hash of the messages that were sent, so that a replay can compare; null in logs of earlier versions.</summary>
    public string? History { get; init; }
}

/// <summary>A part of a request that is not a record of the log.</summary>
/// <param name="Kind">Such as <c>system</c>, <c>instructions</c>, <c>guide</c> or <c>tools</c>.</param>
/// <param name="Source">A file path or the name of what made it.</param>
/// <param name="Hash">The blob that holds its text.</param>
/// <param name="Bytes">The length of that text in UTF-8.</param>
public sealed record RequestPart(string Kind, string Source, string Hash, int Bytes);

/// <summary>A complete reply.</summary>
/// <param name="Reply">What the model said.</param>
/// <param name="Cost">Its price in US dollars, or null when unknown.</param>
/// <param name="Milliseconds">From sending the request to the reply's end.</param>
public sealed record ModelReplied(ModelReply Reply, decimal? Cost, long Milliseconds) : DurableEvent
{
    /// <summary>The model that really answered, as <c>provider/model</c>, where it is not the run's own; null where it is.</summary>
    public string? By { get; init; }

    /// <summary>What it may have cost in US dollars, for limits, where the server did not say what it took; null where it did, and where the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }
}

/// <summary>Another model answers from here to the end of the run; the next run begins with its own again.</summary>
/// <param name="From">The model that could not answer, as <c>provider/model</c>.</param>
/// <param name="To">The one that is asked in its place.</param>
/// <param name="Why">The kind of its failure in snake_case, such as <c>overloaded</c> or <c>rate_limit</c>; <c>window</c> where the conversation needs a larger window.</param>
/// <param name="Message">What happened, in words for a person.</param>
public sealed record ModelStoodIn(string From, string To, string Why, string Message) : DurableEvent;

/// <summary>
/// A model's server did not take the images of a request. From here on this model is sent a text in place of each of these, so that the request, and those after it, can be made.
/// </summary>
/// <param name="Model">The model as <c>provider/model</c>.</param>
/// <param name="Images">The hashes of the images.</param>
/// <param name="Message">What the server said, in words for a person.</param>
public sealed record ImagesRefused(string Model, IReadOnlyList<string> Images, string Message) : DurableEvent;

/// <summary>A reply broke off. What came of it is kept here and withdrawn from the screen and from the history; no call in it ran.</summary>
public sealed record ReplyCut(string Reason, string PartialText, Usage? Usage, decimal? Cost) : DurableEvent
{
    /// <summary>About what it may have taken, where the server did not say; null where it did, and in logs that were written before this was kept.</summary>
    public Usage? EstimatedUsage { get; init; }

    /// <summary>About what it may have cost in US dollars, where the server did not say what it took; null where it did, and where the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }
}

/// <summary>The model failed for good, after <paramref name="Attempts"/> tries.</summary>
public sealed record ModelFailed(string Kind, int? Status, string Message, string Advice, int Attempts) : DurableEvent;

/// <summary>
/// A model was asked something beside the conversation, which neither its history nor its steps know of: a judge's verdict, a prompt hook. Here for what it took, also where no reply came of it.
/// </summary>
/// <param name="Purpose">Who asked, in one word such as <c>judge</c> or <c>hook</c>; costs are listed by it.</param>
/// <param name="Model">The model as <c>provider/model</c>.</param>
/// <param name="Usage">Tokens, or null when the server did not say.</param>
/// <param name="Cost">Its price in US dollars, or null when unknown.</param>
/// <param name="Milliseconds">From sending the request to the answer's end.</param>
public sealed record ModelConsulted(string Purpose, string Model, Usage? Usage, decimal? Cost, long Milliseconds) : DurableEvent
{
    /// <summary>About what it may have taken, where it broke off without a reply and the server did not say; null for every reply.</summary>
    public Usage? EstimatedUsage { get; init; }

    /// <summary>What it may have cost in US dollars, for limits, where the server did not say what it took; null where it did, and where the price is unknown.</summary>
    public decimal? EstimatedCost { get; init; }

    /// <summary>The SHA-256 of the blob that holds the log of the conversation with it, lines as in a session's file; null where it was one question and its answer.</summary>
    public string? Log { get; init; }
}
