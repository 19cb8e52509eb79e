using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>One piece of a message. Immutable; compared by value except for raw bytes and vendor data.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(TextPart), "text")]
[JsonDerivedType(typeof(ImagePart), "image")]
[JsonDerivedType(typeof(ReasoningPart), "reasoning")]
[JsonDerivedType(typeof(ToolCallPart), "tool_call")]
[JsonDerivedType(typeof(ToolResultPart), "tool_result")]
public abstract record MessagePart
{
    /// <summary>What the vendor that made this part wants back unchanged, or null. Sent to that origin and to no other.</summary>
    public VendorData? Vendor { get; init; }
}

/// <summary>Plain text. That of a result in a log that was opened again may be on disk until it is asked for: then reading it may throw what reading a log throws, and gives a new string each time.</summary>
public sealed record TextPart : MessagePart
{
    private readonly string? _text;
    private readonly StoredText? _stored;

    /// <summary>A text that is there.</summary>
    [JsonConstructor]
    public TextPart(string Text) => _text = Text;

    internal TextPart(StoredText stored) => _stored = stored;

    /// <summary>The text.</summary>
    public string Text
    {
        get => _text ?? _stored?.Read()!;
        init => (_text, _stored) = (value, null);
    }

    /// <summary>How many characters it has, without reading it.</summary>
    internal int Length => _stored?.Length ?? _text!.Length;

    /// <summary>How many tokens it takes, in quarters, without reading it.</summary>
    internal long Quarters => _stored?.Quarters ?? TokenEstimate.QuartersOf(_text);

    /// <summary>The text as UTF-8, in an array that disposing gives back.</summary>
    internal PooledBytes Utf8() => _stored?.ReadUtf8() ?? PooledBytes.Of(_text!);

    /// <summary>Takes the text out.</summary>
    public void Deconstruct(out string Text) => Text = this.Text;

    /// <summary>Whether both say the same.</summary>
    public bool Equals(TextPart? other) => base.Equals(other) && ((_stored is not null && ReferenceEquals(_stored, other._stored)) || Text == other.Text);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), Text);
}

/// <summary>An image. <paramref name="Blob"/> is the hash of its bytes in the session's blob store.</summary>
public sealed record ImagePart(string MediaType, string Blob) : MessagePart
{
    /// <summary>The bytes, present when the part is about to be sent; never written to the log.</summary>
    [JsonIgnore]
    public ReadOnlyMemory<byte> Bytes { get; init; }
}

/// <summary>What the model thought, as far as its vendor shows it. The text may be empty while <see cref="MessagePart.Vendor"/> holds the opaque form.</summary>
public sealed record ReasoningPart(string Text) : MessagePart;

/// <summary>A call that the model asks for. <paramref name="Arguments"/> is the JSON text as the model wrote it, which may be malformed; empty means <c>{}</c>.</summary>
public sealed record ToolCallPart(CallId Id, string Name, string Arguments) : MessagePart;

/// <summary>The answer to a call. <paramref name="Content"/> holds text and images only.</summary>
public sealed record ToolResultPart(CallId Call, string Name, IReadOnlyList<MessagePart> Content, bool IsError) : MessagePart;

/// <summary>Opaque data of a vendor. <paramref name="Origin"/> is <c>api/model</c>, such as <c>anthropic/claude-sonnet-4</c>.</summary>
public sealed record VendorData(string Origin, JsonElement Data);
