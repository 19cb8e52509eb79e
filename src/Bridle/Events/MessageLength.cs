using Bridle.Messages;

namespace Bridle.Events;

/// <summary>How long a part of a message is for a model.</summary>
internal static class MessageLength
{
    private const long Image = 6_000;

    /// <summary>In quarters of a token, as <see cref="TokenEstimate"/> has them: a character of ASCII is one.</summary>
    public static long Of(MessagePart part) => part switch
    {
        TextPart text => text.Quarters,
        ReasoningPart reasoning => TokenEstimate.QuartersOf(reasoning.Text),
        ToolCallPart call => call.Name.Length + TokenEstimate.QuartersOf(call.Arguments),
        ToolResultPart result => result.Content.Sum(Of),
        ImagePart => Image,
        _ => 0,
    };

    /// <summary>The characters of a result. Whether a compaction in the log cut it is read from that again, so this never counts otherwise.</summary>
    public static long Characters(IReadOnlyList<MessagePart> content) => content.Sum(part => part switch
    {
        TextPart text => text.Length,
        ImagePart => Image,
        _ => 0L,
    });
}
