using System.Text.Json;

namespace Bridle.FakeVendors;

/// <summary>OpenAI's error body.</summary>
internal static class OpenAiErrors
{
    public static string Body(FakeRefusal refusal)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("error");
            writer.WriteString("message", refusal.Message);
            writer.WriteString("type", refusal.Status switch { 401 or 400 or 404 => "invalid_request_error", 429 => "requests", _ => "server_error" });
            writer.WriteString("param", refusal.Param);
            writer.WriteString("code", refusal.Code);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
