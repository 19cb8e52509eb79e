using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Context.Compaction;

/// <summary>
/// Finds the cheapest way to make a history short enough: clear old results, take the middle out of long texts, a line for each old step, an outline of all
/// but the last steps. Each rung stands on the one below. A cut is only ever made before a message of the model, so that no result loses its call.
/// </summary>
internal sealed class CompactionLadder(Transcript transcript, string trigger, string? focus = null)
{
    private const int OldSteps = 8;
    private const int LongResult = 800;
    private const int ResultStart = 200;
    private const int LongText = 2_400;
    private const int HugeResult = 16_384;
    private const int HugeResultStart = 2_000;
    private const int FewestForLines = 12;
    private const int StepsBesideLines = 6;
    private const int StepsBesideOutline = 4;

    private readonly List<int> _steps = [.. transcript.Closed.Index().Where(entry => entry.Item.Message.Role is Role.Assistant).Select(entry => entry.Index)];

    /// <summary>The names of the rungs, the cheapest first.</summary>
    public static IReadOnlyList<string> Rungs { get; } = ["results", "texts", "steps", "outline", "last"];

    /// <summary>What brings the history to at most so many characters, else the most that can be done; null when nothing makes it noticeably shorter.</summary>
    /// <param name="target">The characters to come down to.</param>
    /// <param name="summarise">True begins with the rungs that write a summary.</param>
    public Compacted? Plan(long target, bool summarise = false)
    {
        Compacted? best = null;
        foreach (var rung in Rungs)
        {
            var draft = Draft(rung);
            if (draft is null || (summarise && draft.Summary.Length is 0))
            {
                continue;
            }

            best = draft;
            if (transcript.CharactersAfter(draft) <= target)
            {
                break;
            }
        }

        return best is not null && transcript.CharactersAfter(best) < transcript.Characters * 0.95 ? best : null;
    }

    private Compacted? Draft(string rung) => rung switch
    {
        "results" when OldEnd() is { } old => new(0, "", trigger, focus) { How = rung, Trims = [new Trim(old, LongResult, ResultStart, null)] },
        "texts" => new(0, "", trigger, focus) { How = rung, Trims = Trims() },
        "steps" when _steps.Count >= FewestForLines => Summarised(rung, StepsBesideLines, withSteps: true, Trims()),
        "outline" => Summarised(rung, StepsBesideOutline, withSteps: false, Trims()),
        "last" => Summarised("outline", 1, withSteps: false, [.. Trims(), new Trim(transcript.Last, HugeResultStart, HugeResultStart / 2, LongText)]),
        _ => null,
    };

    private IReadOnlyList<Trim> Trims() =>
        [.. OldEnd() is { } old ? [new Trim(old, LongResult, ResultStart, LongText)] : Array.Empty<Trim>(), new Trim(transcript.Last, HugeResult, HugeResultStart, null)];

    private long? OldEnd() => Before(OldSteps);

    private Compacted? Summarised(string rung, int keep, bool withSteps, IReadOnlyList<Trim> trims)
    {
        var from = _steps.Count > keep ? keep : _steps.Count;
        return Before(from) is not { } upTo
            ? null
            : new(upTo, Outline.Of([.. transcript.Closed.TakeWhile(entry => entry.N <= upTo).Select(entry => entry.Message)], transcript.Compaction?.Summary, focus, withSteps), trigger, focus) { How = rung, Trims = trims };
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
