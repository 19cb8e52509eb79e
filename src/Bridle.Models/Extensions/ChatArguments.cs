using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Bridle.Messages;
using Bridle.Models.Http;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Extensions;

/// <summary>Arguments and results of functions between JSON text and objects.</summary>
internal static class ChatArguments
{
    /// <summary>The arguments as a dictionary of JSON values; null when the text is no object.</summary>
    public static IDictionary<string, object?>? Parse(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments))
        {
            return new Dictionary<string, object?>();
        }

        return WireJson.IsObject(arguments) ? Values(WireJson.Element(arguments)) : null;
    }

    public static Dictionary<string, object?> Values(JsonElement arguments) =>
        arguments.EnumerateObject().ToDictionary(field => field.Name, field => (object?)field.Value.Clone());

    /// <summary>The text of a call's arguments. What could not be read there cannot be read here: it binds to nothing, and the model hears of it.</summary>
    public static string Text(FunctionCallContent call)
    {
        if (call.Exception is not null)
        {
            return $"(arguments that could not be read: {call.Exception.Message})";
        }

        if (call.Arguments is not { Count: > 0 } arguments)
        {
            return "";
        }

        var json = JsonSerializer.SerializeToElement(arguments, (JsonTypeInfo<IDictionary<string, object?>>)AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(IDictionary<string, object?>)));
        return Encoding.UTF8.GetString(WireJson.Bytes(json, static (writer, json) => json.WriteTo(writer)));
    }

    /// <summary>The parts that a function's result amounts to; <paramref name="keep"/> stores the bytes of an image and gives their hash.</summary>
    public static IReadOnlyList<MessagePart> Parts(object? result, JsonSerializerOptions options, Func<ReadOnlyMemory<byte>, string> keep) => result switch
    {
        AIContent content => Part(content, keep) is { } part ? [part] : [],
        IEnumerable<AIContent> contents => [.. contents.Select(content => Part(content, keep)).OfType<MessagePart>()],
        _ => [new TextPart(Text(result, options))],
    };

    /// <summary>A text or an image; null for what a result cannot hold.</summary>
    public static MessagePart? Part(AIContent content, Func<ReadOnlyMemory<byte>, string> keep) => content switch
    {
        TextContent text => new TextPart(text.Text),
        DataContent data when data.HasTopLevelMediaType("image") => new ImagePart(data.MediaType, keep(data.Data)) { Bytes = data.Data },
        DataContent data => new TextPart($"[Data of type {data.MediaType}, {data.Data.Length} bytes]"),
        UriContent uri => new TextPart(uri.Uri.ToString()),
        ErrorContent error => new TextPart(error.Message),
        _ => null,
    };

    public static string Text(object? result, JsonSerializerOptions options) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => "",
        JsonElement { ValueKind: JsonValueKind.String } json => json.Text(),
        JsonElement json => json.GetRawText(),
        _ when options.TryGetTypeInfo(result.GetType(), out var type) => JsonSerializer.Serialize(result, type),
        _ => result.ToString() ?? "",
    };
}
