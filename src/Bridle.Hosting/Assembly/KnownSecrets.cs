using Bridle.Hosting.Providers;
using Bridle.Journal;

namespace Bridle.Hosting.Assembly;

/// <summary>Every secret that this process knows of, so that none of them reaches the log.</summary>
internal static class KnownSecrets
{
    private static readonly string[] Marks = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL", "OTLP_HEADERS"];

    /// <summary>A redactor for the keys in use, the stored ones, those in settings, and what the environment names like a secret.</summary>
    public static SecretRedactor Redactor(HostFiles files, ProviderChoice? choice)
    {
        var settings = files.Layers.Effective;
        var fromHeaders = Telemetry.TelemetryReading.Secrets(files.Environment, settings);
        var fromSettings = (settings.Providers?.Values ?? []).SelectMany(provider => (provider.Headers?.Values ?? []).Append(provider.ApiKey)).Append(settings.ApiKey);
        // What a provider's own variable holds is a key, whatever it looks like; other variables are judged by name and look.
        var fromKeyVariables = KeyVariables(settings).Select(name => files.Environment[name]);
        var fromEnvironment = files.Environment.Variables.Where(variable => SoundsSecret(variable.Key) && LooksSecret(variable.Value)).Select(variable => variable.Value);
        return new(files.Keys.Values.Concat(fromSettings).Concat(fromHeaders).Concat(fromKeyVariables).Append(choice?.Key == "ollama" ? null : choice?.Key).OfType<string>().Concat(fromEnvironment));
    }

    /// <summary>The variables that settings give to programs: all but those that hold a provider's key, which are for Bridle alone.</summary>
    public static IReadOnlyDictionary<string, string> WithoutKeys(HostFiles files)
    {
        var keys = KeyVariables(files.Layers.Effective).ToHashSet();
        return (files.Layers.Effective.Env ?? new Dictionary<string, string>()).Where(variable => !keys.Contains(variable.Key)).ToDictionary(variable => variable.Key, variable => variable.Value);
    }

    /// <summary>The variables that hold a provider's key.</summary>
    public static IEnumerable<string> KeyVariables(Settings.BridleSettings settings) =>
        KnownProviders.Default.Providers.SelectMany(known => known.KeyVariables).Concat((settings.Providers?.Values ?? []).Select(provider => provider.KeyEnv)).Append(settings.Recall?.Embeddings?.KeyEnv).OfType<string>();

    /// <summary>Whether a variable's name speaks of a secret.</summary>
    public static bool SoundsSecret(string name) => Marks.Any(mark => name.Contains(mark, StringComparison.OrdinalIgnoreCase));

    // Paths and words such as "disabled" are no secrets, whatever their variable is called.
    private static bool LooksSecret(string value) => value.Length >= 8 && !value.StartsWith('/') && !value.All(char.IsLetter);
}
