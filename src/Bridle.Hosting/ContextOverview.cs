using System.Text;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Sandboxes;
using Bridle.Tools;

namespace Bridle.Hosting;

/// <summary>A part of what a model is sent before anybody has said anything.</summary>
/// <param name="Kind"><c>system</c>, <c>environment</c>, <c>instructions</c> or <c>tool</c>.</param>
/// <param name="Source">A file, a tool's name, or what made it.</param>
/// <param name="Bytes">Its length in UTF-8.</param>
public sealed record ContextPart(string Kind, string Source, int Bytes)
{
    /// <summary>About how many tokens that is, at four bytes each.</summary>
    public int Tokens => (Bytes + 3) / 4;
}

/// <summary>What a conversation in a folder would begin with.</summary>
/// <param name="Parts">The fixed prefix in its order.</param>
/// <param name="Waiting">Instruction files that are told when a file that they are about is seen: where they lie and which patterns.</param>
/// <param name="Left">What was left out, one line each.</param>
public sealed record ContextOverview(IReadOnlyList<ContextPart> Parts, IReadOnlyList<(ContextPart Part, string About)> Waiting, IReadOnlyList<string> Left)
{
    /// <summary>Reads it for a request, as a start would. Starts nothing and sends nothing; why it cannot be, or null.</summary>
    public static (ContextOverview? Overview, HarnessRefused? Problem) Of(HarnessRequest request)
    {
        if (!Directory.Exists(request.Folder))
        {
            return (null, new("usage", $"The folder {request.Folder} does not exist.", "Give another one with --cwd."));
        }

        var files = HostFiles.Read(request);
        if (files.Problem is { } problem)
        {
            return (null, problem);
        }

        var told = new ContextAssembly(request, files, request.Folder);
        var tools = new ToolSet(request.ExtraTools, [new BuiltInTools(null), .. new[] { ContainerSetup.Tools(files) }.OfType<IToolSource>(), .. Recall.RecallSetup.Tools(request, files, null)]);
        return (new(
            [
                .. told.Prompt.Select(part => new ContextPart(part.Kind, part.Source, Encoding.UTF8.GetByteCount(part.Text))),
                .. tools.Tools.Select(tool => tool.Definition).Select(tool => new ContextPart("tool", tool.Name, Encoding.UTF8.GetByteCount(tool.Name + tool.Description + tool.InputSchema.GetRawText()))),
            ],
            [.. told.Found.Rules.Select(rule => (new ContextPart("rule", rule.Path, Encoding.UTF8.GetByteCount(rule.Text)), string.Join(' ', rule.Patterns!)))],
            told.Found.Left), null);
    }
}
