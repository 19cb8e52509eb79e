using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bridle.Models.Tests;

/// <summary>Compares with a text that a person approved. What came instead is written beside the test's binaries as <c>.received.txt</c>.</summary>
internal static class Approved
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Bodies(string name, IEnumerable<JsonElement> bodies) => Text(name, string.Join("\n---\n", bodies.Select(Indented)));

    public static void Text(string name, string received)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "Approved");
        var file = Path.Combine(folder, name + ".approved.txt");
        var approved = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n").TrimEnd() : "";
        if (approved != received.TrimEnd())
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText(Path.Combine(folder, name + ".received.txt"), received + "\n");
        }

        Assert.Equal(approved, received.TrimEnd());
    }

    private static string Indented(JsonElement body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Readable))
        {
            body.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray()).ReplaceLineEndings("\n");
    }
}
