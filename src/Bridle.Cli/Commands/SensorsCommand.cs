using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Sensors;
using Bridle.Models.Rehearsal;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle sensors</c>: which sensors there are, what was found of which they are made, and what they say now.</summary>
internal static class SensorsCommand
{
    private static readonly JsonSerializerOptions s_plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    public static Command Build(CommandContext context) => new("sensors", "List the sensors of settings and of this folder, and let them look") { BuildList(context), BuildRun(context) };

    private static Command BuildList(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var settings = new SettingsToRead();
        var command = new Command("list", "List every sensor: what it runs, when, and why it does not look if it does not") { json };
        settings.AddTo(command);
        command.SetAction(parsed =>
        {
            var (book, refused) = BookOf(context, settings.Read(parsed, context), parsed.GetValue(json) ? "json" : "text");
            if (book is null)
            {
                return refused;
            }

            if (parsed.GetValue(json))
            {
                context.Io.Out.WriteLine(new JsonArray([.. book.All.Select(JsonNode (one) => Fields(one))]).ToJsonString(s_plain));
            }
            else
            {
                Show(context.Io, book);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static Command BuildRun(CommandContext context)
    {
        var name = new Argument<string?>("name") { Description = "Which sensor; every one that looks when left out", Arity = ArgumentArity.ZeroOrOne };
        var settings = new SettingsToRead();
        var command = new Command("run", "Let sensors look at the whole folder now. Exit code 1 when one is red or could not look") { name };
        settings.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var scope = context.Interrupts.Begin(cancellationToken);
            return await RunAsync(context, settings.Read(parsed, context), parsed.GetValue(name), scope.Token);
        });
        return command;
    }

    // What files that cannot be used say of sensors is not known: that there is none would be a lie.
    private static (SensorBook? Book, int ExitCode) BookOf(CommandContext context, HarnessRequest request, string format)
    {
        var files = HostFiles.Read(request);
        return files.Problem is { } broken ? (null, RunCommand.Refuse(context, format, new(broken.Kind, broken.Message, broken.Advice), ExitCode.Usage)) : (SensorBook.Of(files), ExitCode.Done);
    }

    private static async Task<int> RunAsync(CommandContext context, HarnessRequest request, string? name, CancellationToken cancellationToken)
    {
        var (book, refused) = BookOf(context, request, "text");
        if (book is null)
        {
            return refused;
        }

        var wanted = name is null ? book.Active.ToList() : [.. book.All.Where(one => one.Name == name)];
        if (wanted.Count == 0)
        {
            var near = name is null ? null : NearestName.Of(name, book.All.Select(one => one.Name));
            return RunCommand.Refuse(context, "text", new("usage", name is null ? "No sensor looks here." : $"There is no sensor '{name}'.", near is null ? "`bridle sensors list` shows them." : $"Did you mean '{near}'?"), ExitCode.Usage);
        }

        if (wanted.FirstOrDefault(one => one.WhyNot is not null && !one.IsOnlyOff) is { } not)
        {
            return RunCommand.Refuse(context, "text", new("usage", $"The sensor '{not.Name}' does not look: {not.WhyNot}", ""), ExitCode.Usage);
        }

        // Only a judge needs a model.
        request = request with { InMemory = true, Model = wanted.Any(one => one.Prompt is not null) ? null : new RehearsalModel(), Sinks = [new TurnText(context.Io, live: false)] };
        var start = await Composition.StartAsync(request, cancellationToken);
        if (start is HarnessRefused no)
        {
            return RunCommand.Refuse(context, "text", new(no.Kind, no.Message, no.Advice), ExitCode.Usage);
        }

        await using var harness = ((HarnessStarted)start).Harness;
        var isGreen = true;
        foreach (var one in wanted)
        {
            var looked = await harness.LookAsync(one.Name, cancellationToken);
            isGreen &= looked?.State is SensorState.Green;
            context.Io.Out.WriteLine(VisibleText.Of(looked?.Note ?? $"The sensor '{one.Name}' could not look."));
        }

        return isGreen ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Show(CommandIo io, SensorBook book)
    {
        if (book.All.Count == 0)
        {
            io.Tell("There are no sensors, and nothing in this folder that a ready-made one fits. docs/sensors.md shows how to write one.");
            return;
        }

        var style = new Styling(io.Color && io.OutIsTerminal);
        foreach (var one in book.All)
        {
            var mark = one.WhyNot is null ? style.Green("looks") : style.Dim("off  ");
            io.Tell($"{mark} {VisibleText.Of(one.Name)} [{string.Join(", ", one.Written.When ?? ["turn"])}]  {VisibleText.Line(one.Command ?? $"asks a model: {one.Prompt}", 200)}", hang: 6);
            io.Tell(style.Dim($"      {(one.IsReadyMade ? "ready-made, because of " : "")}{VisibleText.Of(one.From)}{(one.Fix is { } fix ? $"; fix: {VisibleText.Line(fix, 200)}" : "")}"), hang: 6);
            if (one.WhyNot is { } why)
            {
                io.Tell($"      {VisibleText.Of(why)}", hang: 6);
            }
        }
    }

    private static JsonObject Fields(DeclaredSensor one) => new()
    {
        ["name"] = one.Name,
        ["looks"] = one.WhyNot is null,
        ["why_not"] = one.WhyNot,
        ["when"] = new JsonArray([.. (one.Written.When ?? ["turn"]).Select(when => (JsonNode)when)]),
        ["command"] = one.Command,
        ["prompt"] = one.Prompt,
        ["fix"] = one.Fix,
        ["files"] = one.Written.Files is { } files ? new JsonArray([.. files.Select(file => (JsonNode)file)]) : null,
        ["matcher"] = one.Command is null ? null : one.Matcher,
        ["severity"] = one.Written.Severity ?? "block",
        ["timeout"] = one.Seconds,
        ["ready_made"] = one.IsReadyMade,
        ["from"] = one.From,
    };
}
