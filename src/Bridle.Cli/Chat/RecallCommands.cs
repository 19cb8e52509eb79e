using Bridle.Cli.Commands;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Recall;

namespace Bridle.Cli.Chat;

/// <summary><c>/recall</c>: what was said in past sessions, without leaving this one. The model is not told.</summary>
internal sealed class RecallCommands(CommandContext context, Conversation conversation)
{
    private const int Most = 8;

    public IReadOnlyList<ChatCommand> Rows => [new("/recall", "QUERY", "find what was said in past sessions of this project (the model is not told)", FindAsync) { WorksWhenClosed = true }];

    private async Task<NextTurn?> FindAsync(string? query, CancellationToken cancellationToken)
    {
        if (query is null)
        {
            context.Io.Tell("  What shall be looked for? /recall QUERY");
            return null;
        }

        using var scope = context.Interrupts.Begin(cancellationToken);
        var same = conversation.Same;
        var index = RecallSetup.Open(HostFiles.Read(same));
        try
        {
            var answer = await index.SearchAsync(new(query, RecallSetup.ProjectOf(same.Folder, context.Environment.Home)) { Limit = Most, Without = conversation.Harness.Name }, scope.Token);
            if (answer.Problem is { } problem)
            {
                context.Io.Tell($"  {VisibleText.Of(problem)}");
            }
            else
            {
                new RecallText(context.Io, "  ").Write(answer, oneProject: true);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Io.Tell("  Interrupted.");
        }

        return null;
    }
}
