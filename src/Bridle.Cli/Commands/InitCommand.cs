using System.CommandLine;
using Bridle.Cli.Chat;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Settings;
using Bridle.Models;

namespace Bridle.Cli.Commands;

/// <summary>What is to be set up.</summary>
internal sealed record InitAnswers(string Provider, string? Model, string? Key, string? KeyEnv, string? BaseUrl, string? Api);

/// <summary><c>bridle init</c>: choose a provider, keep its key outside of any project, try the connection, choose a model. Also without a terminal, by flags.</summary>
internal static class InitCommand
{
    public static Command Build(CommandContext context)
    {
        var provider = new Option<string?>("--provider") { Description = $"The provider: {string.Join(", ", Choices.Select(known => known.Name))}, or a name of your own with --base-url", HelpName = "NAME" };
        provider.CompletionSources.Add([.. Choices.Select(known => known.Name)]);
        var model = new Option<string?>("--model", "-m") { Description = "The model to use", HelpName = "NAME" };
        var keyEnv = new Option<string?>("--key-env") { Description = "The variable that holds the key; the key itself is not stored", HelpName = "VARIABLE" };
        var keyStdin = new Option<bool>("--key-stdin") { Description = "Read the key from standard input and store it" };
        var baseUrl = new Option<string?>("--base-url") { Description = "Where the provider is served", HelpName = "URL" };
        var api = new Option<string?>("--api") { Description = $"The wire protocol: {string.Join(", ", ModelApis.Names)}", HelpName = "API" };
        api.AcceptOnlyFromAmong([.. ModelApis.Names]);
        var noTest = new Option<bool>("--no-test") { Description = "Do not try the connection" };
        var command = new Command("init", "Set up a model") { provider, model, keyEnv, keyStdin, baseUrl, api, noTest };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var scope = context.Interrupts.Begin(cancellationToken);
            if (parsed.GetValue(provider) is not { } name)
            {
                return context.Io.InIsTerminal
                    ? await AskAsync(context, null, scope.Token)
                    : RunCommand.Refuse(context, "text", new("usage", "There is no terminal to ask at, and no --provider.", "Say: bridle init --provider NAME --key-stdin --model NAME"), ExitCode.Usage);
            }

            var key = parsed.GetValue(keyStdin) ? (await context.Io.In.ReadToEndAsync(scope.Token)).Trim() : null;
            var answers = new InitAnswers(name, parsed.GetValue(model), key, parsed.GetValue(keyEnv), parsed.GetValue(baseUrl), parsed.GetValue(api));
            return await ApplyAsync(context, answers, !parsed.GetValue(noTest), scope.Token);
        });
        return command;
    }

    private static IReadOnlyList<KnownProvider> Choices => [.. KnownProviders.Default.Providers.Where(provider => provider.Name is not ("rehearsal" or "local"))];

    /// <summary>Asks the person, and sets up what they say.</summary>
    public static async Task<int> AskAsync(CommandContext context, ChatInput? input, CancellationToken cancellationToken)
    {
        var io = context.Io;
        var running = await context.FindLocalServers(cancellationToken);
        io.Out.WriteLine("Which provider?");
        for (var i = 0; i < Choices.Count; i++)
        {
            var here = running.Any(server => server.Server.Provider == Choices[i].Name) ? " (answers on this machine)" : Choices[i].KeyVariables.Any(name => context.Environment[name] is not null) ? " (its key is in the environment)" : "";
            io.Tell($"  {i + 1,2}. {Choices[i].Title}{here}");
        }

        var ask = new LineQuestions(context, input);
        if (await ask.LineAsync("Number or name: ", cancellationToken) is not { Length: > 0 } said)
        {
            return Left(context);
        }

        var known = int.TryParse(said, out var number) && number > 0 && number <= Choices.Count ? Choices[number - 1] : KnownProviders.Default.Find(said);
        if (known is null)
        {
            return RunCommand.Refuse(context, "text", new("usage", $"There is no provider '{said}' in the list.", "For another server: bridle init --provider NAME --base-url URL --model NAME"), ExitCode.Usage);
        }

        string? key = null;
        if (!known.Keyless && !known.KeyVariables.Any(name => context.Environment[name] is not null))
        {
            io.Tell($"Keys are made at {known.KeysAt}. The key is stored in {BridleFolders.For(context.Environment).Credentials}, readable by you only.");
            if ((key = await ask.SecretAsync("Key (not shown): ", cancellationToken)) is not { Length: > 0 })
            {
                return Left(context);
            }
        }

        var standard = running.FirstOrDefault(server => server.Server.Provider == known.Name)?.Model ?? known.DefaultModel;
        var model = await ask.LineAsync(standard is null ? "Model: " : $"Model [{standard}]: ", cancellationToken);
        return await ApplyAsync(context, new(known.Name, string.IsNullOrWhiteSpace(model) ? standard : model.Trim(), key, null, null, null), test: true, cancellationToken);
    }

    private static async Task<int> ApplyAsync(CommandContext context, InitAnswers answers, bool test, CancellationToken cancellationToken)
    {
        if (Problem(context, answers) is { } problem)
        {
            return RunCommand.Refuse(context, "text", problem, ExitCode.Usage);
        }

        var files = HostFiles.Read(context.Environment, context.Environment.CurrentDirectory);
        if (files.Problem is { } broken)
        {
            return RunCommand.Refuse(context, "text", new(broken.Kind, broken.Message, broken.Advice), ExitCode.Usage);
        }

        // Tried as it will be, before anything is written: what does not work must not take the place of what does.
        var tried = Would(files, answers);
        switch (await tried.ResolveAsync(new() { Model = answers.Model is { } name ? $"{answers.Provider}/{name}" : null }, context.FindLocalServers, cancellationToken))
        {
            case ProviderChosen chosen:
                if (test && await ModelsCommand.TestAsync(context, new ModelMaking(tried.Layers.Effective, files.Catalog, files.Environment).Make(chosen.Choice, null, 200), chosen.Choice, cancellationToken) is not ExitCode.Done and var failed)
                {
                    context.Io.TellError("Nothing was stored. Try again, or say --no-test to store it all the same.");
                    return failed;
                }

                return Store(context, files.Folders, answers, chosen.Choice.Model);
            case ProviderProblem wrong:
                return RunCommand.Refuse(context, "text", new("provider", wrong.Message, wrong.Advice), ExitCode.Usage);
            default:
                return RunCommand.Refuse(context, "text", new("provider", "No model was named.", "Give one with --model."), ExitCode.Usage);
        }
    }

    private static Output.Failure? Problem(CommandContext context, InitAnswers answers)
    {
        if (answers.Provider.Length == 0 || answers.Provider.Contains('/'))
        {
            return new("usage", "A provider's name is not empty and has no slash.", "");
        }

        if (answers.Key is { } key && (key.Length == 0 || key.Any(char.IsControl)))
        {
            return new("usage", "The key is empty or is not one line.", "Pipe the key alone into --key-stdin.");
        }

        if (answers.Key is not null && answers.KeyEnv is not null)
        {
            return new("usage", "--key-env and --key-stdin exclude each other.", "");
        }

        return KnownProviders.Default.Find(answers.Provider) is null && answers.BaseUrl is null && HostFiles.Read(context.Environment, context.Environment.CurrentDirectory).Layers.Effective.Providers?.ContainsKey(answers.Provider) is not true
            ? new("usage", $"'{answers.Provider}' is not a known provider.", $"Add --base-url for a provider of your own; known are {string.Join(", ", Choices.Select(known => known.Name))}.")
            : null;
    }

    private static HostFiles Would(HostFiles files, InitAnswers answers)
    {
        var settings = files.Layers.Effective;
        var providers = settings.Providers?.ToDictionary(entry => entry.Key, entry => entry.Value) ?? [];
        var own = providers.GetValueOrDefault(answers.Provider) ?? new();
        providers[answers.Provider] = own with { BaseUrl = answers.BaseUrl ?? own.BaseUrl, Api = answers.Api ?? own.Api, KeyEnv = answers.KeyEnv ?? (answers.Key is null ? own.KeyEnv : null) };
        var keys = files.Keys.ToDictionary(entry => entry.Key, entry => entry.Value);
        if (answers.Key is { } key)
        {
            keys[answers.Provider] = key;
        }

        return files with { PreviousModel = null, Keys = keys, Layers = files.Layers with { Effective = settings with { Providers = providers, Model = answers.Model is null ? null : $"{answers.Provider}/{answers.Model}" } } };
    }

    private static int Store(CommandContext context, BridleFolders folders, InitAnswers answers, string model)
    {
        try
        {
            if (answers.Key is { } key)
            {
                new Credentials(folders.Credentials).Store(answers.Provider, key);
            }

            var changes = new List<(string[], string?)> { (["model"], $"{answers.Provider}/{model}") };
            foreach (var (name, value) in new[] { ("baseUrl", answers.BaseUrl), ("api", answers.Api), ("keyEnv", answers.KeyEnv) })
            {
                if (value is not null)
                {
                    changes.Add((["providers", answers.Provider, name], value));
                }
            }

            var kept = UserSettingsFile.Set(folders.UserSettings, changes);
            context.Io.Tell($"{answers.Provider}/{model} is set up in {folders.UserSettings}.{(kept is null ? "" : $" Its comments are gone; the file before is {kept}.")}");
            return ExitCode.Done;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return RunCommand.Refuse(context, "text", new("settings", exception.Message, "Check the folder and try again."), ExitCode.Failed);
        }
    }

    private static int Left(CommandContext context)
    {
        context.Io.TellError("Nothing was set up.");
        return ExitCode.Usage;
    }
}
