using System.ComponentModel;
using System.Text.Json;
using Bridle.Events;
using Bridle.Tools;
using Range = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Bridle.Tests.Tools;

/// <summary>A tool with an argument of every form.</summary>
[Tool("Sample", ToolKind.Write, Effect = ToolEffect.Repeatable, ParallelSafe = true)]
internal sealed class SampleTool(string answer = "done")
{
    public Task<ToolResult> RunAsync(
        [Description("The file.")][Path(FileAccessKind.Write)] string filePath,
        [Description("How often.")] int count,
        CallScope scope,
        CancellationToken cancellationToken,
        [Description("How many lines.")][Range(1, 2000)] int limit = 200,
        [Description("A large number.")] long? size = null,
        [Description("A share.")][Range(0.0, 1.0)] double ratio = 0.5,
        [Description("Goes on.")] bool force = false,
        [Description("The form.")] SampleForm form = SampleForm.PlainText,
        [Description("More files.")][Path(FileAccessKind.Read)] IReadOnlyList<string>? others = null,
        [Description("What to run.")][Command] string? command = null,
        [Description("Where to look.")][Url] string? url = null,
        [Description("Changes.")] List<SampleEdit>? edits = null,
        [Description("Where from.")] SampleOrigin? origin = null,
        [Description("Anything.")] JsonElement? extra = null)
    {
        Seen = new(filePath, count, limit, size, ratio, force, form, others, command, url, edits, origin, extra);
        return Task.FromResult(ToolResult.Completed(answer));
    }

    public SampleArguments? Seen { get; private set; }

    public ValueTask<CallPreview?> PreviewAsync(
        string filePath, int count, CallScope scope, int limit, long? size, double ratio, bool force, SampleForm form, IReadOnlyList<string>? others,
        string? command, string? url, List<SampleEdit>? edits, SampleOrigin? origin, JsonElement? extra, CancellationToken cancellationToken) =>
        new(new CallPreview($"+{filePath}", null));
}

internal sealed record SampleArguments(
    string FilePath, int Count, int Limit, long? Size, double Ratio, bool Force, SampleForm Form, IReadOnlyList<string>? Others, string? Command,
    string? Url, List<SampleEdit>? Edits, SampleOrigin? Origin, JsonElement? Extra);

internal enum SampleForm
{
    PlainText,
    Json,
}

internal sealed record SampleEdit([Description("What to replace.")] string OldText, string NewText, bool ReplaceAll = false);

internal sealed class SampleOrigin
{
    public required string Name { get; init; }

    public SamplePlace? Place { get; init; }
}

internal sealed record SamplePlace(int Line, string[] Notes);
