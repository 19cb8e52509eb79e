using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Providers;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Models.Catalog;

namespace Bridle.Cli.Commands;

/// <summary><c>bridle models</c>: which models there are, what is known about them, and whether one answers.</summary>
internal static class ModelsCommand
{
    public static Command Build(CommandContext context) =>
        new("models", "List, refresh and test models") { BuildList(context), BuildRefresh(context), BuildTest(context) };

    private static Command BuildList(CommandContext context)
    {
        var filter = new Argument<string?>("filter") { Description = "Only names that contain this", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("list", "List the models known from the last refresh") { filter };
        command.SetAction(parsed =>
        {
            var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
            if (files.Problem is { } problem)
            {
                return RunCommand.Refuse(context, "text", new(problem.Kind, problem.Message, problem.Advice), ExitCode.Usage);
            }

            var wanted = parsed.GetValue(filter) ?? "";
            var making = new ModelMaking(files.Layers.Effective, files.Catalog, files.Environment);
            var rows = files.Catalog.Entries
                .Where(entry => $"{entry.Provider}/{entry.Model}".Contains(wanted, StringComparison.OrdinalIgnoreCase))
                .OrderBy(entry => entry.Provider, StringComparer.Ordinal).ThenBy(entry => entry.Model, StringComparer.Ordinal)
                .Select(entry => Row(entry, making.Describe(new(entry.Provider, "openai", null, entry.Model, null, ""), null, null))).ToList();
            if (rows.Count == 0)
            {
                context.Io.TellError(wanted.Length > 0 ? $"No known model contains '{wanted}'. Fetch the lists with `bridle models refresh`." : "No models are known yet. Fetch the lists with `bridle models refresh`.");
                return ExitCode.Failed;
            }

            Columns.Write(context.Io, ["MODEL", "TOOLS", "WINDOW", "$/M IN", "$/M OUT"], rows);
            return ExitCode.Done;
        });
        return command;
    }

    private static string[] Row(CatalogEntry entry, ModelInfo model) =>
    [
        model.FullName, model.Tools is Known.Unknown && entry.RefusesToolsAt is { Count: > 0 } refusing ? $"no (at {string.Join(", ", refusing)})" : ToolGuess.Shown(model), model.ContextWindow?.ToString(CultureInfo.InvariantCulture) ?? "unknown",
        model.Price?.Input.ToString(CultureInfo.InvariantCulture) ?? "unknown", model.Price?.Output.ToString(CultureInfo.InvariantCulture) ?? "unknown",
    ];

    private static Command BuildRefresh(CommandContext context)
    {
        var only = new Argument<string?>("provider") { Description = "Only this provider", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("refresh", "Ask the configured providers and local servers for their models") { only };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
            if (files.Problem is { } problem)
            {
                return RunCommand.Refuse(context, "text", new(problem.Kind, problem.Message, problem.Advice), ExitCode.Usage);
            }

            using var scope = context.Interrupts.Begin(cancellationToken);
            return await RefreshAsync(context, files, parsed.GetValue(only), scope.Token);
        });
        return command;
    }

    private static async Task<int> RefreshAsync(CommandContext context, HostFiles files, string? only, CancellationToken cancellationToken)
    {
        using var http = ModelLister.Client(TimeSpan.FromSeconds(20));
        var lister = new ModelLister(http, TimeProvider.System);
        var configured = (await ConfiguredProviders.FindAsync(files, context.FindLocalServers, cancellationToken)).Where(provider => only is null || provider.Provider == only).ToList();
        if (configured.Count == 0)
        {
            var message = only is null ? "No provider is configured and no local server answers." : $"The provider '{only}' is not configured.";
            return RunCommand.Refuse(context, "text", new("provider", message, "Run `bridle init`, or set a provider's key."), ExitCode.Usage);
        }

        var failed = 0;
        foreach (var provider in configured)
        {
            var listed = await lister.ListAsync(new(provider.Provider, provider.Api, provider.BaseUrl!, provider.Key), cancellationToken);
            if (listed.Problem is { } wrong)
            {
                failed++;
                context.Io.TellError($"{provider.Provider}: {VisibleText.Of(wrong)}");
                continue;
            }

            files.Catalog.Replace(provider.Provider, listed.Entries);
            context.Io.Tell($"{provider.Provider}: {listed.Entries.Count} models");
        }

        return failed > 0 ? ExitCode.Vendor : ExitCode.Done;
    }

    private static Command BuildTest(CommandContext context)
    {
        var model = new Argument<string?>("model") { Description = "The model, as provider/model; else the one that would be used", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("test", "Send one short request and show what came back") { model };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var scope = context.Interrupts.Begin(cancellationToken);
            var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
            if (files.Problem is { } broken)
            {
                return RunCommand.Refuse(context, "text", new(broken.Kind, broken.Message, broken.Advice), ExitCode.Usage);
            }

            switch (await files.ResolveAsync(new() { Model = parsed.GetValue(model) }, context.FindLocalServers, scope.Token))
            {
                case ProviderChosen chosen:
                    return await TestAsync(context, new ModelMaking(files.Layers.Effective, files.Catalog, files.Environment).Make(chosen.Choice, null, 200), chosen.Choice, scope.Token);
                case ProviderProblem problem:
                    return RunCommand.Refuse(context, "text", new("provider", problem.Message, problem.Advice), ExitCode.Usage);
                default:
                    return RunCommand.Refuse(context, "text", new("unconfigured", "No provider is configured and no local server answers.", "Run `bridle init`, or set a provider's key."), ExitCode.Usage);
            }
        });
        return command;
    }

    /// <summary>One short request; also how <c>init</c> tries a connection.</summary>
    public static async Task<int> TestAsync(CommandContext context, IModel model, ProviderChoice choice, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var request = new ModelRequest { Messages = [Message.User("Answer with the single word: ready")], ToolCalling = ToolCalling.None, MaxOutputTokens = 200, Stream = false };
        await foreach (var update in model.StreamAsync(request, cancellationToken))
        {
            switch (update)
            {
                case RetryScheduled retry:
                    context.Io.TellError($"Waiting {retry.Delay.TotalSeconds:0.#} s before try {retry.Attempt} of {retry.Of}: {VisibleText.Line(retry.Error.Message, 200)}");
                    break;
                case ReplyFailed failed:
                    return RunCommand.Refuse(context, "text", new("model", $"{choice.FullName} at {choice.Address}: {failed.Error.Message}", failed.Error.Advice), ExitCode.Of(failed.Error.Kind));
                case ReplyFinished finished:
                    context.Io.Tell($"{choice.FullName} answers ({clock.ElapsedMilliseconds} ms): {VisibleText.Line(finished.Reply.Text, 100)}");
                    return ExitCode.Done;
            }
        }

        return ExitCode.Failed;
    }
}
