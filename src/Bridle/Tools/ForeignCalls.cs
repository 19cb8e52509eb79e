using System.Buffers;
using System.Text.Json;

namespace Bridle.Tools;

/// <summary>Calls of other harnesses whose arguments are not only named otherwise but cut otherwise. What is no such call comes back as it is.</summary>
internal static class ForeignCalls
{
    private const string NoChange = "No change: ";

    /// <summary>
    /// A program with its words in <c>program</c> and <c>args</c>, and a folder in <c>cwd</c> that holds for this one command. The words become one command,
    /// quoted, which is judged and shown as any other.
    /// </summary>
    public static JsonElement Command(JsonElement arguments, JsonElement known, CallScope scope)
    {
        if (Text(arguments, "command") is null && Text(arguments, "cmd") is null && Text(arguments, "program") is { } program
            && (!arguments.TryGetProperty("args", out var words) || Texts(words) is not null))
        {
            arguments = With(arguments, "command", string.Join(' ', new[] { program }.Concat(words.ValueKind is JsonValueKind.Array ? Texts(words)! : []).Select(Quoted)), "program", "args");
        }

        var name = Text(arguments, "command") is not null ? "command" : "cmd";
        return Text(arguments, "cwd") is { } folder && Text(arguments, name) is { } command
            ? With(arguments, name, folder is "" or "." ? command : $"(cd -- {Quoted(folder)} && {{\n{command}\n}})", "cwd") : arguments;
    }

    /// <summary>
    /// One <c>item</c> that is <c>checked</c> or not: the list as the last call left it, with that one set. Items of a whole list under the names that others give to what is
    /// here their words, and without what only others' screens show.
    /// </summary>
    public static JsonElement Todos(JsonElement arguments, JsonElement known, CallScope scope)
    {
        string[] lists = ["todos", "items", "plan"];
        if (Array.Find(lists, name => arguments.TryGetProperty(name, out var list) && list.ValueKind is JsonValueKind.Array) is { } whole)
        {
            return Items(arguments, whole);
        }

        if (arguments.TryGetProperty("todos", out _) || Text(arguments, "item")?.Trim() is not { Length: > 0 } item)
        {
            return arguments;
        }

        var isDone = arguments.TryGetProperty("checked", out var flag) && Coerce.Flag(flag) is true;
        var list = Shown(scope.LastResults.GetValueOrDefault("TodoWrite", ""));
        var at = list.FindIndex(one => one.Content == item);
        var set = new Line(item, isDone ? "completed" : "pending");
        list = at < 0 ? [.. list, set] : [.. list[..at], set, .. list[(at + 1)..]];
        return Json(writer =>
        {
            writer.WriteStartArray("todos");
            foreach (var one in list)
            {
                writer.WriteStartObject();
                writer.WriteString("content", one.Content);
                writer.WriteString("status", one.Status);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }

    private static JsonElement Items(JsonElement arguments, string name)
    {
        string[] shown = ["activeForm", "active_form", "id", "priority"];
        return Json(writer =>
        {
            foreach (var one in arguments.EnumerateObject())
            {
                if (one.Name != name)
                {
                    one.WriteTo(writer);
                    continue;
                }

                writer.WriteStartArray(name);
                foreach (var item in one.Value.EnumerateArray())
                {
                    if (item.ValueKind is not JsonValueKind.Object)
                    {
                        item.WriteTo(writer);
                        continue;
                    }

                    writer.WriteStartObject();
                    foreach (var field in item.EnumerateObject().Where(field => !shown.Contains(field.Name)))
                    {
                        writer.WritePropertyName(field.Name is "step" && !item.TryGetProperty("content", out _) ? "content" : field.Name);
                        field.Value.WriteTo(writer);
                    }

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }
        });
    }

    // As TodoWrite shows it: a line for each, with its state in brackets.
    private static List<Line> Shown(string text) =>
        [.. (text.StartsWith(NoChange, StringComparison.Ordinal) ? text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..] : text).Split('\n')
            .Where(line => line is ['[', 'x' or '>' or ' ', ']', ' ', ..])
            .Select(line => new Line(line[4..], line[1] switch { 'x' => "completed", '>' => "in_progress", _ => "pending" }))];

    private static JsonElement With(JsonElement arguments, string name, string value, params ReadOnlySpan<string> without)
    {
        var left = without.ToArray();
        return Json(writer =>
        {
            foreach (var one in arguments.EnumerateObject().Where(one => one.Name != name && !left.Contains(one.Name)))
            {
                one.WriteTo(writer);
            }

            writer.WriteString(name, value);
        });
    }

    internal static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return ArgumentReader.ParseSchema(bytes.WrittenSpan);
    }

    private static string? Text(JsonElement arguments, string name) =>
        arguments.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static List<string>? Texts(JsonElement words) =>
        words.ValueKind is JsonValueKind.Array && words.EnumerateArray().All(word => word.ValueKind is JsonValueKind.String) ? [.. words.EnumerateArray().Select(word => word.GetString()!)] : null;

    private static string Quoted(string word) =>
        word.Length > 0 && word.All(one => char.IsAsciiLetterOrDigit(one) || one is '-' or '_' or '.' or '/' or ':' or '=' or '+' or ',' or '@') ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private sealed record Line(string Content, string Status);
}
