using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>What came of reading one settings file: its settings, or the reason why there are none. A missing file has neither.</summary>
/// <param name="Path">The file.</param>
/// <param name="Settings">What it says, or null.</param>
/// <param name="Error">Why it cannot be used, with its line, or null.</param>
/// <param name="Notices">What has no effect.</param>
public sealed record SettingsFile(string Path, BridleSettings? Settings, string? Error, IReadOnlyList<string> Notices)
{
    private const int MaxBytes = 2 * 1024 * 1024;

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a file. Comments and trailing commas are fine; a file that is wrong in any place counts for nothing as a whole.</summary>
    public static SettingsFile Read(string path)
    {
        try
        {
            var length = SmallFile.Length(path);
            if (length == 0)
            {
                return new(path, null, null, []);
            }

            return length > MaxBytes
                ? Broken(path, "It is larger than 2 MiB, which no settings file is.")
                : Parse(path, SmallFile.Read(path, MaxBytes));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Broken(path, $"It cannot be read: {exception.Message}");
        }
    }

    /// <summary>Reads settings from memory; the path is for messages.</summary>
    public static SettingsFile Parse(string path, ReadOnlyMemory<byte> json)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
        {
            json = json[3..];
        }

        if (!System.Text.Unicode.Utf8.IsValid(json.Span))
        {
            return Broken(path, "It is not UTF-8 text.");
        }

        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return Broken(path, "Line 1: settings are a JSON object: { … }.");
            }

            var settings = JsonSerializer.Deserialize(json.Span, SettingsJson.Default.BridleSettings)!;
            if (SettingsCheck.FirstProblem(settings) is { } problem)
            {
                return Broken(path, problem);
            }

            var skipped = settings.Permissions?.Skipped.Select(entry => $"the permission {entry} lacks a tool or a decision and is skipped.") ?? [];
            return new(path, settings, null, [.. SettingsKeys.Report(document.RootElement), .. skipped]);
        }
        catch (JsonException exception)
        {
            var place = exception.Path is { Length: > 2 } at ? $" at '{at[2..]}'" : "";
            return Broken(path, $"Line {(exception.LineNumber ?? 0) + 1}{place}: {Reason(exception)}");
        }
    }

    private static SettingsFile Broken(string path, string reason) => new(path, null, reason, []);

    private static string Reason(JsonException exception)
    {
        if (exception.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal))
        {
            return "the value has the wrong type.";
        }

        var end = exception.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var path = exception.Message.IndexOf(" Path:", StringComparison.Ordinal);
        end = path >= 0 && (end < 0 || path < end) ? path : end;
        return end > 0 ? exception.Message[..end] : exception.Message;
    }
}
