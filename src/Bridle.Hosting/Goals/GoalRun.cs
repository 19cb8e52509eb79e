using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hosting.Acceptance;
using Bridle.Hosting.Assembly;
using Bridle.Journal;
using Bridle.Loop.Accepting;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Hosting.Goals;

/// <summary>Work on a goal: one phase after another, each an ordinary run. While it is not disposed nobody else works on the goal. Not for concurrent use.</summary>
public sealed class GoalRun : IDisposable
{
    private readonly HarnessRequest _request;
    private readonly SessionStore _store;
    private readonly IDisposable? _lock;

    private readonly decimal? _maxCost;

    private GoalRun(GoalFile file, HarnessRequest request, SessionStore store, IDisposable? held, decimal? maxCost) => (File, _request, _store, _lock, _maxCost) = (file, request, store, held, maxCost);

    /// <summary>The goal as its file held it last.</summary>
    public GoalFile File { get; private set; }

    /// <summary>Takes a goal up, or says why it cannot be.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="request">What its runs are asked for with.</param>
    /// <param name="onlyLook">Nothing is written, and others may work on it meanwhile.</param>
    /// <param name="maxCost">US dollars that all runs of the goal together may cost, where the file says no less; null for what the file says.</param>
    public static (GoalRun? Run, HarnessRefused? Refused) Open(string path, HarnessRequest request, bool onlyLook = false, decimal? maxCost = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var folders = BridleFolders.For(request.Environment);
        var (file, problems) = GoalFile.Load(path);
        if (file is null)
        {
            return (null, Unusable(path, problems));
        }

        var held = onlyLook ? null : file.TryLock(folders);
        if (held is null && !onlyLook)
        {
            return (null, new("goal", $"Another program works on the goal '{file.Goal.Id}'.", $"Wait until it is done, or end it; `bridle goal show {file.Goal.Id}` shows how far it is."));
        }

        // What another one saved before it let go.
        (file, problems) = GoalFile.Load(path);
        if (file is null)
        {
            held?.Dispose();
            return (null, Unusable(path, problems));
        }

        return (new(file, request, new SessionStore(folders.Data, folders.State, request.Time), held, maxCost), null);
    }

    /// <summary>The next turn of the goal: of the phase that is named by number or title, else of the next one that is open; or why there is none. Throws <see cref="JournalException"/>.</summary>
    public (GoalTurn? Turn, HarnessRefused? Refused) Next(string? named)
    {
        var goal = File.Goal;
        var phase = named is null ? goal.Next : goal.Find(named);
        if (phase is null)
        {
            return (null, named is null ? new("goal", $"Every phase of the goal '{goal.Id}' is done.", $"`bridle goal reset {goal.Id}` begins anew.")
                : new("usage", $"The goal '{goal.Id}' has no phase '{named}'.", $"It has {goal.Phases.Count}; `bridle goal show {goal.Id}` lists them."));
        }

        if (phase.Status is PhaseStatus.Done)
        {
            return (null, new("goal", $"The phase '{phase.Title}' is done.", $"`bridle goal reset {goal.Id} --phase {phase.Number}` makes it open again."));
        }

        var demanded = Demanded(goal, phase);
        var files = HostFiles.Read(_request);
        if (files.Problem is null && demanded.Exists(check => check.TryGetProperty("command", out _)) && WhyNotRun(files) is { } untrusted)
        {
            return (null, untrusted);
        }

        return Within(TurnOf(goal, phase, demanded, files), files);
    }

    // What is over costs nothing more; else a run may take what the goal has left, whatever it may take by itself.
    private (GoalTurn? Turn, HarnessRefused? Refused) Within(GoalTurn turn, HostFiles files)
    {
        if (turn.IsOver || MostCost is not { } most)
        {
            return (turn, null);
        }

        var spent = Spending();
        var left = most - spent.Counted;
        if (left <= 0)
        {
            return (null, new("limit", $"The limit of ${Dollars.Of(most)} for the whole goal '{File.Goal.Id}' leaves nothing for another run ({spent.Words}).",
                _maxCost is { } given && given == most ? "Raise --max-goal-cost." : $"Raise max_cost in {File.Path}."));
        }

        decimal Least(decimal? set, decimal own) => set is { } limit ? Math.Min(limit, own) : own;
        var request = turn.Request with
        {
            MaxCost = Least(StartLimits.MaxCost(turn.Request, files.Layers), left),
            MaxSessionCost = Least(BudgetAssembly.Limits(turn.Request, files.Layers).Session, left + spent.Of.GetValueOrDefault(turn.Session)),
        };
        var notice = $"${Dollars.Of(left)} of the limit of ${Dollars.Of(most)} for the whole goal are left ({spent.Words}).";
        return (turn with { Request = request, Notice = turn.Notice is { } other ? $"{other} {notice}" : notice }, null);
    }

