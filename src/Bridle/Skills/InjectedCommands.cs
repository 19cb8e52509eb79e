using System.Text;

namespace Bridle.Skills;

/// <summary>
/// The commands whose output the author of a skill wants in its text: <c>!`command`</c> at the beginning of a line or after a blank, and blocks fenced as <c>```!</c>. Nothing runs
/// because a text says so: in their place stands a word to the model, which runs them as calls of its own, through the gate, if they are needed.
/// </summary>
public static class InjectedCommands
{
    private const string Fence = "```!";

    /// <summary>The text with every such command as a request to run it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="commands">The commands in their order.</param>
    public static string Replace(string text, out IReadOnlyList<string> commands)
    {
        var (result, found) = (new StringBuilder(text.Length), new List<string>());
        for (var i = 0; i < text.Length; i++)
        {
            if ((i is 0 || char.IsWhiteSpace(text[i - 1])) && (InLine(text, i) ?? Block(text, i)) is var (command, length))
            {
                found.Add(command);
                result.Append($"[run this with Bash and read what it prints: {command}]");
                i += length - 1;
            }
            else
            {
                result.Append(text[i]);
            }
        }

        commands = found;
        return result.ToString();
    }

    private static (string Command, int Length)? InLine(string text, int at)
    {
        if (!text.AsSpan(at).StartsWith("!`") || text.AsSpan(at).StartsWith("!``"))
        {
            return null;
        }

        var end = text.AsSpan(at + 2).IndexOfAny('`', '\n');
        return end > 0 && text[at + 2 + end] is '`' ? (text.Substring(at + 2, end).Trim(), end + 3) : null;
    }

    private static (string Command, int Length)? Block(string text, int at)
    {
        if ((at > 0 && text[at - 1] is not '\n') || !text.AsSpan(at).StartsWith(Fence))
        {
            return null;
        }

        var start = text.IndexOf('\n', at);
        var end = start < 0 ? -1 : text.IndexOf("\n```", start, StringComparison.Ordinal);
        return end <= start ? null : (text[(start + 1)..end].Trim(), end + 4 - at);
    }
}
