using System.Text;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Runs;
using Bridle.Workspaces;

namespace Bridle.Loop.Accepting;

/// <summary>
/// Looks whether what was asked is there before a turn is done. What is unmet goes back to the model, a few times; then the turn ends, honestly, as not accepted.
/// In plan mode, where nothing may be changed, nothing is demanded.
/// </summary>
internal sealed class Acceptance(AcceptanceOptions options, DeclaredCommands commands, IWorkspace workspace, TimeProvider time) : IBeforeDone
{
    /// <summary>The source of its notes.</summary>
    public const string Source = "acceptance";

    private const int MostReason = 4_000;

    private (RunId Run, int Round) _last;
    private IReadOnlyList<SealedFile> _sealed = [];

    /// <summary>What a run is checked for, in words; null for nothing.</summary>
    public IReadOnlyList<string>? Words => options.Checks.Count == 0 ? null : [.. options.Checks.Select(check => check.Words)];

    /// <summary>
    /// A run begins: hashes what must not change. A breach that an earlier run of the session left is not forgiven by beginning anew. Null, or why the run may not begin.
    /// Cancelling ends the hashing.
    /// </summary>
    public async ValueTask<string?> BeginAsync(Run run, CancellationToken cancellationToken)
    {
        if (options.Sealed is not { } sealedFiles)
        {
            return options.Recorded?.Invoke();
        }

        // Beside, so that whoever reads the keys can go on doing so.
        var (hashed, tooMuch) = await Task.Run(() => sealedFiles.Begin(workspace.Files, run, cancellationToken), cancellationToken);
        _sealed = hashed.Files;
        if (tooMuch is null)
        {
            await run.RecordAsync(hashed, Durability.Written, cancellationToken);
            foreach (var pattern in hashed.Unmatched ?? [])
            {
                await run.ShowAsync(new NoticeShown(SealedFiles.NoMatch(pattern)), cancellationToken);
            }
        }

        return tooMuch;
    }

    public async ValueTask<NotDone?> AskAsync(Run run, string answer, CancellationToken cancellationToken)
    {
        if ((options.Checks.Count == 0 && options.Sealed is null) || run.Transcript.ToldPlanMode)
        {
            return null;
        }

        var round = _last.Run == run.Id ? _last.Round + 1 : 1;
        _last = (run.Id, round);
        var breaches = options.Sealed?.Look(workspace.Files, _sealed, cancellationToken) ?? [];
        var verdicts = await LookAsync(run, answer, breaches.Count == 0, cancellationToken);
        var all = (List<CheckVerdict>)[.. verdicts, .. breaches.Select(breach => new CheckVerdict($"sealed file {breach.Path}", CheckOutcome.Unmet, $"It was {breach.Change}."))];
        var open = all.Where(verdict => verdict.Outcome is not CheckOutcome.Met).ToList();
        await run.RecordAsync(new AcceptanceChecked(round, open.Count == 0, all) { Breaches = breaches.Count > 0 ? breaches : null }, Durability.Written, cancellationToken);
        return open.Count == 0 ? null
            : round <= options.Rounds && open.Exists(verdict => verdict.Outcome is CheckOutcome.Unmet) ? new NotDone(Source, ForModel(open, breaches))
            : new NotDone(Source, ForPerson(open, round), TurnOutcome.NotAccepted);
    }

    // What costs nothing first: nobody is paid to judge what is not built.
    private async ValueTask<List<CheckVerdict>> LookAsync(Run run, string answer, bool sound, CancellationToken cancellationToken)
    {
        var scope = new AcceptanceScope(run, answer, workspace.Files, (command, seconds, vouchedBy, token) => commands.RunAsync(run, command, seconds, vouchedBy, token), (options.Judge is { } find ? await find(cancellationToken) : null) ?? run.Model, time);
        var verdicts = new CheckVerdict[options.Checks.Count];
        foreach (var (check, i) in options.Checks.Select((check, i) => (check, i)).OrderBy(one => one.check.IsCostly))
        {
            verdicts[i] = check.IsCostly && !(sound && verdicts.All(verdict => verdict is null or { Outcome: CheckOutcome.Met }))
                ? new CheckVerdict(check.Words, CheckOutcome.Unknown, "Not looked at while others are open.")
                : await check.LookAsync(scope, cancellationToken);
        }

        return [.. verdicts];
    }

    private static string ForModel(List<CheckVerdict> open, IReadOnlyList<SealBreach> breaches)
    {
        var text = new StringBuilder("You are not done yet. Before this counts as done, it was checked, and this is still open:\n");
        foreach (var verdict in open.Where(verdict => verdict.Outcome is CheckOutcome.Unmet))
        {
            text.Append("- ").Append(verdict.Check).Append(": ").Append(Short(verdict.Reason)).Append('\n');
        }

        return text.Append(breaches.Count > 0
            ? "Sealed files may not be changed by you in any way: put them back exactly as they were, and solve the task without touching them."
            : "Do what is missing, then answer again. If it cannot be done, say so and why.").ToString();
    }

    private static string ForPerson(List<CheckVerdict> open, int round) =>
        $"Not accepted{(round > 1 ? $" after {round} rounds" : "")}: {string.Join("; ", open.Select(verdict => $"{verdict.Check}: {(verdict.Reason ?? "").Split('\n')[0]}"))}";

    private static string Short(string? reason) => reason is null ? "not met." : reason.Length <= MostReason ? reason : $"{reason[..(MostReason / 2)]}\n[…]\n{reason[^(MostReason / 2)..]}";
}
