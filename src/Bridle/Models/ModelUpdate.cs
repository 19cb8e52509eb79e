using Bridle.Messages;

namespace Bridle.Models;

/// <summary>One step of a streamed reply.</summary>
public abstract record ModelUpdate;

/// <summary>A piece of the answer.</summary>
public sealed record TextArrived(string Text) : ModelUpdate;

/// <summary>A piece of visible reasoning.</summary>
public sealed record ReasoningArrived(string Text) : ModelUpdate;

/// <summary>A call began; its arguments are still on their way.</summary>
public sealed record CallArriving(string Tool) : ModelUpdate;

/// <summary>A try failed before anything was shown and the next one starts after the delay.</summary>
public sealed record RetryScheduled(int Attempt, int Of, TimeSpan Delay, ModelError Error) : ModelUpdate;

/// <summary>The reply is complete. Always the last update.</summary>
public sealed record ReplyFinished(ModelReply Reply) : ModelUpdate;

/// <summary>There is no reply. Always the last update.</summary>
/// <param name="Error">What went wrong.</param>
/// <param name="PartialText">Text that was streamed before it broke off; empty when nothing was.</param>
/// <param name="Usage">Tokens the server reported for the broken reply, or null.</param>
public sealed record ReplyFailed(ModelError Error, string PartialText = "", Usage? Usage = null) : ModelUpdate
{
    /// <summary>Whether the vendor may bill the request: something of a reply came, or it broke off when the server had it. A request that a server refused costs nothing.</summary>
    public bool MayBePaid => PartialText.Length > 0 || Usage is not null || Error.IsSent;
}
