using System.Text;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Skills;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Skills;
using Bridle.Tools;

namespace Bridle.Hosting;

/// <summary>A part of what a model is sent before anybody has said anything.</summary>
/// <param name="Kind"><c>system</c>, <c>environment</c>, <c>instructions</c>, <c>memory</c>, <c>skills</c> (the list's beginning), <c>skill</c> (its line in the list) or <c>tool</c>.</param>
/// <param name="Source">A file, a tool's name, or what made it.</param>
/// <param name="Bytes">Its length in UTF-8.</param>
/// <param name="Tokens">About how many tokens that is (see <see cref="TokenEstimate"/>).</param>
public sealed record ContextPart(string Kind, string Source, int Bytes, int Tokens)
{
    /// <summary>That of a text.</summary>
    internal static ContextPart Of(string kind, string source, string text) => new(kind, source, Encoding.UTF8.GetByteCount(text), TokenEstimate.Of(text));
}

/// <summary>What a conversation in a folder would begin with.</summary>
/// <param name="Parts">The fixed prefix in its order.</param>
/// <param name="Waiting">Instruction files that are told when a file that they are about is seen: where they lie and which patterns.</param>
/// <param name="Left">What was left out, one line each.</param>
public sealed record ContextOverview(IReadOnlyList<ContextPart> Parts, IReadOnlyList<(ContextPart Part, string About)> Waiting, IReadOnlyList<string> Left)
{
    private const int MostRead = 1024 * 1024;

    /// <summary>The texts of skills, told when they are used: where they lie and their names.</summary>
    public IReadOnlyList<(ContextPart Part, string Name)> Skills { get; init; } = [];

    /// <summary>Who tells the model what fits the moment: the guides of settings and that of earlier runs.</summary>
    public IReadOnlyList<ContextGuide> Guides { get; init; } = [];

    /// <summary>The tools that are left out and found by search, because there are so many.</summary>
    public IReadOnlyList<ContextPart> Deferred { get; init; } = [];

    /// <summary>What holds the session beside: limits, checks, sealed files and sensors. It takes nothing of the beginning.</summary>
    public IReadOnlyList<ContextControl> Controls { get; init; } = [];

    /// <summary>Reads it for a request, as a start would. Starts nothing and sends nothing; why it cannot be, or null.</summary>
    public static (ContextOverview? Overview, HarnessRefused? Problem) Of(HarnessRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            return (null, new("usage", HostFiles.NoFolder(request.Folder), "Give another one with --cwd."));
        }

        var files = HostFiles.Read(request);
        if (files.Problem is { } problem)
        {
            return (null, problem);
        }

        var told = new ContextAssembly(request, files, request.Folder);
        var found = told.Skills.Found;
        var tools = told.ToolsWith(new BuiltInTools(null));
        var (mode, refused) = StartLimits.Mode(request, files.Layers, []);
        if (mode is null)
        {
            return (null, refused);
        }

        var policy = new PermissionPolicy(PolicyAssembly.Options(request, files, mode, request.Folder, [], tools.Names, []));
        return (new(
            [
                .. told.Prompt(policy).SelectMany(part => part.Kind is SkillGuides.Part ? Listed(part.Text, found) : [ContextPart.Of(part.Kind, part.Source, part.Text)]),
                .. tools.Tools.Select(tool => tool.Definition).Where(tool => told.Offer.Shows(tool.Name)).Select(Sized),
            ],
            [.. told.Found.Rules.Select(rule => (ContextPart.Of("rule", rule.Path, rule.Text), string.Join(' ', rule.Patterns!)))],
            [.. told.Found.Left, .. told.Memory.Left, .. found.Left.Select(left => $"{left.File}: {left.Reason}"), .. found.Shadowed.Select(one => $"{one.Skill.Found}: the skill in {one.By.Found} has the same name")])
        {
            Controls = ContextControl.Of(request, files, policy),
            Guides = ContextGuide.Of(request, files),
            Deferred = [.. told.Offer.Deferred.Select(Sized)],
            Skills = [.. found.Skills.Select(skill => (OfFile(skill.Found, skill.File), skill.Name))],
        }, null);
    }

    private static ContextPart OfFile(string found, string file)
    {
        try
        {
            return ContextPart.Of("skill", found, Encoding.UTF8.GetString(SmallFile.Read(file, MostRead))) with { Bytes = (int)SmallFile.Length(file) };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new("skill", found, 0, 0);
        }
    }

    private static ContextPart Sized(ToolDefinition tool) => ContextPart.Of("tool", tool.Name, tool.Name + tool.Description + tool.InputSchema.GetRawText());

    // The list, taken apart into its beginning and a line for each skill.
    private static IEnumerable<ContextPart> Listed(string text, FoundSkills found)
    {
        var lines = text.Split("\n- ");
        yield return ContextPart.Of("skills", "bridle", lines[0]);
        foreach (var line in lines.Skip(1))
        {
            var name = line.Split([':', '\n']) is [var first, ..] && found.Find(first) is not null ? first : found.Skills.Where(skill => line.StartsWith(skill.Name, StringComparison.Ordinal)).MaxBy(skill => skill.Name.Length)?.Name ?? line;
            yield return ContextPart.Of("skill", found.Find(name)?.Found ?? name, $"\n- {line}");
        }
    }
}
