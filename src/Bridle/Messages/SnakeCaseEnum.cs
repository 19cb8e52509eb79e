using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>Writes an enum as snake_case text, the one spelling used in the log and in machine-readable output.</summary>
public sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
