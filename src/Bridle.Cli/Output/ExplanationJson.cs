using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Bridle.Permissions;

namespace Bridle.Cli.Output;

/// <summary>An explanation as one JSON object. Its fields are described in docs/permissions.md.</summary>
internal static class ExplanationJson
{
    public static string Of(string asked, Explanation why, bool headless)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteString("call", asked);
            writer.WriteBoolean("headless", headless);
            writer.WriteString("verdict", why.Judgement.Verdict.ToString().ToLowerInvariant());
            writer.WriteString("reason", why.Judgement.Reason);
            writer.WriteString("rule", why.Judgement.Rule);
            Strings(writer, "tree", why.Tree);
            writer.WriteStartArray("parts");
            foreach (var part in why.Parts)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", part.Kind);
                writer.WriteString("text", part.Text);
                writer.WriteString("says", part.Says);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("rules");
            foreach (var hit in why.Hits)
            {
                writer.WriteStartObject();
                writer.WriteString("verdict", hit.Rule.Verdict.ToString().ToLowerInvariant());
                writer.WriteString("rule", hit.Rule.Text);
                writer.WriteString("from", hit.Rule.Source.Name);
                writer.WriteString("part", hit.What);
                writer.WriteBoolean("decides", hit.Decides);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            Strings(writer, "would_allow", why.Suggested);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void Strings(Utf8JsonWriter writer, string name, IReadOnlyList<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }
}
