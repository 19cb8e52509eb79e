using Bridle.Cli.Commands;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Sessions;

namespace Bridle.Cli.Chat;

/// <summary>What happens when another program changed the session's file while it was open: it is opened again, which shows the changes and asks, and what was said goes with it.</summary>
internal sealed class OutsideChange(CommandContext context, Conversation conversation, IShownTurn shown)
{
    private const int MostWords = 2_000;

    private readonly Styling _style = new(context.Io.Color && context.Io.ErrorIsTerminal);

    /// <summary>Opens the session again. False: it stays closed, and the person was told why and what is in no file.</summary>
    /// <param name="lost">What the turn left, or null when none ran.</param>
    /// <param name="text">The message of the turn, or null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<bool> ReopenAsync(UnrecordedTurn? lost, string? text, CancellationToken cancellationToken)
    {
        shown.Abandon();
        shown.Say(_style.Yellow("Another program changed the session's file while it was open. It is opened again."));
        var taken = lost is null || text is null || conversation.Harness.Session.Transcript.Knows(lost.MessageId);
        if (await OpenAsync(cancellationToken) is { } refused)
        {
            shown.Say(_style.Red(VisibleText.Of($"{refused.Message} {refused.Advice}".TrimEnd())));
            if (!taken)
            {
                shown.Say(_style.Yellow(VisibleText.Of($"Your message was not sent and is in no file: {text}")));
            }

            if (lost is { Text.Length: > 0 })
            {
                shown.Say(_style.Yellow(VisibleText.Of($"What came of the reply is in no file: {lost.Text}")));
            }

            foreach (var ended in lost?.Results ?? [])
            {
                shown.Say(_style.Yellow($"{CallLine.Of(ended.Tool, ended.Arguments, context.Io.Width())} ended, and its result is in no file: {VisibleText.Line(ended.Words, MostWords)}"));
            }

            return false;
        }

        foreach (var notice in conversation.Harness.Notices)
        {
            shown.Say(_style.Dim(VisibleText.Of(context.Io.Hint(notice))));
        }

        if (lost is not null)
        {
            await conversation.Harness.Session.KeepAsync(lost, cancellationToken);
        }

        return true;
    }

    private async Task<HarnessRefused?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var same = await conversation.CloseAsync();
            return await conversation.ChangeAsync(same, cancellationToken);
        }
        catch (JournalException problem)
        {
            return new("session", problem.Message, "");
        }
    }
}
