using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Runs;

namespace Bridle.Hosting.Budgets;

/// <summary>
/// The limits of one session and of all sessions of a person. Watches the session to note what it spends, and refuses a request that the least of the limits leaves no room for,
/// before it is sent.
/// </summary>
internal sealed class SharedBudget(SpendingLimits limits, SpendingLedger? ledger, string session, bool asks) : ISharedBudget, IEventSink, IDisposable
{
    private const int SmallestOutput = 256;
    private const int ClosingOutput = 1_024;
    private const decimal WarnAt = 0.8m;
    private const string GoOn = "go on";
    private const string ForASession = "for a session";
    private const string ADay = "a day";
    private const string AMonth = "a month";

    private readonly Lock _lock = new();
    private readonly SpendingFold _fold = new(withCopied: true);
    private readonly HashSet<string> _lifted = [];
    private readonly HashSet<string> _warned = [];
    private readonly HashSet<string> _overdrawn = [];
    private (decimal Day, decimal Month) _sums;
    private (string Span, decimal Limit, decimal Spent)? _refusedBy;
    private decimal _session;
    private decimal _estimated;
    private bool _setAside;
    private string? _broken;

    /// <summary>Who is asked; null when nobody is.</summary>
    public IApprover? Approver { get; set; }

    /// <summary>Tells the person something.</summary>
    public Action<string> Tell { get; set; } = _ => { };

    /// <summary>Takes over what the session spent before, and notes in the ledger what of it is missing there.</summary>
    public void Begin(IReadOnlyList<Spent> before)
    {
        _session = before.Sum(spent => spent.Counted);
        _estimated = before.Sum(spent => spent.Estimated ?? 0m);
        if (before.Any(spent => spent.Counted > 0))
        {
            Guarded(() => ledger?.Note(session, before));
        }
    }

    public string? Refuse(Price? price, long inputTokens, ref int maxOutput, bool final)
    {
        if (price is null || limits.IsEmpty)
        {
            return null;
        }

        var wanted = maxOutput;
        string? refusal = null;
        lock (_lock)
        {
            if (ledger is null || limits is { Day: null, Month: null })
            {
                // What lives in memory only shares with nobody.
                refusal = WhyNot(new(_session, _session, 0) { DayEstimated = _estimated, MonthEstimated = _estimated }, price, inputTokens, ref wanted, final);
            }
            else
            {
                Guarded(() => ledger.SetAside(session, sums =>
                {
                    refusal = WhyNot(sums, price, inputTokens, ref wanted, final);
                    _setAside |= refusal is null;
                    return refusal is null ? price.Of(new Usage(inputTokens, 0, 0, wanted, 0)) : null;
                }));
                refusal ??= _broken is null ? null : $"{ISharedBudget.Refusal}{Amount(limits.Day ?? limits.Month ?? 0)} cannot be kept, because what all sessions spent cannot be read or written: {_broken}";
            }
        }

        maxOutput = wanted;
        return refusal;
    }

    /// <summary>Why a first request would be refused, were it sent now, and what to do; null when it would not. Sets nothing aside.</summary>
    public (string Refusal, string Next)? WouldRefuse(SpendingSums sums, IReadOnlyList<Spent> before, Price price, long inputTokens, int maxOutput)
    {
        (_session, _estimated) = (before.Sum(spent => spent.Counted), before.Sum(spent => spent.Estimated ?? 0m));
        return WhyNot(sums, price, inputTokens, ref maxOutput, final: false) is { } refusal
            ? (refusal, _refusedBy?.Span switch
            {
                ForASession => "Raise the limit, or start a new session: a session's limit never begins anew.",
                ADay => "Raise the limit, or wait until the next day begins.",
                _ => "Raise the limit, or wait until the next month begins.",
            })
            : null;
    }

