using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Recall;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting;

/// <summary>Calls as people write them: <c>Bash(git push)</c>, <c>Read(~/.ssh/id_rsa)</c>, <c>WebFetch(https://example.com/)</c>.</summary>
internal static class CallText
{
    private static readonly string[] FileTools = ["Read", "Write", "Edit", "Grep", "Glob", "Ls"];

    /// <summary>The call with its tool; both null with a reason when the text is none.</summary>
    public static (CallToJudge? Call, ToolDefinition? Tool, string Problem) Read(string text, IFiles files, string root)
    {
        var open = text.IndexOf('(');
        if (open <= 0 || !text.EndsWith(')') || open == text.Length - 2)
        {
            return (null, null, $"'{text}' is no call. Write it as a tool with what it is given: 'Bash(git push)', 'Read(notes.md)', 'WebFetch(https://example.com/)'.");
        }

        var (name, given) = (text[..open].Trim(), text[(open + 1)..^1]);
        var known = new BuiltInTools().Tools.Select(tool => tool.Definition).Append(RecallSetup.Published).ToList();
        name = ToolAliases.Standard.Find(name)?.Tool ?? name;
        var tool = known.FirstOrDefault(one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? new ToolDefinition(name, "", default, name is "Skill" ? ToolKind.Meta : ToolKind.Execute, ToolEffect.Once, false);
        var words = tool.Name is GitCalls.Tool ? GitCalls.WordsOf(given) : [];
        if (words is null)
        {
            return (null, null, $"'{text}' is no call of {tool.Name}. Write its verb and the words behind it: 'Git(commit -m \"two words\")'.");
        }

        ToolTarget? target = tool.Name switch
        {
            "Bash" => new CommandTarget(given),
            "WebFetch" => new UrlTarget(given),
            _ when FileTools.Contains(tool.Name) => new FileTarget(given, tool.Kind is ToolKind.Write ? FileAccessKind.Write : FileAccessKind.Read),
            _ => null,
        };
        if (target is null && !tool.Name.StartsWith("mcp__", StringComparison.Ordinal) && tool.Name is not ("Agent" or "Skill") && known.All(one => one.Name != tool.Name))
        {
            return (null, null, $"There is no tool '{name}'.{(NearestName.Of(name, known.Select(one => one.Name)) is { } near ? $" Did you mean '{near}'?" : "")}");
        }

        var input = new ToolInput(words.Count > 0 ? GitInput(words) : InputOf(tool.Name, given), given, target is null ? [] : [target]);
        return (CallReader.Read(tool, input, files, root), tool, "");
    }

    private static JsonElement GitInput(IReadOnlyList<string> words)
    {
        using var document = JsonDocument.Parse($$"""{"verb":"{{JsonEncodedText.Encode(words[0])}}","arguments":[{{string.Join(',', words.Skip(1).Select(word => $"\"{JsonEncodedText.Encode(word)}\""))}}]}""");
        return document.RootElement.Clone();
    }

    private static JsonElement InputOf(string tool, string given)
    {
        var field = tool switch { "Bash" => "command", "WebFetch" => "url", "Agent" => "subagent_type", "Skill" => "skill", "Grep" or "Glob" or "Ls" => "path", "Read" or "Write" or "Edit" => "file_path", _ => "input" };
        using var document = JsonDocument.Parse($$"""{"{{field}}":"{{JsonEncodedText.Encode(given)}}"}""");
        return document.RootElement.Clone();
    }
}
