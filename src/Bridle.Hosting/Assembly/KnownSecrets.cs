using Bridle.Hosting.Providers;
using Bridle.Journal;

namespace Bridle.Hosting.Assembly;

/// <summary>Every secret that this process knows of, so that none of them reaches the log.</summary>
internal static class KnownSecrets
{
    private static readonly string[] Marks = ["KEY", "TOKEN", "SECRET", "PASSWORD", "PASSWD", "CREDENTIAL"];

    /// <summary>A redactor for the keys in use, the stored ones, those in settings, and what the environment names like a secret.</summary>
    public static SecretRedactor Redactor(HostFiles files, ProviderChoice? choice)
    {
        var settings = files.Layers.Effective;
        var fromSettings = (settings.Providers?.Values ?? []).SelectMany(provider => (provider.Headers?.Values ?? []).Append(provider.ApiKey)).Append(settings.ApiKey);
        // What a provider's own variable holds is a key, whatever it looks like; other variables are judged by name and look.
        var keyVariables = KnownProviders.Default.Providers.SelectMany(known => known.KeyVariables).Concat((settings.Providers?.Values ?? []).Select(provider => provider.KeyEnv)).OfType<string>();
        var fromKeyVariables = keyVariables.Select(name => files.Environment[name]);
        var fromEnvironment = files.Environment.Variables.Where(variable => Marks.Any(mark => variable.Key.Contains(mark, StringComparison.OrdinalIgnoreCase)) && LooksSecret(variable.Value)).Select(variable => variable.Value);
        return new(files.Keys.Values.Concat(fromSettings).Concat(fromKeyVariables).Append(choice?.Key == "ollama" ? null : choice?.Key).OfType<string>().Concat(fromEnvironment));
    }

    // Paths and words such as "disabled" are no secrets, whatever their variable is called.
    private static bool LooksSecret(string value) => value.Length >= 8 && !value.StartsWith('/') && !value.All(char.IsLetter);
}
