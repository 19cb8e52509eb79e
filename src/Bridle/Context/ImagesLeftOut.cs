using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Bridle.Messages;

namespace Bridle.Context;

/// <summary>
/// Says in words where an image was that a model's server did not take. A message without such an image stays the same instance, and one with is changed once, so that
/// what is remembered about its form on the wire stays good.
/// </summary>
internal sealed class ImagesLeftOut
{
    private ConditionalWeakTable<Message, Message> _known = [];
    private ImmutableHashSet<string> _refused = [];

    /// <summary>The hashes of the images of these messages.</summary>
    public static IReadOnlyList<string> In(IReadOnlyList<Message> messages) =>
        [.. messages.SelectMany(message => message.Parts).SelectMany(part => part is ToolResultPart result ? result.Content : [part]).OfType<ImagePart>().Select(image => image.Blob).Distinct()];

    /// <summary>The messages without these images.</summary>
    public IReadOnlyList<Message> Of(IReadOnlyList<Message> messages, ImmutableHashSet<string> refused)
    {
        if (refused.IsEmpty)
        {
            return messages;
        }

        if (!ReferenceEquals(_refused, refused))
        {
            (_refused, _known) = (refused, []);
        }

        return [.. messages.Select(message => Has(message.Parts) ? _known.GetValue(message, one => one with { Parts = Without(one.Parts) }) : message)];
    }

    private bool Has(IReadOnlyList<MessagePart> parts)
    {
        foreach (var part in parts)
        {
            if ((part is ImagePart image && _refused.Contains(image.Blob)) || (part is ToolResultPart result && Has(result.Content)))
            {
                return true;
            }
        }

        return false;
    }

    private IReadOnlyList<MessagePart> Without(IReadOnlyList<MessagePart> parts) =>
    [
        .. parts.Select(part => part switch
        {
            ImagePart image when _refused.Contains(image.Blob) => new TextPart($"[An image ({image.MediaType}) that the model's server refused.]"),
            ToolResultPart result => result with { Content = Without(result.Content) },
            _ => part,
        }),
    ];
}
