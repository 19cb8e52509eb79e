using System.Security.Cryptography;
using System.Text;
using Bridle.Events;
using Bridle.Hosting.Instructions;
using Bridle.Messages;

namespace Bridle.Hosting.Assembly;

/// <summary>
/// The beginning of a session that goes on: frozen with its first request, so that what settings, flags and instruction files say by now does not count for it. The tools
/// are renewed by a compaction, the rest never.
/// </summary>
/// <param name="Parts">What was sent, as the log says.</param>
/// <param name="Changed">The instruction files that say something else by now, or are new: they are told as a note.</param>
/// <param name="Notice">What a person should know who asked for another system prompt, or null.</param>
internal sealed record FrozenPrefix(IReadOnlyList<RequestPart> Parts, IReadOnlyList<string> Changed, string? Notice)
{
    /// <summary>What to do about the notice.</summary>
    public const string Advice = "Start a new session for it.";

    private const string Tools = "tools";

    /// <summary>Whether the next request shows the tools of the ones before.</summary>
    private bool HasTools { get; init; }

    /// <summary>That of a conversation, <paramref name="withTools"/> where no compaction renews the tools; null where nothing was sent yet.</summary>
    public static FrozenPrefix? Of(HarnessRequest request, HostFiles files, Transcript? transcript, bool withTools)
    {
        if (transcript?.LastRequest is not { } last)
        {
            return null;
        }

        var known = last.Parts.Where(part => part.Kind is "instructions").ToLookup(part => part.Source, part => part.Hash);
        var now = request.Workspace is null ? new InstructionSearch(files, request.Folder).Find().Files : [];
        return new(last.Parts, [.. now.Where(file => !known[file.Path].Contains(Hash(InstructionGuides.Told(file)))).Select(file => file.Path)], NoticeOf(request, last)) { HasTools = withTools };
    }

    /// <summary>What a person should know at a start who asks for another system prompt than the session began with; none otherwise.</summary>
    public static IEnumerable<string> Notices(HarnessRequest request, Transcript transcript) =>
        transcript.LastRequest is { } last && NoticeOf(request, last) is { } notice ? [$"{notice} {Advice}"] : [];

    /// <summary>What the model is told at the start, with this in the place of what a new session would be told.</summary>
    public ContextOverview In(ContextOverview today) => today with
    {
        Parts =
        [
            .. Parts.Where(part => part.Kind is not Tools).Select(part => Sized(today, part.Kind, part)),
            .. HasTools ? Parts.Where(part => part.Kind is Tools).Select(part => Sized(today, "tool", part)) : today.Parts.Where(part => part.Kind is "tool"),
        ],
    };

    // The log has the bytes; the tokens are those of the same part of today, or as of ASCII.
    private static ContextPart Sized(ContextOverview today, string kind, RequestPart part) =>
        today.Parts.FirstOrDefault(one => one.Kind == kind && one.Source == part.Source && one.Bytes == part.Bytes) ?? new(kind, part.Source, part.Bytes, (part.Bytes + TokenEstimate.Quarters - 1) / TokenEstimate.Quarters);

    private static string? NoticeOf(HarnessRequest request, ModelRequested last) =>
        request.SystemPrompt is { } wanted && last.Parts.FirstOrDefault(part => part.Kind is "system") is { } system && system.Hash != Hash(wanted)
            ? "--system-prompt has no effect: the session goes on with the beginning that it was started with." : null;

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
