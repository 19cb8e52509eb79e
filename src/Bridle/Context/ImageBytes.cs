using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Context;

/// <summary>A log names images by their hash; whoever sends or exports a message needs their bytes.</summary>
public static class ImageBytes
{
    /// <summary>The message with the bytes of its images. An image that is no longer stored becomes text that says so.</summary>
    public static Message Fill(Message message, IBlobs blobs) => AreMissing(message) ? message with { Parts = [.. message.Parts.Select(part => Fill(part, blobs))] } : message;

    /// <summary>Whether some image of the message has no bytes yet.</summary>
    public static bool AreMissing(Message message) => AreMissing(message.Parts);

    private static bool AreMissing(IReadOnlyList<MessagePart> parts)
    {
        foreach (var part in parts)
        {
            if (part is ImagePart { Bytes.IsEmpty: true } || (part is ToolResultPart result && AreMissing(result.Content)))
            {
                return true;
            }
        }

        return false;
    }

    private static MessagePart Fill(MessagePart part, IBlobs blobs) => part switch
    {
        ImagePart image => blobs.Get(image.Blob) is { } bytes ? image with { Bytes = bytes } : new TextPart("[an image that is no longer stored]"),
        ToolResultPart result => result with { Content = [.. result.Content.Select(inner => Fill(inner, blobs))] },
        _ => part,
    };
}
