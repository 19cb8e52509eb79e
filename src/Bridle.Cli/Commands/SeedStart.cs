using System.Globalization;
using Bridle.Cli.Chat;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Providers;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Models.Catalog;

namespace Bridle.Cli.Commands;

/// <summary>
/// What llm-agent-harness does before a session begins: looks at its variables, tests the connection, refreshes the list of models, and finds the model. Where somebody is there
/// it asks; where nobody is, it says what is missing and ends.
/// </summary>
internal sealed class SeedStart(CommandContext context, string format)
{
    /// <summary>Nothing but the three servers counts.</summary>
    public bool OnlyServers { get; init; }

    public bool OneShot { get; init; }

    public bool TestsConnection { get; init; }

    public bool RefreshesModels { get; init; }

    public bool ChoosesSession { get; init; }

    /// <summary>The request with its model, or null and how the program ends. Without <paramref name="input"/> nobody is asked.</summary>
    public async Task<(HarnessRequest? Request, int ExitCode)> PrepareAsync(HarnessRequest request, ChatInput? input, CancellationToken cancellationToken)
    {
        var files = HostFiles.Read(request);
        (_files, _log) = (files, request.Log);
        if (SeedVariables.Problem(files.Environment) is { } variable)
        {
            return End("settings", variable.Message, variable.Advice);
        }

        if (files.Problem is { } broken)
        {
            return End(broken.Kind, broken.Message, broken.Advice);
        }

        var models = await SeedModels.FindAsync(files, request, OnlyServers, cancellationToken);
        if (models.Problem is { } problem)
        {
            return End(problem.Kind, problem.Message, problem.Advice);
        }

        if (await AskServerAsync(models, cancellationToken) is { } failed)
        {
            return failed;
        }


        var (ready, exitCode) = models.IsListed ? await WithModelAsync(request, models, input, cancellationToken) : (request, ExitCode.Done);
        return ready is null ? (null, exitCode) : await WithSessionAsync(ready, files.Folders, input, cancellationToken);
    }

    private HostFiles? _files;
    private FaultLog? _log;

    // A conversation whose input is a pipe takes its answers from there as well.
    private bool IsNobodyThere(ChatInput? input) => input is null && OneShot;

    private (HarnessRequest? Request, int ExitCode) End(string kind, string message, string advice, int exitCode = ExitCode.Usage, Func<Failure, string>? asObject = null)
    {
        Note($"did not start: {message}");
        TellNotices();
        var failure = new Failure(kind, message, context.Io.Hint(advice));
        if (asObject is null)
        {
            return (null, RunCommand.Refuse(context, format, failure, exitCode));
        }

        if (format != "text")
        {
            context.Io.Out.WriteLine(asObject(failure));
        }

        return (null, RunCommand.Refuse(context, "text", failure, exitCode));
    }

    // What --test-connection and --refresh-models say is the answer when nothing else is asked for. Gives how the program ends, or null when it goes on.
    private (HarnessRequest? Request, int ExitCode)? Tell(string text, Func<string> asObject)
    {
        Note(text);
        if (!OneShot)
        {
            context.Io.TellError(VisibleText.Of(text));
            return null;
        }

        TellNotices();
        context.Io.Tell(format == "text" ? VisibleText.Of(text) : asObject());
        return (null, ExitCode.Done);
    }

    // A session that begins tells them itself.
    private void TellNotices()
    {
        foreach (var notice in _files?.Notices ?? [])
        {
            context.Io.TellError(VisibleText.Of(context.Io.Hint(notice)));
        }
    }

    private void Note(string line) => _log?.Note(line.ReplaceLineEndings(" "));

    private async Task<(HarnessRequest? Request, int ExitCode)?> AskServerAsync(SeedModels models, CancellationToken cancellationToken)
    {
        if (!TestsConnection && !RefreshesModels)
        {
            return null;
        }

        if (models.Server is not { } server)
        {
            return End("unconfigured", "There is no server to ask: the model is built in, or none is configured.", $"Set {SeedVariables.Provider}, or run `bridle init`.");
        }

        if (RefreshesModels)
        {
            return await RefreshAsync(server, cancellationToken);
        }

        var tested = await server.TestAsync(cancellationToken);
        return tested.Answers ? Tell(tested.Text, () => ServerObject.Tested(server, tested.Text, null, ExitCode.Done))
            : End("connection", tested.Text, Advice(server), ExitCode.Vendor, failure => ServerObject.Tested(server, tested.Text, failure, ExitCode.Vendor));
    }

