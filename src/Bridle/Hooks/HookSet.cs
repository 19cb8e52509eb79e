using System.Collections.Concurrent;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Tools;

namespace Bridle.Hooks;

/// <summary>How the hooks of one occasion are written down, and what was written down before.</summary>
/// <param name="RecordAsync">Appends a record in the name of whoever asks.</param>
public sealed record HookLog(Func<DurableEvent, Durability, CancellationToken, ValueTask> RecordAsync)
{
    /// <summary>How the hooks ask a model; null outside of runs.</summary>
    public AskingBeside? Beside { get; init; }

    /// <summary>What a hook of that name answered to that input before a restart, or null: it is not asked twice.</summary>
    public Func<string, string, HookRan?> FindRecorded { get; init; } = (_, _) => null;
}

/// <summary>
/// All hooks of a session, the strongest layer first. Those that an occasion concerns are asked all at once; each answer is recorded. Safe to use concurrently.
/// </summary>
public sealed class HookSet(IReadOnlyList<Hook> hooks)
{
    private readonly ConcurrentQueue<HookNote> _notes = new();
    private readonly ConcurrentQueue<HookNews> _news = new();
    private readonly HashSet<string> _heard = hooks.Select(hook => hook.Event).ToHashSet(StringComparer.Ordinal);

    /// <summary>No hooks.</summary>
    public static HookSet None { get; } = new([]);

    /// <summary>Whether any hook hears of an event at all.</summary>
    public bool Hears(string eventName) => _heard.Contains(eventName);

    /// <summary>Looks whether something happened beside the turn. Asked before each step; null where nobody would hear of it.</summary>
    public Func<IEnumerable<HookNews>>? Look { get; set; }

    /// <summary>Leaves what happened beside the turn for the hooks to hear of at the next step. Of no effect where none hears of it.</summary>
    public void Leave(HookNews news)
    {
        ArgumentNullException.ThrowIfNull(news);
        if (Hears(news.Occasion.Event))
        {
            _news.Enqueue(news);
        }
    }

    /// <summary>Takes what happened beside the turn.</summary>
    public IReadOnlyList<HookNews> TakeNews()
    {
        if (Look is null && _news.IsEmpty)
        {
            return [];
        }

        var taken = new List<HookNews>();
        while (_news.TryDequeue(out var one))
        {
            taken.Add(one);
        }

        taken.AddRange(Look?.Invoke().Where(one => Hears(one.Occasion.Event)) ?? []);
        return taken;
    }

    /// <summary>Leaves a note for the model from a hook that nobody waited for; the loop tells it at the next step.</summary>
    public void Leave(HookNote note) => _notes.Enqueue(note);

    /// <summary>Takes the notes that were left.</summary>
    public IReadOnlyList<HookNote> TakeNotes()
    {
        var taken = new List<HookNote>();
        while (_notes.TryDequeue(out var note))
        {
            taken.Add(note);
        }

        return taken;
    }

    /// <summary>Asks the hooks that the occasion concerns, all at once, and gives what they said together. A hook that fails never throws; a broken log does.</summary>
    public async ValueTask<HookAnswers> AskAsync(HookOccasion occasion, HookLog log, CancellationToken cancellationToken)
    {
        if (!Hears(occasion.Event))
        {
            return HookAnswers.None;
        }

        var concerned = hooks.Where(hook => hook.Event == occasion.Event && Concerns(hook, occasion)).ToList();
        if (concerned.Count == 0)
        {
            return HookAnswers.None;
        }

        var hash = occasion.InputHash;
        occasion = occasion with { Beside = log.Beside };
        return new(await Task.WhenAll(concerned.Select(hook => AskOneAsync(hook, occasion, hash, log, cancellationToken))));
    }

    // A hook whose looking fails is asked: a guard that is not asked guards nothing.
    private static bool Concerns(Hook hook, HookOccasion occasion)
    {
        try
        {
            return hook.Matches(occasion);
        }
        catch (Exception e) when (e is not JournalException)
        {
            return true;
        }
    }

