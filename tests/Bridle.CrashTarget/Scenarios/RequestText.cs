using Bridle.Messages;
using Bridle.Models;

namespace Bridle.CrashTarget.Scenarios;

/// <summary>The messages of a request as text, one line each, the same on every machine.</summary>
internal static class RequestText
{
    private const int Longest = 400;

    public static string Of(ModelRequest request, Place place) =>
        string.Concat(request.Messages.Select(message => $"{message.Role}: {string.Join(" + ", message.Parts.Select(part => Of(part, place)))}\n"));

    private static string Of(MessagePart part, Place place) => part switch
    {
        TextPart text => Plain(text.Text, place),
        ToolCallPart call => $"{call.Id} {call.Name}({call.Arguments})",
        ToolResultPart result => $"[{result.Call}{(result.IsError ? "!" : "")} {string.Join(" ", result.Content.Select(inner => Of(inner, place)))}]",
        _ => part.GetType().Name,
    };

    private static string Plain(string text, Place place)
    {
        var line = text.Replace(place.Root, "ROOT", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        var left = line.IndexOf("characters left out", StringComparison.Ordinal);
        return line.Length <= Longest ? line : left > 0 ? $"{line[..40]} … {line[line.LastIndexOf('[', left)..(line.IndexOf(']', left) + 1)]} … {line[^40..]}" : $"{line[..Longest]} …";
    }
}
