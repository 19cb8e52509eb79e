using Bridle.Messages;

namespace Bridle.Events;

/// <summary>How long a part of a message is for a model, in characters.</summary>
internal static class MessageLength
{
    private const long Image = 6_000;

    public static long Of(MessagePart part) => part switch
    {
        TextPart text => text.Length,
        ReasoningPart reasoning => reasoning.Text.Length,
        ToolCallPart call => call.Name.Length + call.Arguments.Length,
        ToolResultPart result => result.Content.Sum(Of),
        ImagePart => Image,
        _ => 0,
    };
}
