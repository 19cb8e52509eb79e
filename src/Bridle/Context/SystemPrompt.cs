using System.Globalization;
using System.Runtime.InteropServices;

namespace Bridle.Context;

/// <summary>The system text of a session: the embedded <c>SystemPrompt.md</c> or a person's own, and a few facts about the place.</summary>
public static class SystemPrompt
{
    /// <summary>The parts for a session that starts now. They are frozen with the first request.</summary>
    /// <param name="ownText">Replaces the embedded text, or null.</param>
    /// <param name="root">The workspace root.</param>
    /// <param name="time">Tells the date.</param>
    public static IReadOnlyList<PromptPart> For(string? ownText, string root, TimeProvider time) =>
    [
        new PromptPart("system", ownText is null ? "built in" : "--system-prompt", (ownText ?? BuiltIn()).TrimEnd()),
        new PromptPart("environment", "computed", Environment(root, time)),
    ];

    private static string Environment(string root, TimeProvider time) => $"""
        Working directory: {root}
        Platform: {RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})
        Date: {time.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}
        """;

    private static string BuiltIn()
    {
        using var stream = typeof(SystemPrompt).Assembly.GetManifestResourceStream("Bridle.SystemPrompt.md")
            ?? throw new InvalidOperationException("SystemPrompt.md is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
