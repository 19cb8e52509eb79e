using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bridle.Hosting.Settings;

/// <summary>Which JSON a value of a setting is written in.</summary>
internal static class SettingsTypes
{
    /// <summary>What the value should be, in words, or null when it is that.</summary>
    public static string? WhyNot(JsonElement value, Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var kind = value.ValueKind;
        return plain == typeof(JsonElement) ? null
            : plain == typeof(string) ? (kind is JsonValueKind.String ? null : "text in quotes")
            : plain == typeof(bool) ? (kind is JsonValueKind.True or JsonValueKind.False ? null : "true or false")
            : plain == typeof(int) ? (kind is JsonValueKind.Number && value.TryGetInt32(out _) ? null : "a whole number")
            : plain == typeof(long) ? (kind is JsonValueKind.Number && value.TryGetInt64(out _) ? null : "a whole number")
            : plain == typeof(decimal) || plain == typeof(double) ? (kind is JsonValueKind.Number && value.TryGetDecimal(out _) ? null : "a number")
            : SettingsKeys.Shape(plain) is { Kind: JsonTypeInfoKind.Enumerable } ? (kind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String) ? null : "a list of texts in quotes")
            : kind is JsonValueKind.Object ? null : "an object: { … }";
    }
}
