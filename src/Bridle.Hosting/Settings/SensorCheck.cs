using Bridle.Hosting.Sensors;
using Bridle.Tools.Search;

namespace Bridle.Hosting.Settings;

/// <summary>Values below <c>sensors</c> that have the right JSON type and still cannot be meant.</summary>
internal static class SensorCheck
{
    private const int MostSeconds = 600;
    private static readonly Dictionary<string, SensorDefinition> None = [];

    public static IEnumerable<SettingsProblem?> Problems(SensorSettings? sensors) =>
    [
        SettingsCheck.OneOf("sensors.autoFix", sensors?.AutoFix, DeclaredSensor.AutoFixes),
        SettingsCheck.Positive("sensors.rounds", sensors?.Rounds),
        .. (sensors?.Define ?? None).SelectMany(one => Of($"sensors.define.{one.Key}", one.Key, one.Value)),
    ];

    public static IEnumerable<SettingsProblem?> Problems(IReadOnlyDictionary<string, LanguageServerSettings>? servers) =>
        (servers ?? new Dictionary<string, LanguageServerSettings>()).SelectMany(one => Of($"languageServers.{one.Key}", one.Value));

    private static IEnumerable<SettingsProblem?> Of(string path, LanguageServerSettings? server) =>
        server is null ? [new(path, $"'{path}' is null; write an object or leave it out.")]
        : [
            SettingsCheck.OneOf($"{path}.severity", server.Severity, DeclaredSensor.Severities),
            .. (server.When ?? []).Select(moment => SettingsCheck.OneOf($"{path}.when", moment, DeclaredSensor.ServerMoments)),
            .. (server.Extensions ?? new Dictionary<string, string>()).Select(SettingsProblem? (one) => one.Key.StartsWith('.') && one.Value is { Length: > 0 } ? null
                : new($"{path}.extensions", $"'{path}.extensions' has '{one.Key}'; an ending begins with a dot and has the name of a language.")),
        ];

    private static IEnumerable<SettingsProblem?> Of(string path, string name, SensorDefinition? sensor) =>
        name.Length is 0 or > 60 || name.Any(c => char.IsControl(c) || c is '\'' or '`') ? [new(path, $"'{path}': a sensor's name is 1 to 60 characters without quotes and control characters.")]
        : sensor is null ? [new(path, $"'{path}' is null; write an object or leave it out.")]
        : [
            sensor is { Command: not null, Prompt: not null } ? new(path, $"'{path}' has both 'command' and 'prompt'; a sensor runs a command or asks a model.") : null,
            SettingsCheck.OneOf($"{path}.severity", sensor.Severity, DeclaredSensor.Severities),
            SettingsCheck.Positive($"{path}.timeout", sensor.Timeout),
            sensor.Timeout > MostSeconds ? new($"{path}.timeout", $"'{path}.timeout' is {sensor.Timeout}, but must be at most {MostSeconds} seconds.") : null,
            sensor.Matcher is { Length: 0 } ? new($"{path}.matcher", $"'{path}.matcher' is empty.") : sensor.Matcher is { } matcher && Matchers.WhyNot(matcher) is { } why ? new($"{path}.matcher", $"'{path}.matcher': {why}.") : null,
            .. (sensor.When ?? []).Select(moment => SettingsCheck.OneOf($"{path}.when", moment, DeclaredSensor.Moments)),
            .. (sensor.Files ?? []).Select(pattern => InPattern(path, pattern)),
        ];

    private static SettingsProblem? InPattern(string path, string pattern) =>
        GlobPattern.Parse(pattern, out var error) is null ? new($"{path}.files", $"'{path}.files': the pattern '{pattern}' cannot be read: {error}.") : null;
}
