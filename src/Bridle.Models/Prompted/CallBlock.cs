using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Messages;
using Bridle.Models.Http;

namespace Bridle.Models.Prompted;

/// <summary>
/// Reads the inside of a block as calls. What cannot be read becomes a call all the same, with the raw text as its arguments, so that binding refuses it and the
/// model hears of it: a call is never dropped.
/// </summary>
internal static partial class CallBlock
{
    /// <summary>Stands for the name when a block does not tell it.</summary>
    public const string NoName = "tool_call";

    private static readonly JsonReaderOptions Patient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, AllowMultipleValues = true };

    public static IEnumerable<ToolCallPart> Read(string inside, CallIds ids)
    {
        try
        {
            var calls = Values(inside).SelectMany(value => value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().ToList() : [value]).ToList();
            if (calls.Count > 0)
            {
                return [.. calls.Select(call => Call(call, ids))];
            }
        }
        catch (JsonException)
        {
            // Handed on as it is.
        }

        var name = NameIn().Match(inside) is { Success: true } found ? found.Groups[1].Value : NoName;
        return [new ToolCallPart(ids.Take(null), name, inside.Length > 0 ? inside : "(empty)")];
    }

    /// <summary>The block that the model wrote, or would have written, for a call.</summary>
    public static string Write(ToolCallPart call)
    {
        if (IsUnreadable(call))
        {
            return $"```tool_call\n{call.Arguments}\n```";
        }

        var json = WireJson.Bytes(call, static (writer, call) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name", call.Name);
            writer.WritePropertyName("input");
            WireJson.WriteArguments(writer, call.Arguments);
            writer.WriteEndObject();
        });
        return $"```tool_call\n{Encoding.UTF8.GetString(json)}\n```";
    }

    /// <summary>Whether this call stands for a block that could not be read.</summary>
    public static bool IsUnreadable(ToolCallPart call) =>
        call.Name == NoName || (!string.IsNullOrWhiteSpace(call.Arguments) && !WireJson.IsObject(call.Arguments));

    private static List<JsonElement> Values(string inside)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(inside), Patient);
        var values = new List<JsonElement>();
        while (reader.Read())
        {
            values.Add(JsonElement.ParseValue(ref reader));
        }

        return values;
    }

    private static ToolCallPart Call(JsonElement call, CallIds ids)
    {
        var name = call.TextAt("name") ?? call.TextAt("tool");
        if (string.IsNullOrWhiteSpace(name))
        {
            return new ToolCallPart(ids.Take(null), NoName, call.GetRawText());
        }

        var input = call.At("input") ?? call.At("arguments") ?? call.At("parameters");
        var arguments = input switch
        {
            null => "",
            // Some models write the input as JSON in a string, as vendors do.
            { ValueKind: JsonValueKind.String } text => text.Text(),
            { } value => Encoding.UTF8.GetString(WireJson.Bytes(value, static (writer, value) => value.WriteTo(writer))),
        };
        return new ToolCallPart(ids.Take(null), name.Trim(), arguments);
    }

    [GeneratedRegex("\"name\"\\s*:\\s*\"([A-Za-z0-9_.:-]{1,128})\"", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NameIn();
}
