using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Subagents;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Sessions;

namespace Bridle.Cli.Output;

/// <summary>Why there is no answer, for machines. <paramref name="Kind"/> is a model error in snake_case, or <c>usage</c>, <c>settings</c>, <c>provider</c>, <c>session</c>, <c>interrupted</c>, <c>failed</c>.</summary>
internal sealed record Failure(string Kind, string Message, string Advice);

/// <summary>What a program that calls Bridle reads at the end: one object, whatever happened. Its fields are described in docs/reference/events.md.</summary>
internal static class ResultObject
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object for a turn that ran.</summary>
    public static string Of(TurnResult result, string session, string model, Func<string, string>? hint = null, ReviewReport? review = null) => Write(writer =>
    {
        var exitCode = ExitCode.Of(result);
        Head(writer, Snake(result.Outcome.ToString()), exitCode, FailureOf(result, exitCode, hint));
        writer.WriteString("answer", result.Answer);
        writer.WriteString("session", session);
        writer.WriteString("model", model);
        WriteUsage(writer, result.Usage);
        WriteCost(writer, result.Cost);

        writer.WriteString("usage_is", result is { Unmeasured: > 0, Simulated: false } ? "unknown" : result.IsEstimated ? "estimated" : "measured");
        writer.WriteNumber("steps", result.Steps);
        writer.WriteStartArray("denied");
        foreach (var denied in result.Denied)
        {
            writer.WriteStartObject();
            writer.WriteString("call", denied.Call.Value);
            writer.WriteString("tool", denied.Tool);
            writer.WriteString("reason", denied.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteSensors(writer, result.Sensors);
        writer.WriteBoolean("simulated", result.Simulated);
        WriteReview(writer, review);
        writer.WriteNumber("exit_code", exitCode);
    });

    /// <summary>The object for a turn that never began.</summary>
    public static string Of(Failure failure, int exitCode) => Write(writer =>
    {
        Head(writer, exitCode == ExitCode.Interrupted ? "interrupted" : "not_started", exitCode, failure);
        writer.WriteString("answer", "");
        writer.WriteNull("session");
        writer.WriteNull("model");
        WriteUsage(writer, Usage.None);
        writer.WriteNumber("cost", 0);
        writer.WriteString("usage_is", "measured");
        writer.WriteNumber("steps", 0);
        writer.WriteStartArray("denied");
        writer.WriteEndArray();
        WriteSensors(writer, []);
        writer.WriteBoolean("simulated", false);
        writer.WriteNumber("exit_code", exitCode);
    });

    /// <summary>What went wrong in a turn, or null.</summary>
    public static Failure? FailureOf(TurnResult result, int exitCode, Func<string, string>? hint = null)
    {
        hint ??= text => text;
        return result.ModelError is { } error ? new(Snake(error.Kind.ToString()), error.Message, hint(error.Advice))
            : exitCode is ExitCode.Done or ExitCode.Denied ? null
            : new(exitCode == ExitCode.Interrupted ? "interrupted" : Snake(result.Outcome.ToString()), result.Error ?? "There is no answer.", hint(Advice(result.Outcome, exitCode)));
    }

    private static string Advice(TurnOutcome outcome, int exitCode) => exitCode switch
    {
        _ when outcome is TurnOutcome.LogChanged => "Go on with --resume and --accept-edits when the changes are right.",
        ExitCode.Interrupted => "The session is kept; go on with --resume.",
        ExitCode.Limit => "Raise the limit, or go on from here with --resume.",
        _ => "Look at the session with `bridle sessions show`.",
    };

    private static void Head(Utf8JsonWriter writer, string outcome, int exitCode, Failure? failure)
    {
        writer.WriteString("type", "result");
        writer.WriteString("outcome", outcome);
        writer.WriteBoolean("is_error", exitCode is not (ExitCode.Done or ExitCode.Denied));
        WriteError(writer, failure);
    }

    /// <summary>What went wrong as the field <c>error</c>.</summary>
    public static void WriteError(Utf8JsonWriter writer, Failure? failure)
    {
        if (failure is null)
        {
            writer.WriteNull("error");
            return;
        }

        writer.WriteStartObject("error");
        writer.WriteString("kind", failure.Kind);
        writer.WriteString("message", failure.Message);
        writer.WriteString("advice", failure.Advice);
        writer.WriteEndObject();
    }

    private static void WriteSensors(Utf8JsonWriter writer, IReadOnlyList<SensorRan> sensors)
    {
        writer.WriteStartArray("sensors");
        foreach (var ran in sensors)
        {
            writer.WriteStartObject();
            writer.WriteString("sensor", ran.Sensor);
            writer.WriteString("state", Snake(ran.State.ToString()));
            writer.WriteNumber("errors", ran.Errors ?? ran.Signals.Count(signal => signal.Severity is SignalSeverity.Block));
            writer.WriteNumber("warnings", ran.Warnings ?? ran.Signals.Count(signal => signal.Severity is SignalSeverity.Warn));
            if (ran.AtLeast is true)
            {
                writer.WriteBoolean("at_least", true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteCost(Utf8JsonWriter writer, decimal? cost)
    {
        if (cost is { } known)
        {
            writer.WriteNumber("cost", known);
        }
        else
        {
            writer.WriteNull("cost");
        }
    }

    private static void WriteReview(Utf8JsonWriter writer, ReviewReport? review)
    {
        if (review is null)
        {
            return;
        }

        writer.WriteStartObject("review");
        WriteUsage(writer, review.Usage);
        WriteCost(writer, review.Cost);
        writer.WriteString("usage_is", review.Unmeasured > 0 ? "unknown" : review.IsEstimated ? "estimated" : "measured");
        writer.WriteNumber("requests", review.Replies.Count);
        writer.WriteStartArray("changes");
        foreach (var change in review.Changes)
        {
            writer.WriteStringValue(change);
        }

        writer.WriteEndArray();
        writer.WriteString("problem", review.Problem);
        writer.WriteEndObject();
    }

    /// <summary>Tokens as the field <c>usage</c>.</summary>
    public static void WriteUsage(Utf8JsonWriter writer, Usage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("input", usage.Input);
        writer.WriteNumber("cache_read", usage.CacheRead);
        writer.WriteNumber("cache_write", usage.CacheWrite);
        writer.WriteNumber("output", usage.Output);
        writer.WriteNumber("reasoning", usage.Reasoning);
        writer.WriteEndObject();
    }

    /// <summary>An object with fields.</summary>
    public static string Write(Action<Utf8JsonWriter> fields)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            fields(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A name as machines read it.</summary>
    public static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
