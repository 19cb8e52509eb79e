using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Context.Compaction;

/// <summary>
/// Finds the cheapest way to make a history short enough: clear old results, take the middle out of long texts, a line for each old step, an outline of all
/// but the last steps. Each rung stands on the one below. A cut is only ever made before a message of the model, so that no result loses its call.
/// </summary>
/// <param name="transcript">The conversation.</param>
/// <param name="trigger">What asks for it.</param>
/// <param name="focus">What a person asked to keep in mind, or null.</param>
/// <param name="room">The characters of history that a request has room for, or null where that is not known.</param>
internal sealed class CompactionLadder(Transcript transcript, string trigger, string? focus = null, long? room = null)
{
    private const int LongResult = 800;
    private const int ResultStart = 200;
    private const int LongText = 2_400;
    private const int HugeResult = 16_384;
    private const int HugeResultStart = 2_000;
    private const int FewestForLines = 12;
    private const int StepsBesideLines = 6;

    // How many of the newest steps a rung leaves alone, the most first: a small window may hold no more than a few.
    private static readonly int[] s_untouched = [8, 5, 3];
    private static readonly int[] s_besideOutline = [4, 3, 2, 1];

    private readonly List<int> _steps = [.. transcript.Closed.Index().Where(entry => entry.Item.Message.Role is Role.Assistant).Select(entry => entry.Index)];

    /// <summary>The names of the rungs, the cheapest first.</summary>
    public static IReadOnlyList<string> Rungs { get; } = ["results", "texts", "steps", "outline", "last"];

    /// <summary>What brings the history to at most so many characters, else the most that can be done; null when nothing makes it noticeably shorter.</summary>
    /// <param name="target">The characters to come down to.</param>
    /// <param name="summarise">True begins with the rungs that write a summary.</param>
    public Compacted? Plan(long target, bool summarise = false)
    {
        Compacted? best = null;
        foreach (var draft in Rungs.SelectMany(Drafts).OfType<Compacted>().Where(draft => !summarise || draft.Summary.Length > 0))
        {
            best = draft;
            if (transcript.CharactersAfter(draft) <= target)
            {
                break;
            }
        }

        return best is not null && transcript.CharactersAfter(best) < transcript.Characters * 0.95 ? best : null;
    }

    private IEnumerable<Compacted?> Drafts(string rung) => rung switch
    {
        "results" => Array.ConvertAll(s_untouched, Before).OfType<long>().Select(old => new Compacted(0, "", trigger, focus) { How = rung, Trims = [new Trim(old, LongResult, ResultStart, null)] }),
        "texts" => s_untouched.Select(steps => new Compacted(0, "", trigger, focus) { How = rung, Trims = Trims(steps) }),
        "steps" when _steps.Count >= FewestForLines => [Summarised(rung, StepsBesideLines, withSteps: true, Trims(s_untouched[^1]))],
        "outline" => s_besideOutline.Select(steps => Summarised(rung, steps, withSteps: false, Trims(s_untouched[^1]))),
        "last" => [Summarised("outline", 1, withSteps: false, [.. Trims(s_untouched[^1]), new Trim(transcript.Last, HugeResultStart, HugeResultStart / 2, LongText)])],
        _ => [],
    };

    private IReadOnlyList<Trim> Trims(int untouched) =>
        [.. Before(untouched) is { } old ? [new Trim(old, LongResult, ResultStart, LongText)] : Array.Empty<Trim>(), new Trim(transcript.Last, HugeResult, HugeResultStart, null)];

    private Compacted? Summarised(string rung, int keep, bool withSteps, IReadOnlyList<Trim> trims)
    {
        var from = _steps.Count > keep ? keep : _steps.Count;
        return Before(from) is not { } upTo
            ? null
            : new(upTo, Outline.Of([.. transcript.Closed.TakeWhile(entry => entry.N <= upTo).Select(entry => entry.Message)], transcript.Compaction?.Summary, focus, withSteps, OutlineRoom.Of(room)), trigger, focus) { How = rung, Trims = trims };
    }

    // The last record before the message with which the last steps begin; null where nothing stands before it but what is a summary already.
    private long? Before(int steps)
    {
        if (steps is 0 || _steps.Count < steps || _steps[^steps] - 1 is var index && (index < 0 || (index is 0 && transcript.Compaction is not null)))
        {
            return null;
        }

        return transcript.Closed[index].N;
    }
}
