using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Receipts;

/// <summary>
/// A receipt as one JSON object, <c>bridle.receipt.1</c>. Its last field, <c>digest</c>, is the SHA-256 of the object without it and without white space: the same log gives the same.
/// </summary>
public static class ReceiptJson
{
    private const string Format = "bridle.receipt.1";
    private static readonly JsonWriterOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object.</summary>
    public static string Write(Receipt receipt, ReceiptLog log, bool indented = true)
    {
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Write(receipt, log, s_plain, null))));
        return Write(receipt, log, s_plain with { Indented = indented }, digest);
    }

    private static string Write(Receipt receipt, ReceiptLog log, JsonWriterOptions options, string? digest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartObject();
            WriteHead(writer, receipt);
            WriteEnd(writer, receipt);
            WriteWork(writer, receipt);
            WriteMoney(writer, receipt);
            WriteAcceptance(writer, receipt);
            WriteFiles(writer, receipt);
            WriteLog(writer, receipt, log);
            if (digest is not null)
            {
                writer.WriteString("digest", digest);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteHead(Utf8JsonWriter writer, Receipt receipt)
    {
        writer.WriteString("format", Format);
        writer.WriteString("session", receipt.Session);
        writer.WriteString("run", receipt.Run.Value);
        writer.WriteString("folder", receipt.Folder);
        writer.WriteString("task", receipt.Task);
        writer.WriteString("kind", receipt.Started.Kind);
        writer.WriteString("model", receipt.Started.Model);
        writer.WriteBoolean("simulated", receipt.Started.Simulated);
        writer.WriteString("mode", receipt.Started.Mode);
        writer.WriteString("isolation_requested", receipt.Started.Isolation);
        WriteTexts(writer, "isolation_enforced", receipt.Enforced);
    }

    private static void WriteEnd(Utf8JsonWriter writer, Receipt receipt)
    {
        writer.WriteString("started_at", Time(receipt.StartedAt));
        writer.WriteString("ended_at", receipt.EndedAt is { } end ? Time(end) : null);
        writer.WriteString("outcome", receipt.Finished is { } finished ? JsonNamingPolicy.SnakeCaseLower.ConvertName(finished.Outcome.ToString()) : null);
        WriteNumber(writer, "exit_code", receipt.ExitCode);
        writer.WriteString("error", receipt.Finished?.Error);
        writer.WriteString("error_kind", receipt.Finished?.ErrorKind);
    }

    private static void WriteWork(Utf8JsonWriter writer, Receipt receipt)
    {
        WriteNumber(writer, "steps", receipt.Finished?.Steps);
        WriteAll(writer, "tools", receipt.Tools, tool =>
        {
            writer.WriteString("tool", tool.Tool);
            writer.WriteNumber("calls", tool.Calls);
            writer.WriteNumber("failed", tool.Failed);
            writer.WriteNumber("denied", tool.Denied);
        });
        WriteAll(writer, "sensors", receipt.Sensors, sensor =>
        {
            writer.WriteString("sensor", sensor.Sensor);
            writer.WriteString("state", JsonNamingPolicy.SnakeCaseLower.ConvertName(sensor.State.ToString()));
            writer.WriteNumber("signals", sensor.Found ?? sensor.Signals.Count);
            if (sensor.AtLeast is true)
            {
                writer.WriteBoolean("at_least", true);
            }
        });
        WriteAll(writer, "denied", receipt.Finished?.Denied ?? [], denied =>
        {
            writer.WriteString("tool", denied.Tool);
            writer.WriteString("reason", denied.Reason);
        });
    }

    private static void WriteMoney(Utf8JsonWriter writer, Receipt receipt)
    {
        WriteSpent(writer, receipt.Spent);
        WriteAll(writer, "models", receipt.Spent.GroupBy(spent => (spent.Model, spent.Agent)), group =>
        {
            writer.WriteString("model", group.Key.Model);
            writer.WriteString("agent", group.Key.Agent);
            WriteSpent(writer, [.. group]);
        });
    }

    private static void WriteSpent(Utf8JsonWriter writer, IReadOnlyList<Spent> all)
    {
        var usage = all.Aggregate(Usage.None, (sum, spent) => sum + spent.Usage);
        writer.WriteStartObject("usage");
        writer.WriteNumber("input", usage.Input);
        writer.WriteNumber("cache_read", usage.CacheRead);
        writer.WriteNumber("cache_write", usage.CacheWrite);
        writer.WriteNumber("output", usage.Output);
        writer.WriteNumber("reasoning", usage.Reasoning);
        writer.WriteEndObject();
        if (all.Any(spent => spent.IsUnpriced) && all.All(spent => spent.IsUnpriced || spent.Cost is null or 0m))
        {
            // Nothing of it is known, which is not the same as nothing.
            writer.WriteNull("cost");
        }
        else
        {
            writer.WriteNumber("cost", all.Sum(spent => spent.Cost ?? 0m));
        }

        // Apart from what is known: of replies that broke off.
        if (all.Any(spent => spent.Guess is not null))
        {
            writer.WriteNumber("cost_estimated", all.Sum(spent => spent.Guess ?? 0m));
        }

        if (all.Any(spent => spent.IsGuess))
        {
            writer.WriteString("usage_is", "estimated");
        }

        writer.WriteNumber("requests", all.Count);
        writer.WriteNumber("requests_without_price", all.Count(spent => spent.IsUnpriced));
    }

    private static void WriteAcceptance(Utf8JsonWriter writer, Receipt receipt)
    {
        writer.WriteStartObject("acceptance");
        writer.WriteString("verdict", receipt.Verdict);
        writer.WriteNumber("rounds", receipt.Acceptance?.Round ?? 0);
        WriteTexts(writer, "demanded", receipt.Started.Acceptance ?? []);
        WriteAll(writer, "checks", receipt.Acceptance?.Checks ?? [], check =>
        {
            writer.WriteString("check", check.Check);
            writer.WriteString("outcome", JsonNamingPolicy.SnakeCaseLower.ConvertName(check.Outcome.ToString()));
            writer.WriteString("reason", check.Reason);
        });
        writer.WriteEndObject();
    }

    private static void WriteFiles(Utf8JsonWriter writer, Receipt receipt)
    {
        var breaches = (receipt.Acceptance?.Breaches ?? []).ToDictionary(breach => breach.Path, StringComparer.Ordinal);
        var added = breaches.Values.Where(breach => breach.Change is "added").Select(breach => (breach.Path, Hash: (string?)null));
        WriteAll(writer, "sealed_files", receipt.SealedFiles.Select(file => (file.Path, Hash: (string?)file.Hash)).Concat(added), file =>
        {
            writer.WriteString("path", file.Path);
            writer.WriteString("hash", file.Hash);
            writer.WriteString("change", breaches.GetValueOrDefault(file.Path)?.Change);
        });
        WriteTexts(writer, "sealed_nothing", receipt.SealedNothing);
        WriteAll(writer, "changed_files", receipt.ChangedFiles, file =>
        {
            writer.WriteString("path", file.Path);
            writer.WriteString("before", file.Before);
            writer.WriteString("after", file.After);
        });
    }

    private static void WriteLog(Utf8JsonWriter writer, Receipt receipt, ReceiptLog log)
    {
        writer.WriteStartObject("log");
        writer.WriteNumber("from", receipt.FirstRecord);
        writer.WriteNumber("to", receipt.LastRecord);
        writer.WriteString("sha256", log.Digest);
        writer.WriteString("state", log.State);
        writer.WriteStartArray("changed");
        foreach (var n in log.Changed)
        {
            writer.WriteNumberValue(n);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void WriteAll<T>(Utf8JsonWriter writer, string name, IEnumerable<T> all, Action<T> fields)
    {
        writer.WriteStartArray(name);
        foreach (var one in all)
        {
            writer.WriteStartObject();
            fields(one);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