    public async ValueTask<bool> LiftAsync(CancellationToken cancellationToken)
    {
        if (!asks || Approver is not { } approver || _refusedBy is not var (span, limit, spent))
        {
            return false;
        }

        var question = $"The spending limit of ${Amount(limit)} {span} leaves no room for another request (${Amount(spent)} spent). Go on in this session all the same?";
        var answer = await approver.AnswerAsync(new QuestionAsked($"budget-{Guid.NewGuid():N}", new CallId("budget"), question, [GoOn, "stop"]), cancellationToken);
        if (answer?.Trim().ToLowerInvariant() is not (GoOn or "y" or "yes"))
        {
            return false;
        }

        lock (_lock)
        {
            return _lifted.Add(span);
        }
    }

    /// <inheritdoc/>
    public string? Overdrawn()
    {
        // Not told where the spending is heard of: the events of the session wait for whoever hears them.
        lock (_lock)
        {
            foreach (var (span, limit, spent) in new[] { (ForASession, limits.Session, _session), (ADay, limits.Day, _sums.Day), (AMonth, limits.Month, _sums.Month) })
            {
                if (spent > limit && !_lifted.Contains(span) && _overdrawn.Add(span))
                {
                    return $"The spending limit of ${Amount(limit.Value)} {span} is overdrawn: ${Amount(spent)} are spent, because a request took more than was estimated.";
                }
            }

            return null;
        }
    }

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        if (sessionEvent is not Recorded recorded || _fold.Take(recorded) is not { } spent || spent is { Cost: null, Estimated: null })
        {
            return ValueTask.CompletedTask;
        }

        lock (_lock)
        {
            _session += spent.Counted;
            _estimated += spent.Estimated ?? 0m;
            _sums = (_sums.Day + spent.Counted, _sums.Month + spent.Counted);
            if (spent.Counted > 0 || _setAside)
            {
                Guarded(() => ledger?.Add(session, [spent]));
                _setAside = false;
            }
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose()
    {
        if (_setAside)
        {
            Guarded(() => ledger?.Add(session, []));
        }
    }

    private string? WhyNot(SpendingSums sums, Price price, long inputTokens, ref int maxOutput, bool final)
    {
        _sums = (sums.Day, sums.Month);

        // Every request but the closing one leaves room for the closing one.
        var least = price.Of(new Usage(inputTokens + (final ? 0 : inputTokens), 0, 0, final ? 0 : ClosingOutput, 0));
        foreach (var (span, limit, spent, guessed, aside) in new[]
        {
            (ForASession, limits.Session, _session, _estimated, 0m), (ADay, limits.Day, sums.Day, sums.DayEstimated, sums.SetAside),
            (AMonth, limits.Month, sums.Month, sums.MonthEstimated, sums.SetAside),
        })
        {
            if (limit is not { } most || _lifted.Contains(span))
            {
                continue;
            }

            Warn(span, most, spent);
            var left = most - spent - aside - least;
            var affordable = price.Output > 0 ? (long)Math.Clamp(left / price.Output * 1_000_000m, -1m, int.MaxValue) : int.MaxValue;
            if (left < 0 || affordable < Math.Min(SmallestOutput, maxOutput))
            {
                _refusedBy = (span, most, spent);
                return $"{ISharedBudget.Refusal}{Amount(most)} {span} leaves no room for another request (${Amount(spent)} spent{(guessed > 0 ? $", ${Amount(guessed)} of it estimated, because the server did not say" : "")}{(aside > 0 ? $", ${Amount(aside)} set aside by sessions that run" : "")})";
            }

            maxOutput = (int)Math.Min(maxOutput, affordable);
        }

        return null;
    }

    private void Warn(string span, decimal limit, decimal spent)
    {
        if (spent >= limit * WarnAt && spent < limit && _warned.Add(span))
        {
            Tell($"${Amount(spent)} of the spending limit of ${Amount(limit)} {span} are spent.");
        }
    }

    // A ledger that cannot be written must not end a turn that somebody paid for; a limit that cannot be kept refuses the next request.
    private void Guarded(Action action)
    {
        try
        {
            action();
            _broken = null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _broken = failure.Message;
        }
    }

    private static string Amount(decimal dollars) => Dollars.Of(dollars);
}
