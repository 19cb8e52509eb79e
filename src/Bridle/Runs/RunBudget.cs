using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;

namespace Bridle.Runs;

/// <summary>
/// What a run has spent and may still spend. Refuses before the spend: a request reserves its input and its largest output.
/// What a child spends counts for its parents too. Safe to use concurrently.
/// </summary>
public sealed class RunBudget(RunLimits limits, Price? price, TimeProvider time, RunBudget? parent = null, ISharedBudget? shared = null)
{
    private const int SmallestOutput = 256;
    private const int ClosingOutput = 1_024;
    private const string Spent = " spent";
    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();

    /// <summary>Replies asked for.</summary>
    public int Steps { get; private set; }

    /// <summary>Calls made.</summary>
    public int Calls { get; private set; }

    /// <summary>Tokens spent.</summary>
    public Usage Usage { get; private set; } = Usage.None;

    /// <summary>US dollars spent, or null as soon as something had no known price.</summary>
    public decimal? Cost { get; private set; } = 0m;

    /// <summary>Replies whose server did not say what they took: <see cref="Usage"/> lacks them.</summary>
    public int Unmeasured { get; private set; }

    /// <summary>Whether <see cref="Usage"/> and <see cref="Cost"/> hold estimates: replies that broke off, of which no server said what they took.</summary>
    public bool IsEstimated => EstimatedUsage is not null;

    /// <summary>What of <see cref="Usage"/> is estimated; null where nothing is.</summary>
    public Usage? EstimatedUsage { get; private set; }

    /// <summary>What of <see cref="Cost"/> is estimated, in US dollars; null where nothing is.</summary>
    public decimal? EstimatedCost => EstimatedUsage is null || Cost is null ? null : _guessed;

    // What is known of it, and estimated where nobody said: a limit must hold though one reply's cost is unknown.
    private decimal _counted;
    private long _countedTokens;
    private decimal _guessed;

    /// <summary>The limits.</summary>
    public RunLimits Limits => limits;

    /// <summary>Why no further request may be sent, or null when one may.</summary>
    /// <param name="inputTokens">The estimated input.</param>
    /// <param name="maxOutput">The largest output wanted; lowered to what is affordable.</param>
    /// <param name="final">True for the closing request at the end of a budget, which is beyond the step and time limits by design.</param>
    /// <param name="by">The model that would answer, where it is not the run's own.</param>
    public string? RefuseRequest(long inputTokens, ref int maxOutput, bool final = false, ModelInfo? by = null) => Refuse(inputTokens, ref maxOutput, final, by, isStep: true);

    private string? Refuse(long inputTokens, ref int maxOutput, bool final, ModelInfo? by, bool isStep)
    {
        lock (_lock)
        {
            if (isStep && !final && limits.Steps is { } steps && Steps >= steps)
            {
                return $"the limit of {steps} steps is reached";
            }

            if (!final && limits.Seconds is { } seconds && time.GetElapsedTime(_started).TotalSeconds >= seconds)
            {
                return $"the time limit of {seconds:0.#} s is reached";
            }

            // Every request but the closing one leaves room for the closing one.
            var closing = final ? 0 : inputTokens + ClosingOutput;
            if (limits.Tokens is { } tokens && !Fits(tokens - _countedTokens - inputTokens - closing, ref maxOutput))
            {
                return $"the limit of {tokens} tokens leaves no room for another request ({_countedTokens}{Spent}, about {inputTokens} needed for its input)";
            }

            if (limits.Cost is { } cost && (by is null ? price : by.Price ?? price) is { } paid)
            {
                var left = cost - _counted - paid.Of(new Usage(inputTokens + (final ? 0 : inputTokens), 0, 0, final ? 0 : ClosingOutput, 0));
                var affordable = paid.Output > 0 ? (long)Math.Min(left / paid.Output * 1_000_000m, int.MaxValue) : int.MaxValue;
                if (left < 0 || !Fits(affordable, ref maxOutput))
                {
                    return $"the limit of ${Dollars.Of(cost)} leaves no room for another request (${Dollars.Of(_counted)}{Spent})";
                }
            }

            return parent?.Refuse(inputTokens, ref maxOutput, final, by, isStep) ?? shared?.Refuse(by is null ? price : by.Price ?? price, inputTokens, ref maxOutput, final);
        }
    }

    /// <summary>Why no question may be asked beside the conversation, or null. It is no step, so that no limit of steps keeps anybody from asking.</summary>
    public string? RefuseBeside(ModelInfo by, long inputTokens, ref int maxOutput) => Refuse(inputTokens, ref maxOutput, final: false, by, isStep: false);

    /// <summary>What a refusal says once a closing answer was asked for all the same: the sum in it is the one from before, and what the run took is more.</summary>
    public static string BeforeClosing(string refusal) => refusal?.Replace(Spent, $"{Spent} before the closing answer", StringComparison.Ordinal) ?? "";

