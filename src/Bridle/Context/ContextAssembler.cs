using System.Runtime.CompilerServices;
using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Context;

/// <summary>A piece of the system text. <paramref name="Source"/> is a file path or the name of what made it.</summary>
public sealed record PromptPart(string Kind, string Source, string Text);

/// <summary>
/// Turns a transcript into a request. The prefix (system text and tools) is frozen with the first request of a conversation and
/// comes back from the log on resume, so that vendor caches hit and replay is exact.
/// </summary>
public sealed class ContextAssembler(IReadOnlyList<PromptPart> prompt, Func<IReadOnlyList<ToolSchema>> tools, string? cacheKey)
{
    private readonly ConditionalWeakTable<Message, Message> _withBytes = [];
    private Prefix? _prefix;
    private IReadOnlyList<ToolSchema>? _hashedTools;
    private RequestPart? _toolPart;

    /// <summary>How hard the model should think, or null for its default.</summary>
    public string? Effort { get; init; }

    /// <summary>Whether requests ask for a streamed reply. A change counts from the next request on.</summary>
    public bool Stream { get; set; } = true;

    /// <summary>The request for the transcript as it stands, and the record that says what it holds.</summary>
    /// <param name="transcript">A transcript without unanswered calls.</param>
    /// <param name="blobs">Where parts are kept.</param>
    /// <param name="calling">How tools are offered; with <see cref="ToolCalling.None"/> they stay in the prefix and may not be called.</param>
    /// <param name="maxOutput">The output limit.</param>
    public AssembledRequest Assemble(Transcript transcript, IBlobs blobs, ToolCalling calling, int? maxOutput)
    {
        _prefix ??= Restore(transcript, blobs) ?? Freeze(blobs);
        var offered = tools();
        var request = new ModelRequest
        {
            System = _prefix.Text,
            Messages = WithBytes(transcript.Messages, blobs),
            Tools = offered,
            ToolCalling = calling,
            MaxOutputTokens = maxOutput,
            Stream = Stream,
            Effort = Effort,
            CacheKey = cacheKey,
        };
        return new AssembledRequest(request, [.. _prefix.Parts, ToolPart(offered, blobs)], transcript.Last);
    }

    /// <summary>The tokens the next request would take, estimated at four characters each.</summary>
    public long EstimateTokens(Transcript transcript) =>
        (transcript.Characters + (_prefix?.Text.Length ?? prompt.Sum(part => part.Text.Length)) + tools().Sum(tool => (long)tool.Description.Length + 400)) / 4;

    private Prefix Freeze(IBlobs blobs)
    {
        var parts = prompt.Select(part =>
        {
            var bytes = Encoding.UTF8.GetBytes(part.Text);
            return new RequestPart(part.Kind, part.Source, blobs.Put(bytes), bytes.Length);
        }).ToList();
        return new Prefix(string.Join("\n\n", prompt.Select(part => part.Text)), parts);
    }

    private static Prefix? Restore(Transcript transcript, IBlobs blobs)
    {
        if (transcript.LastRequest is not { } last)
        {
            return null;
        }

        var parts = last.Parts.Where(part => part.Kind != "tools").ToList();
        var texts = parts.Select(part => blobs.Get(part.Hash)).ToList();
        return texts.Contains(null) ? null : new Prefix(string.Join("\n\n", texts.Select(bytes => Encoding.UTF8.GetString(bytes!))), parts);
    }

    private RequestPart ToolPart(IReadOnlyList<ToolSchema> offered, IBlobs blobs)
    {
        if (_toolPart is null || !ReferenceEquals(_hashedTools, offered))
        {
            var text = string.Join('\n', offered.Select(tool => $"{tool.Name}\n{tool.Description}\n{tool.Parameters.GetRawText()}"));
            var bytes = Encoding.UTF8.GetBytes(text);
            (_hashedTools, _toolPart) = (offered, new RequestPart("tools", $"{offered.Count} tools", blobs.Put(bytes), bytes.Length));
        }

        return _toolPart;
    }

    private List<Message> WithBytes(IReadOnlyList<Message> messages, IBlobs blobs) =>
        [.. messages.Select(message => ImageBytes.AreMissing(message) ? _withBytes.GetValue(message, one => ImageBytes.Fill(one, blobs)) : message)];

    private sealed record Prefix(string Text, IReadOnlyList<RequestPart> Parts);
}

/// <summary>A request with the parts it is made of.</summary>
public sealed record AssembledRequest(ModelRequest Request, IReadOnlyList<RequestPart> Parts, long UpTo);
