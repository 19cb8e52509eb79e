namespace Bridle.Hosting.Settings;

/// <summary>The published JSON Schema of settings files. The file is made from <see cref="BridleSettings"/>; a test holds them equal.</summary>
public static class SettingsSchema
{
    /// <summary>The schema.</summary>
    public static string Text
    {
        get
        {
            using var stream = typeof(SettingsSchema).Assembly.GetManifestResourceStream("settings.schema.json")!;
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
    }
}
