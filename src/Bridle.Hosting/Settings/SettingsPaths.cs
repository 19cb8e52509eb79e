using System.Text.Json;

namespace Bridle.Hosting.Settings;

/// <summary>Names of keys by the way to them, such as <c>providers.NAME.model</c>, where <c>NAME</c> stands for any name.</summary>
internal static class SettingsPaths
{
    /// <summary>The document without the keys of these names.</summary>
    public static JsonElement Without(JsonElement document, IReadOnlySet<string> ignored)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Copy(writer, document, "", ignored);
        }

        using var copied = JsonDocument.Parse(buffer.ToArray());
        return copied.RootElement.Clone();
    }

    private static void Copy(Utf8JsonWriter writer, JsonElement value, string path, IReadOnlySet<string> ignored)
    {
        if (value.ValueKind is not JsonValueKind.Object)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var property in value.EnumerateObject())
        {
            var name = path is "providers." or "prices." or "permissions.examples." or "sensors.define." or "languageServers." ? "NAME" : property.Name;
            if (!ignored.Contains(path + name))
            {
                writer.WritePropertyName(property.Name);
                Copy(writer, property.Value, $"{path}{name}.", ignored);
            }
        }

        writer.WriteEndObject();
    }
}
