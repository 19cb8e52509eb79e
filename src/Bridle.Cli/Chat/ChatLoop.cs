using System.Collections.Concurrent;
using Bridle.Cli.Commands;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Sessions;

namespace Bridle.Cli.Chat;

/// <summary>Message, turn, message, turn, until the person leaves.</summary>
internal sealed class ChatLoop(CommandContext context, Conversation conversation, ChatInput? input, IShownTurn shown)
{
    private readonly PersonsShell _shell = new(context);
    private readonly ChatCommands _commands = new(context, conversation, input);
    private readonly OutsideChange _outside = new(context, conversation, shown, input);
    private readonly Styling _style = new(context.Io.Color && context.Io.ErrorIsTerminal);

    // Typed while a turn ran, but not for that turn.
    private readonly ConcurrentQueue<string> _typed = new();

    // Ctrl+C since the last message: the second one leaves, wherever the first one came.
    private bool _interrupted;
    private bool _quit;

    /// <summary>The table of commands.</summary>
    public ChatCommands Commands => _commands;

    private Harness Harness => conversation.Harness;

    /// <summary>The exit code: 0 when a person leaves, 130 when they do so by Ctrl+C; without a terminal that of the last turn.</summary>
    public async Task<int> RunAsync(string? first, CancellationToken cancellationToken)
    {
        Greet();
        var last = ExitCode.Done;
        if (first is not null)
        {
            if (input is not null)
            {
                context.Io.Out.WriteLine($"{context.Io.Prompt}{VisibleText.Of(first)}");
            }

            last = ExitCode.Of(await TurnAsync(first, cancellationToken));
            _interrupted = last == ExitCode.Interrupted;
        }

        while (await ReadAsync(cancellationToken) is { } text)
        {
            if (ChatCommands.Leaves(text))
            {
                break;
            }

            if (text.Trim().Length == 0)
            {
                continue;
            }

            _interrupted = false;

            // Only somebody who sits there has a shell here.
            if (input is not null && PersonsShell.Takes(text))
            {
                await _shell.RunAsync(text, conversation.Same.Folder, cancellationToken);
                _interrupted = WasInterrupted();
                continue;
            }

            NextTurn? turn = new(text);
            if (ChatCommands.Takes(text) && (turn = await CommandAsync(text, cancellationToken)) is null)
            {
                _interrupted = WasInterrupted();
                continue;
            }

            if (!conversation.IsOpen && !await _outside.ReturnAsync(text, cancellationToken))
            {
                continue;
            }

            last = ExitCode.Of(await TurnAsync(turn.Text, cancellationToken));
            _interrupted = (last == ExitCode.Interrupted || !conversation.IsOpen) && context.Interrupts.Asked;
        }

        Harness.EndReason = "prompt_input_exit";
        return _quit ? ExitCode.Interrupted : input is null ? last : ExitCode.Done;
    }

    private void Greet()
    {
        foreach (var notice in Harness.Notices)
        {
            shown.Say(_style.Yellow(VisibleText.Of(context.Io.Hint(notice))));
        }

        shown.Say(_style.Dim(VisibleText.Of($"{Harness.Session.Model.Info.FullName}, mode {Harness.Session.Mode}, session {Harness.Name}. /help lists commands, /exit leaves.")));
        LastWords.Show(Harness, context.Io, _style);
    }

    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        if (input is null)
        {
            return await context.Io.In.ReadLineAsync(cancellationToken);
        }

        if (!context.Interrupts.Ending && _typed.TryDequeue(out var typed))
        {
            shown.EndLine();
            context.Io.Out.WriteLine($"{context.Io.Prompt}{VisibleText.Of(typed)}");
            return typed;
        }

        while (!context.Interrupts.Ending)
        {
            using var scope = context.Interrupts.Begin(cancellationToken);
            try
            {
                return await input.ReadMessageAsync(context.Io.Prompt, scope.Token);
            }
            catch (OperationCanceledException) when (scope.Token.IsCancellationRequested)
            {
                if (_interrupted || cancellationToken.IsCancellationRequested)
                {
                    break;
                }

                _interrupted = true;
                context.Io.Tell(_style.Dim("Ctrl+C once more leaves, as do /exit and Ctrl+D."));
            }
        }