    /// <summary>That its runs took more than the limit for the whole goal, in one sentence, or null. A run that was let through may take more than was estimated. Throws <see cref="JournalException"/>.</summary>
    public string? Overdrawn() => MostCost is { } most && Spending() is var spent && spent.Counted > most
        ? $"The limit of ${Dollars.Of(most)} for the whole goal '{File.Goal.Id}' is overdrawn ({spent.Words}), because a request took more than was estimated." : null;

    // Of the flag and the file the lower counts.
    private decimal? MostCost => _maxCost is { } flag && File.Goal.MaxCost is { } written ? Math.Min(flag, written) : _maxCost ?? File.Goal.MaxCost;

    private GoalSpending Spending() => GoalSpending.Read(File, _store, name => GoalOutcome.Heard(_store, name, MessageId(name)));

    /// <summary>The turn's run has begun in a session: the phase is running from now on. Null, or why that cannot be written down; then nothing may be run.</summary>
    public string? Begin(GoalTurn turn) => Change(turn, fields => (fields["status"], fields["session"]) = ("running", turn.Session));

    /// <summary>The turn's run is over: the phase is what the log says. Null, or why that cannot be written down. Throws <see cref="JournalException"/>.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="result">What came of it, where this program saw it.</param>
    public string? Settle(GoalTurn turn, TurnResult? result)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var now = _request.Time.GetUtcNow();
        var outcome = GoalOutcome.Heard(_store, turn.Session, turn.MessageId) ? GoalOutcome.Of(_store, turn.Session, turn.Demanded, now)
            : result is { Outcome: Events.TurnOutcome.Interrupted } or null ? new(PhaseStatus.Running, null, null)
            : GoalOutcome.NotHeard(turn.Session, result.Error ?? $"The run ended as {JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Outcome.ToString())}.");
        return outcome.Try is null ? null : Change(turn, fields =>
        {
            fields["status"] = GoalReading.Word(outcome.Status);
            fields["note"] = outcome.Note;
            fields.Remove("session");
            if (fields["tries"] is not JsonArray tries)
            {
                fields["tries"] = tries = [];
            }

            tries.Add((JsonNode)outcome.Try);
        });
    }

    /// <summary>Makes a phase open again as if nobody had worked on it; null for all. What its runs took stays in the file. Null, or why that cannot be done.</summary>
    public string? Reset(string? named)
    {
        var phases = named is null ? File.Goal.Phases : File.Goal.Find(named) is { } found ? [found] : [];
        return phases.Count == 0 ? $"The goal '{File.Goal.Id}' has no phase '{named}'." : phases.Select(phase => Change(phase.Title, fields =>
        {
            fields["status"] = "pending";
            fields.Remove("note");
            fields.Remove("session");
        })).FirstOrDefault(problem => problem is not null);
    }

    /// <inheritdoc/>
    public void Dispose() => _lock?.Dispose();

    private GoalTurn TurnOf(Goal goal, GoalPhase phase, List<JsonElement> demanded, HostFiles files)
    {
        IReadOnlyList<IAcceptanceCheck> checks = demanded.Count == 0 ? [] : AcceptanceReading.Read(List(demanded), () => $"a check of the goal '{goal.Id}'").Checks;
        var (left, isOurs) = (phase.Status is PhaseStatus.Running ? phase.Session : null, false);
        isOurs = left is not null && SessionStore.WhyNotName(left) is null && GoalOutcome.Heard(_store, left, MessageId(left));
        List<string> words = checks.ToList().ConvertAll(check => check.Words);
        var session = isOurs ? left! : _store.Unused($"goal-{goal.Id}-{phase.Number}-{phase.Tries + 1}");
        var request = GoalPosture.Narrow(_request, files.Layers, GoalPosture.Of(goal, phase)) with
        {
            SessionName = session, Resume = isOurs, MustBeNew = !isOurs, AcceptChecks = [.. _request.AcceptChecks, .. checks],
            Deny = [.. _request.Deny, .. goal.Deny], Seal = [.. _request.Seal, .. goal.Seal, .. GoalPosture.OnlyLooks(goal, phase) ? [] : OwnFile()],
        };
        return new(phase, request, session, MessageId(session), GoalBrief.Of(goal, phase, words))
        {
            Demanded = words, Resumes = isOurs,
            IsOver = isOurs && GoalOutcome.Of(_store, session, words, _request.Time.GetUtcNow()).Try is not null,
            Notice = left is not null && !isOurs ? $"The session '{left}' that the goal names was not begun for it on this machine, or was told nothing yet; another one is begun." : null,
        };
    }

    // Who is judged by the file does not write it.
    private IEnumerable<string> OwnFile() => BelowFolder is { } below ? [below] : [];

    // The file's path from the folder that is worked in; null where it lies elsewhere.
    private string? BelowFolder
    {
        get
        {
            var below = Path.GetRelativePath(Trust.RealFolder.Resolve(_request.Folder) ?? _request.Folder, File.Path).Replace('\\', '/');
            return Path.IsPathRooted(below) || below.StartsWith("../", StringComparison.Ordinal) ? null : below;
        }
    }

    private static List<JsonElement> Demanded(Goal goal, GoalPhase phase) => GoalPosture.OnlyLooks(goal, phase) ? [] :
    [
        .. phase.Verify.Checks,
        .. goal.Invariants.Where(invariant => invariant.Check is not null).ToList().ConvertAll(invariant => invariant.Check!.Value),
        .. goal.Phases.All(other => other == phase || other.Status is PhaseStatus.Done) ? goal.Verify.Checks : [],
    ];

    // Its commands come with the folder, from whoever wrote that.
    private HarnessRefused? WhyNotRun(HostFiles files)
    {
        var (trust, place) = (files.Trust, Path.GetDirectoryName(File.Path)!);
        var isCovered = trust.ForThisRun ? BelowFolder is not null || trust.Covers(place) : trust.Store.IsTrusted(place);
        return trust.IsTrusted && isCovered ? null
            : new("trust", $"The goal '{File.Goal.Id}' demands commands, and the folder {(trust.IsTrusted ? place : trust.Folder)} is not trusted, so they are not run and the phase could not be done.",
                trust.IsTrusted ? $"Look at the goal, then `bridle trust {place}`." : "Look at the goal, then `bridle trust`, or --trust for this run.");
    }

    private static JsonElement List(List<JsonElement> checks)
    {
        using var list = JsonDocument.Parse($"[{string.Join(',', checks.ConvertAll(check => check.GetRawText()))}]");
        return list.RootElement.Clone();
    }

    // Only a session that was begun for this file has a message of this name: a file cannot make a run go on in somebody else's conversation.
    private string MessageId(string session) => $"goal {File.Key} {session}";

    private string? Change(GoalTurn turn, Action<JsonObject> change) => Change(turn.Phase.Title, change);

    private string? Change(string title, Action<JsonObject> change)
    {
        var (file, problem) = File.Change(title, _request.Time.GetUtcNow(), change);
        File = file ?? File;
        return problem;
    }

    private static HarnessRefused Unusable(string path, IReadOnlyList<string> problems) => new("goal", $"{path} is not a goal that can be used: {string.Join(' ', problems)}", "docs/reference/goals.md says what stands in one; `bridle goal check` looks again.");
}

/// <summary>A run that a phase needs.</summary>
/// <param name="Phase">The phase, as it was before.</param>
/// <param name="Request">What the run is asked for with.</param>
/// <param name="Session">Its session.</param>
/// <param name="MessageId">The id of its message, so that the session hears it once.</param>
/// <param name="Brief">Its message.</param>
public sealed record GoalTurn(GoalPhase Phase, HarnessRequest Request, string Session, string MessageId, string Brief)
{
    /// <summary>What the goal demands before the phase is done, in words.</summary>
    public IReadOnlyList<string> Demanded { get; init; } = [];

    /// <summary>Whether it goes on with what a run that was killed or interrupted left.</summary>
    public bool Resumes { get; init; }

    /// <summary>Whether that run had come to its end, so that only what it came to has to be written down.</summary>
    public bool IsOver { get; init; }

    /// <summary>What a person should know, or null.</summary>
    public string? Notice { get; init; }
}