    /// <summary>After a refusal by limits that are shared with others: asks a person, where settings say so. True: it may be tried again.</summary>
    public ValueTask<bool> LiftAsync(CancellationToken cancellationToken) => Shared?.LiftAsync(cancellationToken) ?? ValueTask.FromResult(false);

    /// <summary>Why no further call may be made, or null.</summary>
    public string? RefuseCall()
    {
        lock (_lock)
        {
            return limits.Calls is { } calls && Calls >= calls ? $"the limit of {calls} calls is reached" : parent?.RefuseCall();
        }
    }

    /// <summary>Counts what a request took and returns its price, or null when unknown.</summary>
    /// <param name="usage">What it took, or null when the server did not say.</param>
    /// <param name="by">The model that was asked, where it is not the run's own.</param>
    /// <param name="estimated">What it may have taken, where the server did not say. Of a reply that broke off it is counted as what it took; else for the limits only.</param>
    /// <param name="on">What came of it.</param>
    public decimal? Spend(Usage? usage, ModelInfo? by = null, Usage? estimated = null, SpentOn on = SpentOn.Step)
    {
        var taken = usage ?? (on is SpentOn.BrokenReply ? estimated : null);
        var cost = taken is null ? null : PriceOf(by)?.Of(taken);
        Add(new Amount(taken ?? Usage.None, cost, on is SpentOn.Step ? 1 : 0, (taken ?? estimated ?? Usage.None).Total, cost ?? (taken is null && estimated is not null ? PriceOf(by)?.Of(estimated) : null) ?? 0m)
        {
            Unmeasured = on is SpentOn.Step && taken is null ? 1 : 0,
            Guessed = usage is null ? taken : null,
        });
        return cost;
    }

    /// <summary>What a limit counts for a request whose server did not say, in US dollars; null where the price is unknown.</summary>
    public decimal? PriceOf(Usage estimated, ModelInfo? by = null) => PriceOf(by)?.Of(estimated);

    /// <summary>Counts what a question beside the conversation took; it is no step.</summary>
    public void SpendBeside(ModelConsulted consulted)
    {
        ArgumentNullException.ThrowIfNull(consulted);
        var (taken, cost) = (consulted.Usage ?? consulted.EstimatedUsage, consulted.Cost ?? (consulted.EstimatedUsage is null ? null : consulted.EstimatedCost));
        Add(new Amount(taken ?? Usage.None, cost, 0, taken?.Total ?? 0, cost ?? consulted.EstimatedCost ?? 0m) { Guessed = consulted.Usage is null ? consulted.EstimatedUsage : null });
    }

    /// <summary>
    /// That more was spent than a limit of the run allows, or one that it shares with others, in one sentence, or null. A request is let through by an estimate of its input; what it took is known when it is too late to refuse it.
    /// </summary>
    public string? Overdrawn()
    {
        const string Why = "because a request took more than was estimated";
        string? own;
        lock (_lock)
        {
            own = limits.Cost is { } cost && _counted > cost ? $"The limit of ${Dollars.Of(cost)} is overdrawn: ${Dollars.Of(_counted)} are spent, {Why}."
                : limits.Tokens is { } tokens && _countedTokens > tokens ? $"The limit of {tokens} tokens is overdrawn: {_countedTokens} are spent, {Why}."
                : null;
        }

        return own ?? Shared?.Overdrawn();
    }

    /// <summary>Counts a call.</summary>
    public void CountCall()
    {
        lock (_lock)
        {
            Calls++;
        }

        parent?.CountCall();
    }

    /// <summary>The time that is left, or null for no limit.</summary>
    public TimeSpan? TimeLeft => limits.Seconds is { } seconds
        ? TimeSpan.FromSeconds(Math.Max(0, seconds - time.GetElapsedTime(_started).TotalSeconds))
        : parent?.TimeLeft;

    internal TimeProvider Time => time;

    private ISharedBudget? Shared => shared ?? parent?.Shared;

    private void Add(Amount amount)
    {
        lock (_lock)
        {
            Unmeasured += amount.Unmeasured;
            EstimatedUsage = amount.Guessed is null ? EstimatedUsage : (EstimatedUsage ?? Usage.None) + amount.Guessed;
            _guessed += amount.Guessed is null ? 0m : amount.Cost ?? 0m;
            Steps += amount.Steps;
            _counted += amount.Counted;
            _countedTokens += amount.CountedTokens;
            Usage += amount.Usage;
            Cost = amount.Cost is null || Cost is null ? null : Cost + amount.Cost;
        }

        parent?.Add(amount);
    }

    private Price? PriceOf(ModelInfo? by) => by is null ? price : by.Price;

    private static bool Fits(long left, ref int maxOutput)
    {
        if (left < Math.Min(SmallestOutput, maxOutput))
        {
            return false;
        }

        maxOutput = (int)Math.Min(maxOutput, left);
        return true;
    }

    private sealed record Amount(Usage Usage, decimal? Cost, int Steps, long CountedTokens, decimal Counted)
    {
        public int Unmeasured { get; init; }

        public Usage? Guessed { get; init; }
    }
}
