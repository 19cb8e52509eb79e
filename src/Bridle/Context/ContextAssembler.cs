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
    private const double LeastCalibration = 0.5;
    private const double MostCalibration = 8;

    private readonly ConditionalWeakTable<Message, Message> _withBytes = [];
    private readonly ImagesLeftOut _leftOut = new();
    private readonly HistoryHash _history = new();
    private Prefix? _prefix;
    private IReadOnlyList<ToolSchema>? _offered;
    private IReadOnlyList<ToolSchema>? _hashedTools;
    private RequestPart? _toolPart;

    /// <summary>How hard the model should think, or null for its default.</summary>
    public string? Effort { get; init; }

    /// <summary>Whether requests ask for a streamed reply. A change counts from the next request on.</summary>
    public bool Stream { get; set; } = true;

    /// <summary>Whether requests go on to offer the tools of the first one, whatever there is by now. A replay offers what each request says.</summary>
    internal bool FreezesTools { get; init; } = true;

    /// <summary>The names of the tools that the next request offers because the ones before did; null where it offers what there is: the first one, and the first after a compaction.</summary>
    public static IReadOnlySet<string>? FrozenTools(Transcript transcript, IBlobs blobs) => Earlier(transcript, blobs)?.Select(tool => tool.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>The request for the transcript as it stands, and the record that says what it holds.</summary>
    /// <param name="transcript">A transcript without unanswered calls.</param>
    /// <param name="blobs">Where parts are kept.</param>
    /// <param name="calling">How tools are offered; with <see cref="ToolCalling.None"/> they stay in the prefix and may not be called.</param>
    /// <param name="maxOutput">The output limit.</param>
    /// <param name="model">The model that is asked, as <c>provider/model</c>: images that it did not take are left out. Null for all images.</param>
    public AssembledRequest Assemble(Transcript transcript, IBlobs blobs, ToolCalling calling, int? maxOutput, string? model = null)
    {
        _prefix ??= Restore(transcript, blobs) ?? Freeze(blobs);
        var offered = Offered(transcript, blobs);
        var request = new ModelRequest
        {
            System = _prefix.Text,
            Messages = WithBytes(_leftOut.Of(transcript.Messages, model is null ? [] : transcript.RefusedImages(model)), blobs),
            GoneCalls = transcript.GoneCalls,
            Tools = offered,
            ToolCalling = calling,
            MaxOutputTokens = maxOutput,
            Stream = Stream,
            Effort = Effort,
            CacheKey = cacheKey,
        };
        return new AssembledRequest(request, [.. _prefix.Parts, ToolPart(offered, blobs)], transcript.Last) { History = _history.Of(request.Messages) };
    }

    /// <summary>The tokens the next request would take: as <see cref="TokenEstimate"/> has them, corrected by what the vendor counted of the last request.</summary>
    public long EstimateTokens(Transcript transcript) => (long)(Raw(transcript.Characters) * Calibration(transcript));

    /// <summary>The characters of history (as <see cref="Transcript.Characters"/> counts them) that fit into so many tokens beside the prefix.</summary>
    public long CharactersFor(Transcript transcript, long tokens) => Math.Max(0, (long)(tokens / Calibration(transcript) * TokenEstimate.Quarters) - Fixed());

    /// <summary>How many tokens the vendor counts for one that is estimated; 1 while nobody knows.</summary>
    internal double Calibration(Transcript transcript) =>
        transcript.Measured is { } measured ? Math.Clamp(measured.Tokens / (double)Math.Max(1, Raw(measured.Characters)), LeastCalibration, MostCalibration) : 1;

    private long Raw(long characters) => (characters + Fixed()) / TokenEstimate.Quarters;

    private long Fixed() => (_prefix?.Quarters ?? prompt.Sum(part => TokenEstimate.QuartersOf(part.Text))) + (_offered ?? tools()).Sum(tool => TokenEstimate.QuartersOf(tool.Description) + 400);

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

    // What stands before the history must stay as it was, or every cached byte behind it is lost. A compaction changes those anyway.
    private IReadOnlyList<ToolSchema> Offered(Transcript transcript, IBlobs blobs)
    {
        if (_offered is null || !FreezesTools || transcript.ShortenedSinceRequest)
        {
            _offered = (FreezesTools ? Earlier(transcript, blobs) : null) ?? tools();
        }

        return _offered;
    }

    private static IReadOnlyList<ToolSchema>? Earlier(Transcript transcript, IBlobs blobs) =>
        !transcript.ShortenedSinceRequest && transcript.LastRequest?.Parts.FirstOrDefault(part => part.Kind is "tools") is { } part && blobs.Get(part.Hash) is { } text
            && ToolListText.Read(text) is { Count: > 0 } known ? known : null;

    private RequestPart ToolPart(IReadOnlyList<ToolSchema> offered, IBlobs blobs)
    {
        if (_toolPart is null || !ReferenceEquals(_hashedTools, offered))
        {
            var bytes = ToolListText.Write(offered);
            (_hashedTools, _toolPart) = (offered, new RequestPart("tools", $"{offered.Count} tools", blobs.Put(bytes), bytes.Length));
        }

        return _toolPart;
    }

    private List<Message> WithBytes(IReadOnlyList<Message> messages, IBlobs blobs) =>
        [.. messages.Select(message => ImageBytes.AreMissing(message) ? _withBytes.GetValue(message, one => ImageBytes.Fill(one, blobs)) : message)];

    private sealed record Prefix(string Text, IReadOnlyList<RequestPart> Parts)
    {
        public long Quarters { get; } = TokenEstimate.QuartersOf(Text);
    }
}

/// <summary>A request with the parts it is made of.</summary>
public sealed record AssembledRequest(ModelRequest Request, IReadOnlyList<RequestPart> Parts, long UpTo)
{
    /// <summary>Names the messages of the request: equal for equal ones.</summary>
    public string? History { get; init; }
}
