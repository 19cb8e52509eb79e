using System.CommandLine;
using System.Text.Json;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Settings;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle settings</c>: what holds and which file says so, what is wrong with a file, and the schema for editors.</summary>
internal static class SettingsCommand
{
    public static Command Build(CommandContext context) => new("settings", "Show and check settings") { BuildShow(context), BuildCheck(context), BuildSchema(context) };

    private static Command BuildShow(CommandContext context)
    {
        var origin = new Option<bool>("--origin") { Description = "Show the file that each value comes from" };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var folder = new Option<string?>("--cwd", "--project-dir") { Description = "The folder to work in", HelpName = "FOLDER" };
        var settings = SettingsFlags.Settings();
        var sources = SettingsFlags.Sources();
        var trust = SettingsFlags.Trust();
        var command = new Command("show", "Show the value of each key that is set, secrets hidden") { origin, json, folder, settings, sources, trust };
        command.SetAction(parsed =>
        {
            var path = FolderArgument.Full(parsed.GetValue(folder), context.Environment);
            var files = HostFiles.Read(new HarnessRequest(context.Environment, path)
            {
                Settings = parsed.GetValue(settings), SettingSources = SettingsFlags.SourcesOf(parsed.GetValue(sources)), TrustFolder = parsed.GetValue(trust),
            });
            if (files.Layers.Errors.Count > 0)
            {
                return RunCommand.Refuse(context, "text", new("settings", string.Join(' ', files.Layers.Errors), ""), ExitCode.Usage);
            }

            foreach (var notice in files.Layers.Notices.Concat(files.Layers.Locked))
            {
                context.Io.TellError($"bridle: {VisibleText.Of(notice)}");
            }

            Show(context.Io, files.Layers, parsed.GetValue(origin), parsed.GetValue(json));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Show(CommandIo io, LayeredSettings layers, bool origin, bool json)
    {
        if (json)
        {
            io.Out.WriteLine(AsJson(layers));
            return;
        }

        if (layers.Values.Count == 0)
        {
            io.TellError("No settings file says anything.");
            return;
        }

        IReadOnlyList<string> heads = origin ? ["KEY", "VALUE", "FROM"] : ["KEY", "VALUE"];
        Columns.Write(io, heads, [.. layers.Values.Select(value =>
        {
            IReadOnlyList<string> row = [value.Key, ShownValue.Of(value)];
            return origin ? [.. row, string.Join(", ", value.Sources)] : row;
        })]);
    }

    private static string AsJson(LayeredSettings layers)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("layers");
            foreach (var layer in layers.Layers)
            {
                writer.WriteStartObject();
                writer.WriteString("layer", NameOf(layer.Origin));
                writer.WriteString("file", layer.Path);
                writer.WriteBoolean("may_widen", layer.MayWiden);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("values");
            foreach (var value in layers.Values)
            {
                writer.WriteStartObject();
                writer.WriteString("key", value.Key);
                writer.WriteString("value", ShownValue.Of(value));
                writer.WriteStartArray("from");
                foreach (var source in value.Sources)
                {
                    writer.WriteStringValue(source);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static string NameOf(SettingsOrigin origin) => origin switch
    {
        SettingsOrigin.Managed => "managed",
        SettingsOrigin.CommandLine => "command-line",
        SettingsOrigin.ProjectLocal => "local",
        SettingsOrigin.Project => "project",
        _ => "user",
    };

    private static Command BuildCheck(CommandContext context)
    {
        var file = new Argument<string>("file") { Description = "The settings file" };
        var command = new Command("check", "Say everything that is wrong with a settings file") { file };
        command.SetAction(parsed =>
        {
            var path = FolderArgument.Full(parsed.GetValue(file), context.Environment);
            try
            {
                var findings = SettingsReview.Of(path, context.Environment);
                var problems = findings.Count(finding => !finding.IsWarning);
                foreach (var finding in findings)
                {
                    context.Io.Tell($"{path}:{finding.Line}: {(finding.IsWarning ? "warning: " : "")}{VisibleText.Of(finding.Text)}");
                }

                context.Io.TellError(findings.Count == 0 ? $"{path} is fine." : problems == 0 ? $"{path} is fine, but see the warnings." : $"{path} has {problems} {(problems == 1 ? "problem" : "problems")}.");
                return problems == 0 ? ExitCode.Done : ExitCode.Failed;
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return RunCommand.Refuse(context, "text", new("usage", $"{path} cannot be read: {unreadable.Message.TrimEnd('.')}.", "Name a settings file."), ExitCode.Usage);
            }
        });
        return command;
    }

    private static Command BuildSchema(CommandContext context)
    {
        var command = new Command("schema", "Print the JSON Schema of settings files, for editors");
        command.SetAction(_ =>
        {
            context.Io.Out.Write(SettingsSchema.Text);
            return ExitCode.Done;
        });
        return command;
    }
}