    private static async Task<HookSaid> AskOneAsync(Hook hook, HookOccasion occasion, string hash, HookLog log, CancellationToken cancellationToken)
    {
        if (log.FindRecorded(hook.Name, hash) is { } recorded)
        {
            Verdict? verdict = Enum.TryParse<Verdict>(recorded.Verdict, ignoreCase: true, out var said) ? said : null;
            return new(hook.Name, new HookAnswer(verdict, recorded.Reason, recorded.UpdatedInput)
            {
                StopReason = recorded.StopReason,
                Mode = recorded.Mode,
                Rules = (recorded.Rules ?? []).ToList().ConvertAll(rule => (rule.Rule, Enum.Parse<Verdict>(rule.Verdict, ignoreCase: true))),
            }, IsFresh: false);
        }

        HookAnswer answer;
        try
        {
            answer = await hook.RunAsync(occasion, cancellationToken);
        }
        catch (Exception e) when (!(e is OperationCanceledException && cancellationToken.IsCancellationRequested) && e is not JournalException)
        {
            answer = hook.FailClosed
                ? new HookAnswer(Verdict.Deny, $"it failed, and a guard that cannot answer does not let calls pass ({e.GetType().Name}). Fix or remove the hook.")
                : new HookAnswer(null, $"failed ({e.GetType().Name}); it is set to let calls pass then");
        }

        var words = answer.Verdict?.ToString().ToLowerInvariant() ?? "none";
        var ran = new HookRan(occasion.Invocation?.Call.Id, occasion.Event, hook.Name, hash, words, answer.Reason ?? answer.StopReason, answer.UpdatedInput)
        {
            StopReason = answer.StopReason,
            Mode = answer.Mode,
            Spills = answer.Spills.Count == 0 ? null : answer.Spills,
            Rules = answer.Rules.Count == 0 ? null : [.. answer.Rules.Select(rule => new HookRule(rule.Rule, rule.Verdict.ToString().ToLowerInvariant()))],
        };
        await log.RecordAsync(ran, Durability.Written, cancellationToken);
        return new(hook.Name, answer, IsFresh: true);
    }
}

/// <summary>One hook's answer. <paramref name="IsFresh"/> is false for one that was given before a restart.</summary>
public sealed record HookSaid(string Hook, HookAnswer Answer, bool IsFresh);

/// <summary>
/// What the hooks of an occasion said together: deny beats ask beats allow; of several rewrites that of the strongest layer counts, and an allow only for the input it was given for.
/// </summary>
/// <param name="All">Every answer, the strongest layer first.</param>
public sealed record HookAnswers(IReadOnlyList<HookSaid> All)
{
    /// <summary>Nobody was asked.</summary>
    public static HookAnswers None { get; } = new([]);

    /// <summary>The rewrite that counts, as JSON text, with the hook that made it; null when the input stays.</summary>
    public HookSaid? Rewriter => Verdict is Tools.Verdict.Deny ? null : FirstRewriter;

    /// <summary>The strictest verdict of those that count, or null.</summary>
    public Verdict? Verdict => All.Where(Counts).Max(said => said.Answer.Verdict);

    /// <summary>The first hook that said <see cref="Verdict"/>, or null.</summary>
    public HookSaid? Decider => Verdict is { } verdict ? All.First(said => said.Answer.Verdict == verdict && Counts(said)) : null;

    /// <summary>Why the turn should end, or null.</summary>
    public string? StopReason => All.FirstOrDefault(said => said.Answer.StopReason is not null)?.Answer.StopReason;

    /// <summary>What the session is to be called, or null.</summary>
    public string? SessionTitle => All.FirstOrDefault(said => said.IsFresh && said.Answer.SessionTitle is not null)?.Answer.SessionTitle;

    /// <summary>What the model should be told, without what it was told before a restart.</summary>
    public IEnumerable<string> Contexts => All.Where(said => said.IsFresh && !string.IsNullOrWhiteSpace(said.Answer.Context)).Select(said => said.Answer.Context!);

    private HookSaid? FirstRewriter => All.FirstOrDefault(said => said.Answer.UpdatedInput is not null);

    private bool Counts(HookSaid said) => said.Answer.Verdict is not (null or Tools.Verdict.Allow) || FirstRewriter is null || FirstRewriter == said;
}
