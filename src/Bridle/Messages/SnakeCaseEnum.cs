using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>
/// Writes an enum as snake_case text, the one spelling used in the log and in machine-readable output. For enums on <see cref="int"/>.
/// </summary>
/// <remarks>Not derived from the framework's converter: that one is compiled anew for every enum while the program starts.</remarks>
public sealed class SnakeCaseEnum<T> : JsonConverter<T>
    where T : struct, Enum
{
    private readonly string[] _names = Enum.GetNames(typeof(T));
    private readonly int[] _values = (int[])Enum.GetValuesAsUnderlyingType(typeof(T));

    /// <summary>Made once for each enum, by the serialiser.</summary>
    public SnakeCaseEnum()
    {
        for (var i = 0; i < _names.Length; i++)
        {
            _names[i] = JsonNamingPolicy.SnakeCaseLower.ConvertName(_names[i]);
        }
    }

    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType is JsonTokenType.String ? reader.GetString() : null;
        for (var i = 0; i < _names.Length; i++)
        {
            if (string.Equals(_names[i], text, StringComparison.OrdinalIgnoreCase))
            {
                return Unsafe.As<int, T>(ref _values[i]);
            }
        }

        throw new JsonException($"'{text}' is not one of {string.Join(", ", _names)}.");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        var index = Array.IndexOf(_values, Unsafe.As<T, int>(ref value));
        writer.WriteStringValue(index >= 0 ? _names[index] : throw new JsonException($"{typeof(T).Name} has no value {value}."));
    }
}
