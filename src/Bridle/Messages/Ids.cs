using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>Names one tool call of a model. Unique within a session; made up by Bridle where a vendor sends none.</summary>
[JsonConverter(typeof(CallIdConverter))]
public readonly record struct CallId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>The path of a run in its session: <c>1</c> is the first turn, <c>1.2</c> the second child of it.</summary>
[JsonConverter(typeof(RunIdConverter))]
public readonly record struct RunId(string Value)
{
    /// <summary>The run that owns what belongs to the session as a whole.</summary>
    public static RunId Session { get; } = new("0");

    /// <summary>The id of this run's child with the given number, counted from 1.</summary>
    public RunId Child(int number) => new($"{Value}.{number}");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Writes a call id as plain text.</summary>
public sealed class CallIdConverter : JsonConverter<CallId>
{
    /// <inheritdoc/>
    public override CallId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A call id is a string."));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CallId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}

/// <summary>Writes a run id as plain text.</summary>
public sealed class RunIdConverter : JsonConverter<RunId>
{
    /// <inheritdoc/>
    public override RunId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A run id is a string."));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, RunId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
