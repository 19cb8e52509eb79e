using System.Globalization;

namespace Bridle.Models.Http;

/// <summary>Decides after each failed try of one request whether there is another one, and when.</summary>
internal sealed class RetryPlan(HttpModelOptions options)
{
    private readonly long _start = options.Time.GetTimestamp();

    /// <summary>Tries made so far.</summary>
    public int Attempt { get; private set; } = 1;

    /// <summary>The wait before the next try, or null and the error to end with.</summary>
    public (TimeSpan? Delay, ModelError Error) Next(ModelError error)
    {
        if (!MayRetry(error) || Attempt >= options.MaxAttempts)
        {
            return (null, Conclude(error, null));
        }

        if (error.RetryAfter is { } asked && asked > options.LongestRetryAfter)
        {
            return (null, Conclude(error, $"the server asks to wait {Seconds(asked)}, longer than the {Seconds(options.LongestRetryAfter)} that are waited"));
        }

        var delay = error.RetryAfter ?? Backoff();
        var elapsed = options.Time.GetElapsedTime(_start);
        if (elapsed + delay > options.RetryWindow)
        {
            return (null, Conclude(error, $"a further try would start later than {Seconds(options.RetryWindow)} after the first"));
        }

        Attempt++;
        return (delay, error with { Attempts = Attempt - 1 });
    }

    private bool MayRetry(ModelError error) => error switch
    {
        // The protocol asks for it: the model's slip, which it may well not repeat. Once is enough to see.
        { Kind: ModelErrorKind.Malformed, ShouldRetry: true } => Attempt == 1,
        { Kind: ModelErrorKind.Authentication or ModelErrorKind.Permission or ModelErrorKind.Quota or ModelErrorKind.NotFound or ModelErrorKind.BadRequest
            or ModelErrorKind.ContextOverflow or ModelErrorKind.TooLarge or ModelErrorKind.ToolsUnsupported or ModelErrorKind.ImagesRefused or ModelErrorKind.Malformed or ModelErrorKind.Refused } =>
            error.Status is 408 or 409 or 425 && error.ShouldRetry != false && error.Kind == ModelErrorKind.BadRequest,
        _ => error.ShouldRetry ?? true,
    };

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{(time.TotalSeconds < 10 ? Math.Round(time.TotalSeconds, 1) : Math.Round(time.TotalSeconds))} s");

    private TimeSpan Backoff()
    {
        var full = Math.Min(options.FirstDelay.TotalSeconds * Math.Pow(2, Attempt - 1), options.LongestDelay.TotalSeconds);
        return TimeSpan.FromSeconds(full * (0.5 + (0.5 * options.Jitter())));
    }

    private ModelError Conclude(ModelError error, string? why)
    {
        var ended = error with { Attempts = Attempt };
        if (Attempt == 1 && why is null)
        {
            return ended;
        }

        var tries = Attempt == 1 ? "1 try" : $"{Attempt} tries";
        var reason = why is null ? "" : $": {why}";
        return ended with { Message = $"{error.Message.TrimEnd('.', ' ')} (gave up after {tries} in {Seconds(options.Time.GetElapsedTime(_start))}{reason})." };
    }
}
