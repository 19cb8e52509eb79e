using System.CommandLine;
using System.Text;
using System.Text.Json;
using Bridle.Cli.Output;
using Bridle.Hosting;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle context show</c>: what the model is sent before anybody has said anything, part by part.</summary>
internal static class ContextShowCommand
{
    public static Command Build(CommandContext context)
    {
        var folder = new Option<string?>("--cwd", "--project-dir") { Description = "The folder to work in", HelpName = "FOLDER" };
        var (settings, sources, trust) = (SettingsFlags.Settings(), SettingsFlags.Sources(), SettingsFlags.Trust());
        var json = new Option<bool>("--json") { Description = "One JSON object" };
        var show = new Command("show", "Show what the model is sent at the start, each part with its source and size") { folder, settings, sources, trust, json };
        show.SetAction(parsed =>
        {
            var (overview, problem) = ContextOverview.Of(new HarnessRequest(context.Environment, FolderArgument.Full(parsed.GetValue(folder), context.Environment))
            {
                Settings = parsed.GetValue(settings), SettingSources = SettingsFlags.SourcesOf(parsed.GetValue(sources)), TrustFolder = parsed.GetValue(trust),
            });
            if (overview is null)
            {
                return RunCommand.Refuse(context, "text", new(problem!.Kind, problem.Message, problem.Advice), ExitCode.Usage);
            }

            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(Json(overview));
            }
            else
            {
                Write(context, overview);
            }

            return ExitCode.Done;
        });
        return new Command("context", "Show what the model is told") { show };
    }

    private static void Write(CommandContext context, ContextOverview overview)
    {
        var tools = overview.Parts.Where(part => part.Kind is "tool").ToList();
        IEnumerable<ContextPart> parts = [.. overview.Parts.Except(tools), .. tools.OrderByDescending(tool => tool.Bytes)];
        static string[] Row(string kind, int bytes, int tokens, string source) => [kind, $"{bytes}", $"{tokens}", source];
        Columns.Write(context.Io, ["PART", "BYTES", "TOKENS", "SOURCE"],
        [
            .. parts.Select(part => Row(part.Kind, part.Bytes, part.Tokens, part.Source)),
            Row("all", overview.Parts.Sum(part => part.Bytes), overview.Parts.Sum(part => part.Tokens), "tokens are estimated; the vendor counts them itself"),
            .. overview.Waiting.Select(rule => Row("later", rule.Part.Bytes, rule.Part.Tokens, $"{rule.Part.Source} when a file like {rule.About} is seen")),
            .. overview.Deferred.Select(tool => Row("later", tool.Bytes, tool.Tokens, $"{tool.Source} when ToolSearch loads it")),
            .. overview.Skills.Select(skill => Row("later", skill.Part.Bytes, skill.Part.Tokens, $"{skill.Part.Source} when the skill {skill.Name} is used")),
            .. overview.Guides.Select(guide => new[] { "guide", guide.Bytes is { } bytes ? $"{bytes}" : "?", guide.Tokens is { } tokens ? $"{tokens}" : "?", $"{guide.Words} ({guide.Source})" }),
            .. overview.Controls.Select(control => Row(control.Kind, 0, 0, $"{control.What} ({control.Source})")),
        ]);
        foreach (var left in overview.Left)
        {
            context.Io.Tell($"Not read: {Terminals.VisibleText.Of(left)}", hang: 10);
        }
    }

    private static string Json(ContextOverview overview)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            WriteParts(writer, "parts", overview.Parts.Select(part => (part, "")), "");
            WriteParts(writer, "later", overview.Waiting, "about");
            WriteParts(writer, "deferred", overview.Deferred.Select(part => (part, "")), "");
            WriteParts(writer, "skills", overview.Skills, "name");
            WriteGuides(writer, overview.Guides);
            writer.WriteStartArray("controls");
            foreach (var control in overview.Controls)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", control.Kind);
                writer.WriteString("what", control.What);
                writer.WriteString("source", control.Source);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("left");
            foreach (var left in overview.Left)
            {
                writer.WriteStringValue(left);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteGuides(Utf8JsonWriter writer, IEnumerable<ContextGuide> guides)
    {
        writer.WriteStartArray("guides");
        foreach (var guide in guides)
        {
            GuideJson.Of(guide).WriteTo(writer);
        }

        writer.WriteEndArray();
    }

    private static void WriteParts(Utf8JsonWriter writer, string list, IEnumerable<(ContextPart Part, string More)> parts, string field)
    {
        writer.WriteStartArray(list);
        foreach (var (part, more) in parts)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", part.Kind);
            writer.WriteString("source", part.Source);
            writer.WriteNumber("bytes", part.Bytes);
            writer.WriteNumber("tokens", part.Tokens);
            if (field.Length > 0)
            {
                writer.WriteString(field, more);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
