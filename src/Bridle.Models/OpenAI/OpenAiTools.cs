using System.Text.Json;
using Bridle.Models.Http;

namespace Bridle.Models.OpenAI;

/// <summary>The <c>tools</c> array of both protocols.</summary>
internal static class OpenAiTools
{
    private static readonly WireCache<IReadOnlyList<ToolSchema>> Cache = new();

    /// <summary>Adds the tools when the request offers any natively; where calls are forbidden they stay, so that the prefix does, and may not be chosen.</summary>
    /// <param name="body">Where they go.</param>
    /// <param name="request">The request.</param>
    /// <param name="flat">True for Responses, where a tool's fields are not inside <c>function</c>.</param>
    public static void Add(RequestBody body, ModelRequest request, bool flat)
    {
        if (request.ToolCalling is Messages.ToolCalling.Prompted || request.Tools.Count is 0)
        {
            return;
        }

        if (body.Begin("tools"))
        {
            body.Raw(Cache.Get(request.Tools, flat ? "flat" : "nested", flat, static (writer, tools, flat) => Write(writer, tools, flat)));
        }

        if (request.ToolCalling is Messages.ToolCalling.None)
        {
            body.Add("tool_choice", "none");
        }
    }

    private static void Write(Utf8JsonWriter writer, IReadOnlyList<ToolSchema> tools, bool flat)
    {
        writer.WriteStartArray();
        foreach (var tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            if (!flat)
            {
                writer.WriteStartObject("function");
            }

            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parameters");
            tool.Parameters.WriteTo(writer);
            if (flat)
            {
                // Left out, Responses would make every schema strict, which ours need not satisfy.
                writer.WriteBoolean("strict", false);
            }
            else
            {
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
