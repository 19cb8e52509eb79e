using System.Text.Json;
using Bridle.Hosting.Providers;

namespace Bridle.Cli.Output;

/// <summary>What <c>--test-connection</c> and <c>--refresh-models</c> found, for machines: one object. Its fields are described in docs/reference/events.md.</summary>
internal static class ServerObject
{
    /// <summary>Whether the server is there; with a failure it is not.</summary>
    public static string Tested(InferenceServer server, string said, Failure? failure, int exitCode) => ResultObject.Write(writer =>
    {
        Head(writer, "connection_tested", server, failure);
        writer.WriteBoolean("answers", failure is null);
        writer.WriteString("said", said);
        writer.WriteNumber("exit_code", exitCode);
    });

    /// <summary>The list of models that was fetched and stored; with a failure the stored one, which is what it was.</summary>
    public static string Refreshed(InferenceServer server, Failure? failure, int exitCode) => ResultObject.Write(writer =>
    {
        Head(writer, "models_refreshed", server, failure);
        writer.WriteStartArray("models");
        foreach (var entry in server.Models)
        {
            writer.WriteStartObject();
            writer.WriteString("name", entry.Model);
            writer.WriteString("tools", ResultObject.Snake(entry.Tools.ToString()));
            if (entry.ContextWindow is { } window)
            {
                writer.WriteNumber("context_window", window);
            }
            else
            {
                writer.WriteNull("context_window");
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("exit_code", exitCode);
    });

    private static void Head(Utf8JsonWriter writer, string type, InferenceServer server, Failure? failure)
    {
        writer.WriteString("type", type);
        writer.WriteBoolean("is_error", failure is not null);
        ResultObject.WriteError(writer, failure);
        writer.WriteString("provider", server.Choice.Provider);
        writer.WriteString("address", server.Choice.Address);
    }
}
