using Bridle.Messages;

namespace Bridle.Events;

/// <summary>What the fold asks of a reply.</summary>
internal static class ReplyFacts
{
    /// <summary>Whether the vendor said how large the request of this reply was.</summary>
    internal static bool Counts(ModelReply reply) => reply.Usage is { } usage && usage.Total > usage.Output;

    // A reply without text and calls would leave an empty or reasoning-only message behind, which vendors refuse.
    // A paused reply is different: its vendor wants even opaque blocks back to go on from them.
    internal static bool SaysSomething(ModelReply reply) =>
        reply.Parts.Any(part => part is ToolCallPart or ImagePart or TextPart { Text.Length: > 0 } || (reply.Stop is StopReason.Pause && part.Vendor is not null));
}
