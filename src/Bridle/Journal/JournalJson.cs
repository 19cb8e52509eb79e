using System.Text.Json;
using System.Text.Json.Serialization;
using Bridle.Events;

namespace Bridle.Journal;

/// <summary>The records of the log as JSON. Field names are snake_case, nulls are left out, text is plain.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowOutOfOrderMetadataProperties = true,
    MaxDepth = RecordCodec.MaxDepth)]
[JsonSerializable(typeof(DurableEvent))]
internal sealed partial class JournalJson : JsonSerializerContext
{
    /// <summary>The context to use: the generated one with the log's way of escaping.</summary>
    public static JournalJson Plain => PlainContext.Instance;

    /// <summary>A class of its own, because the order in which static fields of one partial class are set is not defined.</summary>
    private static class PlainContext
    {
        public static readonly JournalJson Instance = new(new JsonSerializerOptions(Default.Options) { Encoder = PlainTextEncoder.Instance });
    }
}
