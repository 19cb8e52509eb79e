using System.Text.Json;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Output;

/// <summary>A call or its result as one line for a person.</summary>
internal static class CallLine
{
    private const int MostCall = 200;
    private const int MostResult = 300;

    // The argument that says most about a call, first match first.
    private static readonly string[] Telling = ["command", "file_path", "pattern", "path", "url", "query", "question", "id"];

    /// <summary>Such as <c>Read src/a.cs</c>.</summary>
    public static string Of(string tool, string arguments, int width) => VisibleText.Line(VisibleText.Exactly($"{tool} {Argument(arguments)}"), Math.Clamp(width - 2, 20, MostCall));

    /// <summary>The first words of a result, with the number of lines that follow.</summary>
    public static string Result(string text, int width)
    {
        var lines = text.Split('\n').Where(line => line.Trim().Length > 0).ToList();
        var more = lines.Count > 1 ? $" (+{lines.Count - 1} lines)" : "";
        return lines.Count == 0 ? "(nothing)" : VisibleText.Line(lines[0], Math.Clamp(width - 4 - more.Length, 20, MostResult)) + more;
    }

    private static string Argument(string arguments)
    {
        if (arguments.Length == 0)
        {
            return "";
        }

        try
        {
            using var document = SoundJson.Parse(arguments);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return arguments;
            }

            var given = document.RootElement.EnumerateObject().ToList();
            var telling = Telling.FirstOrDefault(name => given.Any(property => property.Name == name));
            return telling is not null
                ? Text(document.RootElement.GetProperty(telling)) + (telling == "pattern" && document.RootElement.TryGetProperty("path", out var where) ? $" in {Text(where)}" : "")
                : string.Join(", ", given.Select(property => $"{property.Name}: {Text(property.Value)}"));
        }
        catch (JsonException)
        {
            return arguments;
        }
    }

    /// <summary>The words of a result without the change that it repeats, for who shows the change beside it.</summary>
    public static string Words(ToolReturned returned) => string.Join('\n', returned.Content.OfType<TextPart>()
        .Select((part, i) => i is 0 && returned.Diff is { Length: > 0 } ? part.Text.Split('\n')[0] : part.Text));

    // A list is its items in a row, and an item that has words is its words.
    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join("; ", value.EnumerateArray().Select(Text)),
        JsonValueKind.Object when value.TryGetProperty("content", out var words) && words.ValueKind is JsonValueKind.String => words.GetString()!,
        _ => value.GetRawText(),
    };
}
