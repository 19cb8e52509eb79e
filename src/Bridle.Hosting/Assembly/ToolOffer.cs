using System.Security.Cryptography;
using System.Text;
using Bridle.Context;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Tools.Finding;

namespace Bridle.Hosting.Assembly;

/// <summary>
/// Which tools requests show. Where there are more than a setting says, only the core is shown with the two tools that find and call the others; the beginning of the conversation
/// names those, and what is loaded or comes later is told as a note, so that it stays as it was.
/// </summary>
internal sealed class ToolOffer : IToolSource
{
    /// <summary>How many tools are shown where no setting says otherwise.</summary>
    public const int DefaultMost = 40;

    /// <summary>The kind of the prompt's part that names the tools that are not shown.</summary>
    public const string Part = "tool names";

    private const int MostTold = 20;
    private const int MostToldCharacters = 32_000;
    private const int MostCharacters = 8_000;

    private static readonly HashSet<string> Core =
        [CallTool.Name, "ToolSearch", "AskUser", "Bash", "Edit", "ExitPlanMode", "Glob", "Grep", "Read", "Skill", "TodoWrite", "Write"];

    private ToolSet? _tools;
    private Func<PermissionPolicy>? _policy;

    /// <summary>The tools that find and call the others; none where all are shown.</summary>
    public IReadOnlyList<Tool> Tools { get; private set; } = [];

    /// <summary>Decides, once for the session, whether some are left out.</summary>
    public ToolSet Decide(ToolSet tools, int most)
    {
        _tools = tools;
        if (tools.Tools.Count > most && tools.Tools.Any(tool => !IsShown(tool.Definition)))
        {
            Tools = [new CallTool(), new ToolSearchTool(() => Deferred).AsTool()];
        }

        return tools;
    }

    /// <summary>What the gate denies whole is not to be found.</summary>
    public ToolOffer Under(Func<PermissionPolicy> policy)
    {
        _policy = policy;
        return this;
    }

    /// <summary>Whether requests show it.</summary>
    public bool Shows(string tool) => Tools.Count is 0 || _tools!.Find(tool) is not { } known || IsShown(known.Definition);

    /// <summary>The tools that requests do not show, by name.</summary>
    public IReadOnlyList<ToolDefinition> Deferred => Under(_policy?.Invoke());

    /// <summary>The part of the prompt that names them, or none.</summary>
    public IReadOnlyList<PromptPart> Prompt(PermissionPolicy policy) => Tools.Count is 0 ? [] : [new(Part, "bridle", Names(Under(policy)))];

    /// <summary>Who tells of what was loaded and of what came later.</summary>
    public IReadOnlyList<Guide> Guides => Tools.Count is 0 ? [] :
    [
        new("loaded tools", GuideTime.EachStep, (moment, _) => ValueTask.FromResult(Loaded(moment))) { MostTokens = 8_000 },
        new("changed tools", GuideTime.EachStep, (moment, _) => ValueTask.FromResult(Changed(moment))) { MostTokens = 4_000 },
    ];

    private IReadOnlyList<ToolDefinition> Under(PermissionPolicy? policy) =>
        Tools.Count is 0 ? [] : [.. _tools!.Tools.Select(tool => tool.Definition).Where(tool => !IsShown(tool) && policy?.Hides(tool.Name) is not true)];

    private static bool IsShown(ToolDefinition tool) => tool.AlwaysShown || Core.Contains(tool.Name);

    // The latest ones, and no more of them than a small window has room for beside the work.
    private IReadOnlyList<GuideNote> Loaded(GuideMoment moment)
    {
        var (notes, room) = (new List<GuideNote>(), MostToldCharacters);
        foreach (var tool in moment.Transcript.LoadedTools.TakeLast(MostTold).Reverse().Select(name => _tools!.Find(name)?.Definition).OfType<ToolDefinition>())
        {
            var text = Told(tool);
            room -= text.Length;
            if (room >= 0 || notes.Count is 0)
            {
                notes.Insert(0, new GuideNote(tool.Name, text));
            }
        }

        return notes;
    }

    private IReadOnlyList<GuideNote> Changed(GuideMoment moment)
    {
        if (moment.Transcript.LastRequest?.Parts.FirstOrDefault(part => part.Kind is Part) is not { } told)
        {
            return [];
        }

        var names = Names(Deferred);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(names))) == told.Hash ? [] : [new(Part, $"The tools that are not shown changed since the conversation began. {names}")];
    }

    private static string Names(IReadOnlyList<ToolDefinition> tools)
    {
        var names = string.Join(", ", tools.Select(tool => tool.Name));
        var cut = names.Length <= MostCharacters ? names : $"{names[..names.LastIndexOf(',', MostCharacters)]} and more";
        return $"There are tools beside those that are shown: load them with ToolSearch, call them with CallTool. They are: {cut}";
    }

    // A server's words: they cannot end the frame.
    private static string Told(ToolDefinition tool) =>
        $"<tool name=\"{tool.Name}\">\n{tool.Description.Trim().Replace("</tool", "&lt;/tool", StringComparison.OrdinalIgnoreCase)}\nArguments: {tool.InputSchema.GetRawText().Replace("</tool", "&lt;/tool", StringComparison.OrdinalIgnoreCase)}\n</tool>";
}
