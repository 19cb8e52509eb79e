using Bridle.Cli.Commands;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Sessions;

namespace Bridle.Cli.Chat;

/// <summary>What happens when another program changed the session's file while it was open: it is opened again, which shows the changes and asks, and what was said goes with it.</summary>
internal sealed class OutsideChange(CommandContext context, Conversation conversation, IShownTurn shown, ChatInput? input)
{
    private const int MostWords = 2_000;

    private readonly Styling _style = new(context.Io.Color && context.Io.ErrorIsTerminal);
    private readonly BridleFolders _folders = BridleFolders.For(context.Environment);

    /// <summary>Opens the session again. Where it stays closed the person was told why, and what is in no file.</summary>
    /// <param name="lost">What the turn left, or null when none ran.</param>
    /// <param name="text">The message of the turn, or null.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<Reopened> ReopenAsync(UnrecordedTurn? lost, string? text, CancellationToken cancellationToken)
    {
        shown.Abandon();
        var taken = lost is null || text is null || conversation.Harness.Session.Transcript.Knows(lost.MessageId);
        var why = LostFile.Of(conversation.Harness, _folders);
        if (why is not null)
        {
            await CloseAsync();
            conversation.IsFileLost = true;
        }
        else
        {
            shown.Say(_style.Yellow("Another program changed the session's file while it was open. It is opened again."));
            why = await WhyNotOpenAsync(cancellationToken);
        }

        if (why is not null)
        {
            Warn(why);
            TellLost(lost, taken ? null : text);
            KeepInInput(taken ? null : text);
            return Reopened.Closed;
        }

        TellNotices();
        return lost is null ? Reopened.GoesOn : Continue(await conversation.Harness.Session.KeepAsync(lost, cancellationToken), text);
    }

    /// <summary>A person wants to talk while nothing is open. Where the session had lost its file and that is there again, it goes on; else the message stays in the input line.</summary>
    public async Task<bool> ReturnAsync(string text, CancellationToken cancellationToken)
    {
        if (!conversation.IsFileLost)
        {
            context.Io.Tell(conversation.WhenClosed);
            KeepInInput(text);
            return false;
        }

        var problem = LostFile.Of(conversation.Harness, _folders) ?? await WhyNotOpenAsync(cancellationToken);
        if (problem is not null)
        {
            context.Io.Tell(conversation.WhenClosed);
            Warn(problem);
            KeepInInput(text);
            return false;
        }

        shown.Say(_style.Yellow(VisibleText.Of($"The file of session '{conversation.Harness.Name}' is there again, and it goes on.")));
        TellNotices();
        return true;
    }

    private Reopened Continue(KeptTurn kept, string? text)
    {
        TellEnded(kept.Dropped);
        if (kept.MayGoOn)
        {
            if (kept.IsAskedAgain)
            {
                shown.Say(_style.Yellow("The reply is asked for again: what came of it before does not count here, and was paid for."));
            }

            return Reopened.GoesOn;
        }

        if (kept.KnowsMessage || text is null)
        {
            Warn("Nothing was sent: calls of this turn had run, and the session as it is now does not have them. /continue asks the model to go on from what it has; calls may then run once more.");
        }
        else
        {
            Warn("Nothing was sent: calls of this turn had run, and the session as it is now has neither them nor your message."
                + (input is null ? $" Your message: {text}" : " The message is in the input line: when it is sent, calls may run once more."));
            KeepInInput(text);
        }

        return Reopened.Waits;
    }

    private void Warn(string words) => shown.Say(_style.Red(VisibleText.Of(context.Io.Hint(words))));

    private void TellNotices()
    {
        foreach (var notice in conversation.Harness.Notices)
        {
            shown.Say(_style.Dim(VisibleText.Of(context.Io.Hint(notice))));
        }
    }

    private void TellLost(UnrecordedTurn? lost, string? message)
    {
        if (message is not null)
        {
            shown.Say(_style.Yellow(VisibleText.Of($"Your message was not sent and is in no file: {message}")));
        }

        if (lost is { Text.Length: > 0 })
        {
            shown.Say(_style.Yellow(VisibleText.Of($"What came of the reply is in no file: {lost.Text}")));
        }

        TellEnded(lost?.Results ?? []);
    }

    private void TellEnded(IReadOnlyList<EndedCall> calls)
    {
        foreach (var ended in calls)
        {
            shown.Say(_style.Yellow($"{CallLine.Of(ended.Tool, ended.Arguments, context.Io.Width())} ended, and its result is in no file: {VisibleText.Line(ended.Words, MostWords)}"));
        }
    }

    private void KeepInInput(string? text)
    {
        if (text is not null)
        {
            input?.Draft(text);
        }
    }

    private async Task CloseAsync()
    {
        try
        {
            await conversation.CloseAsync();
        }
        catch (JournalException)
        {
            // It is closed as far as it can be; that its file is gone is said.
        }
    }

    // In words; null when it is open again. Its file may have gone while a question about it stood there.
    private async Task<string?> WhyNotOpenAsync(CancellationToken cancellationToken)
    {
        if (await OpenAsync(cancellationToken) is not { } refused)
        {
            return null;
        }

        var gone = LostFile.Of(conversation.Harness, _folders);
        conversation.IsFileLost |= gone is not null;
        return gone ?? $"{refused.Message} {refused.Advice}".TrimEnd();
    }

    private async Task<HarnessRefused?> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var same = conversation.IsOpen ? await conversation.CloseAsync() : conversation.Same;
            return await conversation.ChangeAsync(same, cancellationToken);
        }
        catch (JournalException problem)
        {
            return new("session", problem.Message, "");
        }
    }
}

/// <summary>How a session stands that another program had changed.</summary>
internal enum Reopened
{
    /// <summary>It is closed.</summary>
    Closed,

    /// <summary>It is open, and nothing is sent before the person sends it.</summary>
    Waits,

    /// <summary>It is open, and the turn goes on.</summary>
    GoesOn,
}
