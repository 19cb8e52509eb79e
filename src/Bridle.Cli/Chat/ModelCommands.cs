using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Providers;

namespace Bridle.Cli.Chat;

/// <summary>The commands about the model and the server that it is on.</summary>
internal sealed class ModelCommands(CommandContext context, Conversation conversation, ChatInput? input)
{
    private readonly CommandIo _io = context.Io;

    public IReadOnlyList<ChatCommand> Rows =>
    [
        new("/model", "[NAME]", "show the model, or change it for the next messages", ModelAsync) { Complete = Known },
        new("/stream", "", "switch streaming of replies on or off", (_, _) => ChatCommands.Done(Stream)),
        new("/refresh-models", "", "fetch the list of models again", (_, token) => RefreshAsync(token)),
        new("/test-connection", "", "ask the model's server whether it is there", (_, token) => TestAsync(token)),
    ];

    private IReadOnlyList<string> Known(string typed)
    {
        var own = conversation.Harness.Session.Model.Info.Provider + "/";
        var all = conversation.Harness.KnownModels();
        var bare = all.Where(name => name.StartsWith(own, StringComparison.Ordinal)).Select(name => name[own.Length..]);
        return ChatCommands.Beginning(bare.Concat(all), typed);
    }

    private async Task<NextTurn?> ModelAsync(string? wanted, CancellationToken cancellationToken)
    {
        var harness = conversation.Harness;
        if (wanted is null)
        {
            _io.Tell($"  {VisibleText.Line(harness.Session.Model.Info.FullName, 200)}");
            return null;
        }

        var (model, problem) = await harness.FindModelAsync(wanted, cancellationToken);
        if (model is null)
        {
            _io.Tell($"  {VisibleText.Of($"{problem!.Message} {problem.Advice}")}");
            return null;
        }

        if (await harness.SwitchModelAsync(wanted, model, "command", ConfirmAsync, cancellationToken) is { } kept)
        {
            _io.Tell($"  {VisibleText.Of(kept)}");
            return null;
        }

        var unlisted = harness.KnownModels() is { Count: > 0 } known && !known.Contains(model.Info.FullName) && known.Any(name => name.StartsWith(model.Info.Provider + "/", StringComparison.Ordinal));
        _io.Tell($"  {VisibleText.Line(model.Info.FullName, 200)} answers from now on.{(unlisted ? " It is not in the list of models; /refresh-models fetches that again." : "")}");
        if (harness.LoweredTokens(model.Info) is { } lowered)
        {
            _io.Tell($"  {VisibleText.Of(lowered)}");
        }

        if (model.Info is { Tools: Models.Known.No, Simulated: false })
        {
            _io.Tell("  It has no tool calls of its own; tools are described in the prompt.");
        }

        return null;
    }

    private async Task<bool> ConfirmAsync(string question, CancellationToken cancellationToken)
    {
        _io.Tell($"  {VisibleText.Of(question)}");
        return await new LineQuestions(context, input).KeyAsync("  Change the model? [y/n] ", "yn", cancellationToken) is 'y';
    }

    private void Stream()
    {
        var session = conversation.Harness.Session;
        session.Stream = !session.Stream;
        _io.Tell(session.Stream ? "  Replies are streamed from now on." : "  Replies come as a whole from now on.");
    }

    private Task<NextTurn?> RefreshAsync(CancellationToken cancellationToken) => AskServerAsync(async (server, token) =>
    {
        var listed = await server.RefreshAsync(token);
        _io.Tell(listed.Problem is { } problem ? $"  {VisibleText.Of(problem)} The list is what it was." : $"  {server.Choice.Provider}: {listed.Entries.Count} {(listed.Entries.Count == 1 ? "model" : "models")}");
    }, cancellationToken);

    private Task<NextTurn?> TestAsync(CancellationToken cancellationToken) =>
        AskServerAsync(async (server, token) => _io.Tell($"  {VisibleText.Of((await server.TestAsync(token)).Text)}"), cancellationToken);

    private async Task<NextTurn?> AskServerAsync(Func<InferenceServer, CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        using var scope = context.Interrupts.Begin(cancellationToken);
        try
        {
            if (await conversation.Harness.FindServerAsync(scope.Token) is { } server)
            {
                await ask(server, scope.Token);
            }
            else
            {
                _io.Tell("  This model is built in and has no server.");
            }
        }
        catch (OperationCanceledException) when (scope.Token.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            _io.Tell("  Interrupted.");
        }

        return null;
    }
}