        _quit = true;
        return null;
    }

    private async Task<NextTurn?> CommandAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            return await _commands.RunAsync(text, cancellationToken);
        }
        catch (JournalChangedException)
        {
            if (await _outside.ReopenAsync(null, null, cancellationToken) is Reopened.GoesOn)
            {
                context.Io.Tell(_style.Dim("  Give the command again."));
            }

            return null;
        }
    }

    private async Task<TurnResult> TurnAsync(string? text, CancellationToken cancellationToken)
    {
        using var scope = context.Interrupts.Begin(cancellationToken);
        var result = await AnswerAsync(text, null, scope.Token);
        while (result.Unrecorded is { } lost)
        {
            var reopened = await _outside.ReopenAsync(lost, text, cancellationToken);
            if (reopened is Reopened.Waits)
            {
                shown.Say(Usage(result));
            }

            if (reopened is not Reopened.GoesOn)
            {
                return result;
            }

            // Under the same id: if the file has it, it is not taken twice.
            result = await AnswerAsync(text, lost.MessageId, scope.Token);
        }

        Show(result);

        return result;
    }

    private async Task<TurnResult> AnswerAsync(string? text, string? messageId, CancellationToken cancellationToken)
    {
        var session = Harness.Session;
        shown.Expect(session.Transcript.UnansweredCalls.Select(call => call.Call));
        using var over = new CancellationTokenSource();
        var steering = input?.SteerAsync(Take, over.Token);
        TurnResult result;
        try
        {
            result = await (text is null ? session.RunAsync([], "", cancellationToken)
                : messageId is null ? session.RunAsync(text, cancellationToken) : session.RunAsync([new TextPart(text)], messageId, cancellationToken));
        }
        finally
        {
            await over.CancelAsync();
            if (steering is not null)
            {
                await steering;
            }
        }

        var unread = session.TakeUnread();
        if (ExitCode.Of(result) == ExitCode.Interrupted)
        {
            GiveBack(unread);
        }
        else if (unread.Count > 0)
        {
            _typed.Enqueue(string.Join('\n', unread));
        }

        return result;
    }

    // A command between two turns: what was sent meanwhile is for whatever comes next, as in a turn.
    private bool WasInterrupted()
    {
        if (context.Interrupts.Stopped)
        {
            List<string> messages = [];
            foreach (var text in input?.TakeSent() ?? [])
            {
                if (ChatCommands.Leaves(text) || ChatCommands.Takes(text) || PersonsShell.Takes(text))
                {
                    _typed.Enqueue(text);
                }
                else
                {
                    messages.Add(text);
                }
            }

            GiveBack(messages);
        }

        return context.Interrupts.Asked;
    }

    // Whoever stops a turn has not asked for the next one, which costs again: messages go back to where they are typed, and commands, of which some begin a turn and none is for the
    // model, are named. A wish to leave stays one.
    private void GiveBack(IReadOnlyList<string> unread)
    {
        if (_typed.Any(ChatCommands.Leaves))
        {
            return;
        }

        if (!_typed.IsEmpty)
        {
            shown.Say(_style.Dim($"  (not done: {VisibleText.Line(string.Join(", ", _typed), 200)})"));
            _typed.Clear();
        }

        if (unread.Count > 0)
        {
            input?.Draft(string.Join('\n', unread));
        }
    }

    // A command is never for the model, also when it is typed while a turn runs.
    private void Take(string text)
    {
        if (ChatCommands.Leaves(text) || ChatCommands.Takes(text) || PersonsShell.Takes(text))
        {
            _typed.Enqueue(text);
            shown.Queued(text, afterTurn: true);
        }
        else
        {
            shown.Queued(text, afterTurn: false);
            Harness.Session.Post(text);
        }
    }

    private void Show(TurnResult result)
    {
        shown.EndLine();
        if (!shown.ShownLast && result.Answer.Length > 0)
        {
            context.Io.Out.WriteLine((context.Io.OutIsTerminal ? VisibleText.Of(result.Answer) : result.Answer).TrimEnd('\n'));
        }

        if (result.Error is { } error)
        {
            shown.Say(_style.Red(VisibleText.Of(error)));
        }

        shown.Say(Usage(result));
    }

    private string Usage(TurnResult result) => _style.Dim(VisibleText.Of(UsageLine.Of(result, Harness.Session.Model.Info.FullName)));
}
