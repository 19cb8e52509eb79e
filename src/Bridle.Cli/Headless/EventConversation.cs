using System.Threading.Channels;
using Bridle.Cli.Commands;
using Bridle.Cli.Output;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Settings;
using Bridle.Messages;
using Bridle.Sessions;

namespace Bridle.Cli.Headless;

/// <summary>A conversation with a program: events come in as lines, messages become turns one after another, and each turn ends with its result. When the input has ended, the look back follows where settings ask for one.</summary>
internal sealed class EventConversation(CommandContext context, Harness harness, EventApprover approver, Func<TurnResult, int> show, Func<Task> lookBack)
{
    private readonly Channel<InputEvent> _waiting = Channel.CreateUnbounded<InputEvent>();
    private readonly Lock _lock = new();
    private CancellationTokenSource? _turn;
    private Failure? _wrong;
    private bool _anyDone;

    /// <summary>Runs until the input ends and everything that came was done. The exit code is that of the last turn; 2 when a line was wrong or none came.</summary>
    public async Task<int> RunAsync(string? first, CancellationToken cancellationToken)
    {
        if (harness.FirstMessage is { } hooks)
        {
            _waiting.Writer.TryWrite(new MessageSaid(hooks, null));
        }

        if (first is not null)
        {
            _waiting.Writer.TryWrite(new MessageSaid(first, null));
        }

        // Reading blocks its thread, and nothing can call that off; the process does not wait for it.
        var reading = Task.Run(() => ReadAsync(cancellationToken), CancellationToken.None);
        int? last = null;
        await foreach (var happened in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            switch (happened)
            {
                case MessageSaid said:
                    last = await TurnAsync(said.Text, said.MessageId, cancellationToken);
                    break;
                case TurnSteered steered:
                    last = await TurnAsync(steered.Text, null, cancellationToken);
                    break;
                case ModeWished wished:
                    await ChangeModeAsync(wished.Mode, cancellationToken);
                    break;
                case ModelWished wished:
                    await ChangeModelAsync(wished.Model, cancellationToken);
                    break;
            }

            if (cancellationToken.IsCancellationRequested)
            {
                return last ?? ExitCode.Interrupted;
            }
        }

        await reading;
        if (_anyDone)
        {
            await lookBack();
        }

        return _wrong is { } wrong ? RunCommand.Refuse(context, "events", wrong, ExitCode.Usage)
            : last ?? RunCommand.Refuse(context, "events", new("usage", "The input ended without a message.", "Write a line such as {\"type\":\"user_spoke\",\"text\":\"Which files mention TODO?\"}"), ExitCode.Usage);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var number = 1; await context.Io.In.ReadLineAsync(cancellationToken) is { } line; number++)
            {
                if (line.Trim().Length == 0)
                {
                    continue;
                }

                var (happened, problem) = InputEvent.Read(line);
                if (happened is null)
                {
                    _wrong = new("usage", $"Line {number} of the input cannot be used: {problem}.", "docs/reference/events.md describes the lines. Nothing after it was read.");
                    break;
                }

                Take(happened);
            }
        }
        catch (OperationCanceledException)
        {
            // Interrupted: what runs is being ended.
        }
        finally
        {
            approver.Close();
            _waiting.Writer.TryComplete();
        }
    }

    // What concerns the turn that runs is done at once, everything else in its order.
    private void Take(InputEvent happened)
    {
        switch (happened)
        {
            case ApprovalAnswered answer:
                Told(approver.Take(answer), $"approval_given: nothing waits for '{answer.Id}'.");
                break;
            case QuestionReplied answer:
                Told(approver.Take(answer), $"question_answered: nothing waits for '{answer.Id}'.");
                break;
            case TurnInterrupted:
                Told(Interrupt(), "turn_interrupted: no turn runs.");
                break;
            case TurnSteered steered when Steer(steered.Text):
                break;
            default:
                _waiting.Writer.TryWrite(happened);
                break;
        }
    }

    private bool Interrupt()
    {
        lock (_lock)
        {
            _turn?.Cancel();
            return _turn is not null;
        }
    }

    private bool Steer(string text)
    {
        lock (_lock)
        {
            if (_turn is not null)
            {
                harness.Session.Post(text);
            }

            return _turn is not null;
        }
    }

    // What was steered at the last moment, and no step has seen, begins another turn.
    private async Task<int> TurnAsync(string text, string? messageId, CancellationToken cancellationToken)
    {
        while (true)
        {
            var exitCode = show(await RunTurnAsync(text, messageId, cancellationToken));
            _anyDone |= exitCode == ExitCode.Done;
            if (harness.Session.TakeUnread() is not { Count: > 0 } unread || cancellationToken.IsCancellationRequested)
            {
                return exitCode;
            }

            (text, messageId) = (string.Join('\n', unread), null);
        }
    }

    private async Task<TurnResult> RunTurnAsync(string text, string? messageId, CancellationToken cancellationToken)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        lock (_lock)
        {
            _turn = turn;
        }

        try
        {
            return await (messageId is null ? harness.Session.RunAsync(text, turn.Token) : harness.Session.RunAsync([new TextPart(text)], messageId, turn.Token));
        }
        finally
        {
            lock (_lock)
            {
                _turn = null;
            }
        }
    }

    private async Task ChangeModeAsync(string wanted, CancellationToken cancellationToken)
    {
        var why = ModeName.Parse(wanted) is not { Strict: false } mode ? $"There is no mode '{wanted}'."
            : mode.Name == "bypass" ? "The mode bypass is taken from the command line only."
            : harness.WhyNotMode(mode);
        if (why is null)
        {
            await harness.Session.ChangeModeAsync(ModeName.Parse(wanted)!.Name, cancellationToken);
        }

        Told(why is null, $"mode_changed: {why}");
    }

    private async Task ChangeModelAsync(string wanted, CancellationToken cancellationToken)
    {
        var (model, problem) = await harness.FindModelAsync(wanted, cancellationToken);
        var kept = model is null ? $"{problem?.Message} {problem?.Advice}" : await harness.SwitchModelAsync(wanted, model, "sdk", null, cancellationToken);
        Told(kept is null, $"model_changed: {kept}".TrimEnd());
    }

    // What could not be done is an event as well: the other side reads nothing else.
    private void Told(bool done, string why)
    {
        if (!done)
        {
            context.Io.Out.WriteLine(EventLines.Line(new Shown(RunId.Session, new NoticeShown(why))));
            context.Io.Out.Flush();
        }
    }
}
