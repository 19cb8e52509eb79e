using System.Text.Json;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Hosting.Settings;

/// <summary>What came of reading one settings file: its settings, or the reason why there are none. A missing file has neither.</summary>
/// <param name="Path">The file.</param>
/// <param name="Settings">What it says, or null.</param>
/// <param name="Error">Why it cannot be used, with its line, or null.</param>
/// <param name="Notices">What has no effect.</param>
public sealed record SettingsFile(string Path, BridleSettings? Settings, string? Error, IReadOnlyList<string> Notices)
{
    internal const int MaxBytes = 2 * 1024 * 1024;
    internal const string TooLarge = "It is larger than 2 MiB, which no settings file is.";
    private const string NoFile = "It is not an ordinary file.";

    private static readonly IReadOnlySet<string> NoKeys = new HashSet<string>();

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The whole document, or null when there are no settings.</summary>
    public JsonElement? Json { get; init; }

    /// <summary>Reads a file. Comments and trailing commas are fine; a file that is wrong in any place counts for nothing as a whole.</summary>
    public static SettingsFile Read(string path) => Read(path, NoKeys);

    /// <summary>Reads settings from memory; the path is for messages.</summary>
    public static SettingsFile Parse(string path, ReadOnlyMemory<byte> json) => Parse(path, json, NoKeys);

    /// <summary>Reads a file that may be missing, without some keys, after something took out what is not for Bridle.</summary>
    internal static SettingsFile Read(string path, IReadOnlySet<string> ignored, Func<JsonElement, JsonElement>? narrow = null, bool mend = false) => Load(path, ignored, narrow, mustExist: false, mend);

    /// <summary>Reads a file that somebody named or that must not be passed over: a missing or empty one is broken, as is what is no ordinary file.</summary>
    internal static SettingsFile ReadExisting(string path, IReadOnlySet<string> ignored) => Load(path, ignored, null, mustExist: true, mend: false);

    /// <summary>A file that cannot be used.</summary>
    internal static SettingsFile Broken(string path, string reason) => new(path, null, reason, []);

    private static SettingsFile Load(string path, IReadOnlySet<string> ignored, Func<JsonElement, JsonElement>? narrow, bool mustExist, bool mend)
    {
        try
        {
            var length = SmallFile.Length(path);
            if (length == 0)
            {
                return IsOdd(path) ? Broken(path, NoFile)
                    : mustExist ? Broken(path, "It is missing, empty or not an ordinary file.")
                    : new(path, null, null, []);
            }

            return length > MaxBytes
                ? Broken(path, TooLarge)
                : Parse(path, SmallFile.Read(path, MaxBytes), ignored, narrow, mend);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Broken(path, $"It cannot be read: {exception.Message}");
        }
    }

    // There is something, and it is neither a file nor nothing: a pipe, a device, a folder, a link to one of them.
    internal static bool IsOdd(string path) =>
        System.IO.Path.Exists(path) && new LocalFiles(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!).Resolve(path, "/").Kind is FileKind.Other or FileKind.Directory;

    /// <summary>Reads settings from memory without some keys.</summary>
    internal static SettingsFile Parse(string path, ReadOnlyMemory<byte> json, IReadOnlySet<string> ignored, Func<JsonElement, JsonElement>? narrow = null, bool mend = false)
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
            using var document = SoundJson.Parse(json, Lenient);
            if (document.RootElement.ValueKind is not JsonValueKind.Object)
            {
                return Broken(path, "Line 1: settings are a JSON object: { … }.");
            }

            var once = SettingsTwice.Joined(document.RootElement);
            var said = SettingsTwice.Report(document.RootElement).Select(report => report.Text).ToList();
            var isText = narrow is null && ignored.Count == 0 && !mend && said.Count == 0;

            // Copied also where nothing is left out: the copy has no comments, and its text is JSON for everybody.
            var root = SettingsPaths.Without(narrow?.Invoke(once) ?? once, ignored);
            if (mend)
            {
                root = SettingsMending.Usable(root, said);
            }

            // From the text where possible: its errors carry the line.
            var settings = isText
                ? JsonSerializer.Deserialize(json.Span, SettingsJson.Default.BridleSettings)!
                : root.Deserialize(SettingsJson.Default.BridleSettings)!;
            if (SettingsCheck.Problems(settings).Select(problem => problem.Text).FirstOrDefault() is { } problem)
            {
                return Broken(path, problem);
            }

            settings = OpenHarnessRules.Fold(settings);
            var skipped = settings.Permissions?.Skipped.Select(entry => $"the permission {entry} lacks a tool or a decision and is skipped.") ?? [];
            return new(path, settings, null, [.. said, .. SettingsKeys.Report(root).Select(report => report.Text), .. skipped]) { Json = root };
        }
        catch (JsonException exception)
        {
            var place = exception.Path is { Length: > 2 } at ? $" at '{at[2..]}'" : "";
            return Broken(path, $"Line {(exception.LineNumber ?? 0) + 1}{place}: {Reason(exception)}");
        }
    }

    /// <summary>What is wrong with the text, without where.</summary>
    internal static string Reason(JsonException exception)
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
