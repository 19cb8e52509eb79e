using System.Text.Json;
using Bridle.Journal;

namespace Bridle.Hosting.Settings;

/// <summary>Settings as a person may see them: keys of providers, values of headers and of variables that sound secret are hidden.</summary>
public static class ShownValue
{
    private const string Hidden = "(hidden)";

    /// <summary>The value as text.</summary>
    public static string Of(SettingsValue value)
    {
        var text = value.Value.ValueKind is JsonValueKind.String ? value.Value.GetString()! : value.Value.GetRawText();
        return IsSecret(value.Key) ? Hidden : SecretRedactor.ShapesOnly.Redact(text);
    }

    private static bool IsSecret(string key)
    {
        var last = key[(key.LastIndexOf('.') + 1)..];
        return last == "apiKey"
            || key.Contains(".headers.", StringComparison.Ordinal)
            || (key.StartsWith("env.", StringComparison.Ordinal) && Assembly.KnownSecrets.SoundsSecret(last));
    }
}
