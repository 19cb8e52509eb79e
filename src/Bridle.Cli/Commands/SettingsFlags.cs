using System.CommandLine;
using Bridle.Hosting.Settings;

namespace Bridle.Cli.Commands;

/// <summary>The flags that say which settings count; the same for every command that reads settings.</summary>
internal static class SettingsFlags
{
    public static Option<string?> Settings() => new("--settings") { Description = "A settings file, or settings as JSON text, for this run", HelpName = "FILE|JSON" };

    public static Option<string?> Sources()
    {
        var option = new Option<string?>("--setting-sources") { Description = "Which settings files are read beside the administrator's: user, project, local", HelpName = "NAMES" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && SettingsPlaces.ParseSources(token.Value) is null)
            {
                result.AddError($"--setting-sources is '{token.Value}', but must be some of user, project, local, separated by commas.");
            }
        });
        return option;
    }

    public static Option<bool> Trust() => new("--trust") { Description = "Trust the folder for this run" };

    public static IReadOnlySet<SettingsOrigin>? SourcesOf(string? text) => text is null ? null : SettingsPlaces.ParseSources(text);
}
