using System.Runtime.InteropServices;
using Bridle.Context;
using Bridle.Hosting.Instructions;

namespace Bridle.Hosting.Prompts;

/// <summary>The system text of a new conversation: who the agent is, or what the person put in its place, and where it works.</summary>
internal static class SystemText
{
    /// <summary>The parts in their order. They are frozen with the first request of a conversation.</summary>
    public static IReadOnlyList<PromptPart> For(string? replacement, string source, string folder, IEnumerable<InstructionFile> instructions, TimeProvider time) =>
    [
        replacement is null ? new("system", "bridle", BuiltIn()) : new("system", source, replacement),
        new("environment", "bridle", $"The working folder is {folder}. The system is {RuntimeInformation.OSDescription.Trim()}. The date is {time.GetLocalNow():yyyy-MM-dd}."),
        .. instructions.Select(file => new PromptPart("instructions", file.Path, InstructionGuides.Told(file))),
    ];

    private static string BuiltIn()
    {
        using var stream = typeof(SystemText).Assembly.GetManifestResourceStream("system.md") ?? throw new InvalidOperationException("system.md is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }
}