    private async Task<(HarnessRequest? Request, int ExitCode)?> RefreshAsync(InferenceServer server, CancellationToken cancellationToken)
    {
        var listed = await server.RefreshAsync(cancellationToken);
        if (listed.Problem is { } problem)
        {
            return End("connection", problem, Advice(server), ExitCode.Vendor, failure => ServerObject.Refreshed(server, failure, ExitCode.Vendor));
        }

        var able = listed.Entries.Count(entry => entry.Tools is Known.Yes);
        return Tell($"{server.Title}: {listed.Entries.Count} {(listed.Entries.Count == 1 ? "model" : "models")}, {able} with tool calls.", () => ServerObject.Refreshed(server, null, ExitCode.Done));
    }

    private static string Advice(InferenceServer server) => SeedVariables.Providers.Contains(server.Choice.Provider)
        ? $"Start it, or say where it is with {SeedVariables.Address}; {SeedVariables.Provider} names another one."
        : "See `bridle doctor`.";

    private async Task<(HarnessRequest? Request, int ExitCode)> WithModelAsync(HarnessRequest request, SeedModels models, ChatInput? input, CancellationToken cancellationToken)
    {
        var server = models.Server!;
        if (server.Models.Count == 0)
        {
            if (IsNobodyThere(input))
            {
                return End("models", $"The models of {server.Title} at {server.Choice.Address} are not known yet.", "Fetch the list with: --one-shot --refresh-models");
            }

            context.Io.Tell($"The models of {server.Title} at {server.Choice.Address} are not known yet.");
            if (!await IsYesAsync("Fetch the list? [y/n] ", input, cancellationToken))
            {
                return End("models", "Without a list of models there is nothing to talk to.", "");
            }

            if (await RefreshAsync(server, cancellationToken) is { } failed)
            {
                return failed;
            }
        }

        var (name, why) = models.Choose();
        if (name is null && IsNobodyThere(input))
        {
            return End("models", why!, $"Name one with --model. Known: {string.Join(", ", server.Models.Take(10).Select(entry => entry.Model))}{(server.Models.Count > 10 ? " …" : "")}");
        }

        name ??= await ChooseAsync(server, why!, input, cancellationToken);
        return name is null ? End("models", "No model was chosen.", "") : (request with { Wish = models.Wish(request.Wish, name) }, ExitCode.Done);
    }

    // Asked until the answer is one; the end of the input is a no.
    private async Task<bool> IsYesAsync(string question, ChatInput? input, CancellationToken cancellationToken)
    {
        while (await new LineQuestions(context, input).LineAsync(question, cancellationToken) is { } said)
        {
            switch (said.Trim().ToUpperInvariant())
            {
                case "Y" or "YES":
                    return true;
                case "N" or "NO":
                    return false;
                default:
                    context.Io.Tell("  Please answer y or n.");
                    break;
            }
        }

        return false;
    }

    private async Task<string?> ChooseAsync(InferenceServer server, string why, ChatInput? input, CancellationToken cancellationToken)
    {
        var listed = server.Models;
        context.Io.Tell(VisibleText.Of(why));
        for (var i = 0; i < listed.Count; i++)
        {
            context.Io.Out.WriteLine($"  {i + 1,2}. {VisibleText.Line(listed[i].Model, 100)}{Tools(listed[i])}");
        }

        while (await new LineQuestions(context, input).LineAsync("Which model? Number or name: ", cancellationToken) is { Length: > 0 } said)
        {
            var name = listed.Select(entry => entry.Model).FirstOrDefault(model => model == said)
                ?? (int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= listed.Count ? listed[number - 1].Model : null);
            if (name is not null)
            {
                return name;
            }

            var near = NearestName.Of(said, listed.Select(entry => entry.Model));
            context.Io.Tell($"  {VisibleText.Line(said, 60)} is not in the list.{(near is null ? "" : $" Did you mean {near}?")}");
        }

        return null;
    }

    private static string Tools(CatalogEntry entry) => entry.Tools switch { Known.Yes => "", Known.No => "  (no tool calls of its own)", _ => "  (tool calls: not known)" };

    private async Task<(HarnessRequest? Request, int ExitCode)> WithSessionAsync(HarnessRequest request, BridleFolders folders, ChatInput? input, CancellationToken cancellationToken)
    {
        if (!ChoosesSession)
        {
            return (request, ExitCode.Done);
        }

        if (IsNobodyThere(input))
        {
            return End("usage", "--resume needs the name of a session here, where nobody can choose one.", "`bridle sessions list` lists them.");
        }

        return await SessionCommands.ChooseAsync(context, new SessionStore(folders.Data, folders.State), null, input, cancellationToken) is { } name
            ? (request with { SessionName = name, Resume = true }, ExitCode.Done)
            : End("session", "No session was chosen.", "");
    }
}
