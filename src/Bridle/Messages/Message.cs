using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>Who speaks. Tool results travel in messages of the user; each protocol maps them to its own form.</summary>
[JsonConverter(typeof(SnakeCaseEnum<Role>))]
public enum Role
{
    /// <summary>A person, or the harness on the person's side: prompts, tool results, reminders.</summary>
    User,

    /// <summary>The model.</summary>
    Assistant,
}

/// <summary>
/// One message of a conversation. A transcript hands out the same instance for the same message in every request,
/// so that a protocol may cache its wire form by reference.
/// </summary>
public sealed record Message(Role Role, IReadOnlyList<MessagePart> Parts)
{
    /// <summary>A message of the user with one text part.</summary>
    public static Message User(string text) => new(Role.User, [new TextPart(text)]);

    /// <summary>A message of the model with one text part.</summary>
    public static Message Assistant(string text) => new(Role.Assistant, [new TextPart(text)]);

    /// <summary>All text parts, joined without a separator.</summary>
    [JsonIgnore]
    public string Text => string.Concat(Parts.OfType<TextPart>().Select(part => part.Text));
}
