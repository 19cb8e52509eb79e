using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>What a <see cref="Compacted"/> record makes of a history. A pure function: the same record makes the same of the same messages, whoever reads the log.</summary>
internal static class CompactedHistory
{
    private const string ImageGone = "[an image was here; it was left out to save room]";

    /// <summary>The messages before the open one. What is kept of them begins with a message of the model, so that no result loses its call.</summary>
    public static List<(long N, Message Message)> Of(IReadOnlyList<(long N, Message Message)> closed, Compacted compacted)
    {
        List<(long N, Message Message)> after = compacted.Summary.Length is 0
            ? [.. closed]
            : [(compacted.UpTo, Message.User(compacted.Summary)), .. closed.SkipWhile(entry => entry.N <= compacted.UpTo).SkipWhile(entry => entry.Message.Role is Role.User)];
        var first = compacted.Summary.Length is 0 ? 0 : 1;
        for (var i = first; i < after.Count; i++)
        {
            after[i] = (after[i].N, (compacted.Trims ?? []).Where(trim => after[i].N <= trim.To).Aggregate(after[i].Message, Of));
        }

        return after;
    }

    /// <summary>The answer to a call of the last reply.</summary>
    public static ToolReturned Of(ToolReturned returned, long n, IReadOnlyList<Trim>? trims)
    {
        var content = (trims ?? []).Where(trim => n <= trim.To).Aggregate(returned.Content, Result);
        return ReferenceEquals(content, returned.Content) ? returned : returned with { Content = content };
    }

    /// <summary>How long a history is for a model, in quarters of a token.</summary>
    public static long Characters(IEnumerable<(long N, Message Message)> closed) => closed.Sum(entry => entry.Message.Parts.Sum(MessageLength.Of));

    /// <summary>A text without its middle, or the text itself where it is short enough.</summary>
    public static string WithoutMiddle(string text, int over)
    {
        if (text.Length <= over)
        {
            return text;
        }

        var (head, tail) = (Cut(text, over * 3 / 8), Cut(text, text.Length - (over / 5)));
        return $"{text[..head]}\n[… {tail - head} characters left out to save room …]\n{text[tail..]}";
    }

    private static Message Of(Message message, Trim trim)
    {
        var parts = message.Parts.Select(part => Of(part, message.Role, trim)).ToList();
        return parts.Zip(message.Parts).All(pair => ReferenceEquals(pair.First, pair.Second)) ? message : message with { Parts = parts };
    }

    // What a vendor sealed goes back as it came or not at all; what the harness or a person said is short or meant.
    private static MessagePart Of(MessagePart part, Role role, Trim trim) => part switch
    {
        ToolResultPart result when Result(result.Content, trim) is var content && !ReferenceEquals(content, result.Content) => result with { Content = content },
        TextPart { Vendor: null } text when role is Role.Assistant && trim.TextsOver is { } over && text.Text.Length > over => text with { Text = WithoutMiddle(text.Text, over) },
        ToolCallPart { Vendor: null } call when trim.TextsOver is { } over && call.Arguments.Length > over => call with { Arguments = Arguments(call.Arguments, over) },
        _ => part,
    };

    private static IReadOnlyList<MessagePart> Result(IReadOnlyList<MessagePart> content, Trim trim)
    {
        if (trim.ResultsOver is not { } over || MessageLength.Characters(content) <= over)
        {
            return content;
        }

        var text = string.Concat(content.OfType<TextPart>().Select(part => part.Text));
        var keep = Cut(text, Math.Min(trim.ResultsKeep, text.Length));
        var note = keep < text.Length ? $"[… {text.Length - keep} characters cleared to save room; call the tool again if they are needed]" : "";
        var image = content.Any(part => part is ImagePart) ? ImageGone : "";
        return [new TextPart(string.Join('\n', new[] { text[..keep], note, image }.Where(line => line.Length > 0)))];
    }

    private static string Arguments(string arguments, int over)
    {
        try
        {
            var node = JsonNode.Parse(arguments);
            return node is JsonObject or JsonArray && Shorten(node, over) ? Written(node) : arguments;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // What the model wrote may be no JSON, name a property twice or hold half a character: it stays as it is.
            return arguments;
        }
    }

    private static bool Shorten(JsonNode node, int over)
    {
        var any = false;
        var places = node is JsonObject one
            ? one.Select(pair => (pair.Value, Set: new Action<JsonNode>(value => one[pair.Key] = value))).ToList()
            : [.. ((JsonArray)node).Select((value, i) => (value, Set: new Action<JsonNode>(other => ((JsonArray)node)[i] = other)))];
        foreach (var (value, set) in places)
        {
            if (value is JsonObject or JsonArray)
            {
                any |= Shorten(value, over);
            }
            else if (value is JsonValue text && text.TryGetValue<string>(out var words) && words.Length > over)
            {
                set(JsonValue.Create(WithoutMiddle(words, over)));
                any = true;
            }
        }

        return any;
    }

    private static string Written(JsonNode node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            node.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    // Never between the halves of a surrogate pair.
    private static int Cut(string text, int at) => at > 0 && at < text.Length && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
}
