using System.Text;
using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models.Rehearsal;

/// <summary>One call the rehearsal makes.</summary>
internal sealed record Act(string Tool, string Arguments)
{
    public static Act Of(string tool, params ReadOnlySpan<(string Name, object Value)> arguments)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            foreach (var (name, value) in arguments)
            {
                switch (value)
                {
                    case int number:
                        json.WriteNumber(name, number);
                        break;
                    case JsonElement element:
                        json.WritePropertyName(name);
                        element.WriteTo(json);
                        break;
                    default:
                        json.WriteString(name, value.ToString());
                        break;
                }
            }

            json.WriteEndObject();
        }

        return new Act(tool, Encoding.UTF8.GetString(buffer.ToArray()));
    }
}

/// <summary>What came of an act.</summary>
internal sealed record Outcome(string Text, bool IsError);

/// <summary>A step: words for the person, then acts. Without acts it is the end.</summary>
internal sealed record Step(string Words, IReadOnlyList<Act> Acts)
{
    /// <summary>False for an end that only says that the request was not understood.</summary>
    public bool Answers { get; init; } = true;
}

/// <summary>The outcomes of the last step, filled in before a scene goes on, and the report it writes on the way.</summary>
internal sealed class RehearsalScene(IReadOnlyCollection<string> tools)
{
    /// <summary>Whether the request meant anything to the rules.</summary>
    public bool Understood { get; set; } = true;

    public IReadOnlyList<Outcome> Last { get; set; } = [];

    public List<string> Report { get; } = [];

    public bool Offers(string tool) => tools.Contains(tool);

    /// <summary>Whether the last step's only act failed; then the report says so.</summary>
    public bool Failed(string what)
    {
        if (Last is [{ IsError: false }])
        {
            return false;
        }

        Report.Add($"{what}: {(Last.Count is 0 ? "nothing came back" : FirstLines(Last[0].Text, 6))}");
        return true;
    }

    public static string FirstLines(string text, int count)
    {
        var lines = text.TrimEnd().Split('\n');
        return lines.Length <= count ? string.Join('\n', lines) : string.Join('\n', lines.Take(count)) + $"\n… {lines.Length - count} more lines";
    }

    /// <summary>The texts of tool results by exchange, in order, since a message of the conversation.</summary>
    public static List<IReadOnlyList<Outcome>> OutcomesSince(IReadOnlyList<Message> messages, int start) =>
        [.. messages.Skip(start + 1)
            .Where(message => message.Role is Role.User)
            .Select(message => (IReadOnlyList<Outcome>)[.. message.Parts.OfType<ToolResultPart>().Select(result =>
                new Outcome(string.Join('\n', result.Content.OfType<TextPart>().Select(text => text.Text)), result.IsError))])
            .Where(outcomes => outcomes.Count > 0)];
}
