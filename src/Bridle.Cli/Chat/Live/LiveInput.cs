using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Editing;
using Bridle.Cli.Terminals.Screens;

namespace Bridle.Cli.Chat.Live;

/// <summary>
/// The keyboard of a conversation on a screen. One editor holds the message, through turns and questions; strokes come one after another from the loop of the screen.
/// </summary>
internal sealed class LiveInput : ChatInput
{
    private readonly Screen _screen;
    private readonly ChatView _view;
    private readonly TimeSpan _reading;
    private readonly InputHistory _history;
    private readonly MessageEditor _editor;
    private readonly Queue<SentMessage> _sent = new();
    private readonly SemaphoreSlim _keyboard = new(1, 1);
    private QuestionStrokes? _question;
    private TaskCompletionSource<SentMessage?>? _message;
    private Action<string>? _post;
    private bool _closed;

    // Ctrl+D while something runs, and nothing was sent since.
    private bool _leaves;

    public LiveInput(Screen screen, ChatView view, InputHistory history, TimeSpan? reading = null, string prompt = "❯ ")
    {
        (_screen, _view, _history, _reading) = (screen, view, history, reading ?? TimeSpan.FromMilliseconds(400));
        _editor = new(history, text => Suggest(text));
        _view.Input = (_editor, prompt);
    }

    /// <summary>What the text up to the cursor may become.</summary>
    public Func<string, Suggestions?> Suggest { get; set; } = _ => null;

    /// <summary>Keys that do something else than edit; true when the stroke was one.</summary>
    public Func<Stroke, bool> Take { get; set; } = _ => false;

    /// <summary>Escape while a turn runs.</summary>
    public Action Interrupt { get; set; } = () => { };

    /// <summary>A person is waited for.</summary>
    public Action Waits { get; set; } = () => { };

    /// <summary>Takes away what stands in the window.</summary>
    public Action Clear { get; set; } = () => { };

    /// <summary>Leaves the terminal to another program.</summary>
    public Func<IDisposable?> Lend { get; set; } = () => null;

    /// <summary>Takes in what a person said before, for the history.</summary>
    public void Remember(IEnumerable<string> said)
    {
        foreach (var text in said)
        {
            _history.Add(text);
        }
    }

    /// <summary>Takes a stroke.</summary>
    public void Press(Stroke stroke)
    {
        Action? then = null;
        lock (_screen.Gate)
        {
            if (_question is { } question)
            {
                question.Add(stroke);
            }
            else if (!Take(stroke))
            {
                then = Edit(stroke);
            }
        }

        then?.Invoke();
        _screen.Invalidate();
    }

    /// <summary>There will be no more strokes.</summary>
    public void Close()
    {
        lock (_screen.Gate)
        {
            _closed = true;
            _question?.Close();
            _message?.TrySetResult(null);
        }
    }

    public override IReadOnlyList<string> TakeSent()
    {
        lock (_screen.Gate)
        {
            List<string> texts = [.. _sent.Select(sent => sent.Text)];
            _view.Queued.RemoveAll(queued => _sent.Any(sent => sent.Shown == queued.Text));
            _sent.Clear();
            return texts;
        }
    }

    public override async Task<string?> ReadMessageAsync(string prompt, CancellationToken cancellationToken)
    {
        TaskCompletionSource<SentMessage?> message;
        lock (_screen.Gate)
        {
            _view.Input = (_editor, prompt);
            if (_sent.TryDequeue(out var early))
            {
                _view.Queued.Remove((early.Shown, false));
                _screen.Commit(WordWrap.Of(Said(prompt, early.Shown), _view.Width, hang: 2));
                return early.Text;
            }

            if (_closed || _leaves)
            {
                return null;
            }

            message = _message = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _screen.Invalidate();
        using var cancelled = cancellationToken.Register(() => message.TrySetCanceled(cancellationToken));
        try
        {
            var sent = await message.Task;
            if (sent is not null)
            {
                _screen.Commit(WordWrap.Of(Said(prompt, sent.Shown), _view.Width, hang: 2));
            }

            return sent?.Text;
        }
        catch (OperationCanceledException)
        {
            _editor.Set("");
            throw;
        }
        finally
        {
            lock (_screen.Gate)
            {
                _message = null;
            }
        }
    }

    /// <summary>Looks again for what the typed words may become; what is known of that has changed.</summary>
    public void SuggestAgain()
    {
        lock (_screen.Gate)
        {
            _editor.Suggest();
        }

        _screen.Invalidate();
    }

    public override void ClearWindow() => Clear();

    public override void Draft(string text)
    {
        lock (_screen.Gate)
        {
            _editor.Precede(text);
        }

        _screen.Invalidate();
    }

    public override async Task SteerAsync(Action<string> post, CancellationToken turnOver)
    {
        lock (_screen.Gate)
        {
            (_view.Input, _post) = (_question is null ? (_editor, "↳ ") : _view.Input, post);
        }

        _screen.Invalidate();
        await Task.Delay(Timeout.Infinite, turnOver).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        lock (_screen.Gate)
        {
            _post = null;
        }
    }

    public override async Task<T> AskAsync<T>(Func<AskedKeys, Task<T>> ask, CancellationToken cancellationToken)
    {
        await _keyboard.WaitAsync(cancellationToken);
        (MessageEditor, string)? before;
        QuestionStrokes question;
        lock (_screen.Gate)
        {
            (question, before) = (new(), _view.Input);
            (_question, _view.Input, _view.Asks) = (question, null, true);
            if (_closed)
            {
                question.Close();
            }
        }

        _screen.Invalidate();
        Waits();
        try
        {
            return await ask(new(question, Lend));
        }
        finally
        {
            lock (_screen.Gate)
            {
                (_question, _view.Input, _view.Asks) = (null, before, false);
                while (question.TryRead() is { } late)
                {
                    SetAside(late);
                }
            }

            _screen.Invalidate();
            _keyboard.Release();
        }
    }

    public override async Task<(LineEnd End, string Text)> ReadLineAsync(AskedKeys asked, string prompt, string draft, CancellationToken cancellationToken)
    {
        var editor = new MessageEditor();
        editor.Set(draft);
        lock (_screen.Gate)
        {
            _view.Input = (editor, prompt);
        }

        try
        {
            _screen.Invalidate();
            while (await asked.Strokes.ReadAsync(cancellationToken) is { } stroke)
            {
                EditorEnd end;
                lock (_screen.Gate)
                {
                    end = editor.Press(stroke);
                }

                _screen.Invalidate();
                if (end is EditorEnd.Sent or EditorEnd.Closed || (end is EditorEnd.Escaped && editor.Text.Length == 0))
                {
                    var line = editor.Take();
                    _screen.Commit(Said(prompt, line.Shown));
                    return (end switch { EditorEnd.Sent => LineEnd.Entered, EditorEnd.Closed => LineEnd.Closed, _ => LineEnd.Escaped }, line.Text);
                }

                if (end is EditorEnd.Escaped)
                {
                    editor.Set("");
                }
            }

            return (LineEnd.Closed, "");
        }
        finally
        {
            lock (_screen.Gate)
            {
                _view.Input = null;
            }
        }
    }

    public override async Task SetAsideEarlyKeysAsync(CancellationToken cancellationToken)
    {
        var question = _question;
        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        quiet.CancelAfter(_reading);
        try
        {
            while (question is not null && _reading > TimeSpan.Zero && await question.ReadAsync(quiet.Token) is { } early)
            {
                lock (_screen.Gate)
                {
                    SetAside(early);
                }

                quiet.CancelAfter(_reading);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Quiet: what is pressed from now on is an answer.
        }
    }

    public override async Task TakeEnterAsync(AskedKeys asked, TimeSpan within, CancellationToken cancellationToken)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        soon.CancelAfter(within);
        try
        {
            if (await asked.Strokes.ReadAsync(soon.Token) is { } stroke && !stroke.Is(ConsoleKey.Enter))
            {
                lock (_screen.Gate)
                {
                    SetAside(stroke);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It was the key alone.
        }
    }

    // What was typed for the message while a question had the keyboard. Enter would send what nobody has looked at yet.
    private void SetAside(Stroke stroke)
    {
        if (stroke.Is(ConsoleKey.Enter))
        {
            _editor.Append(" ");
        }
        else if (stroke.Text.Length > 0 || stroke.Is(ConsoleKey.Backspace))
        {
            _editor.Press(stroke);
        }
    }

    // What is to be done outside of the gate.
    private Action? Edit(Stroke stroke)
    {
        switch (_editor.Press(stroke))
        {
            case EditorEnd.Sent:
                return Send();
            case EditorEnd.Closed when _message is { } message:
                return () => message.TrySetResult(null);
            case EditorEnd.Closed:
                _leaves = true;
                return () => _screen.Commit("  (leaves when this is over)");
            case EditorEnd.Escaped when _post is not null || _message is null:
                return Interrupt;
            case EditorEnd.Escaped:
                _editor.Set("");
                return null;
            default:
                return null;
        }
    }

    private Action? Send()
    {
        var sent = _editor.Take();
        _leaves = false;
        if (_post is { } post)
        {
            return sent.Text.Trim().Length > 0 ? () => post(sent.Text) : null;
        }

        if (_message is { } message)
        {
            _message = null;
            return () => message.TrySetResult(sent);
        }

        // Between two turns: it is the next message.
        _sent.Enqueue(sent);
        _view.Queued.Add((sent.Shown, false));
        return null;
    }

    private static string Said(string prompt, string text) => prompt + VisibleText.Of(text).Replace("\n", "\n" + new string(' ', prompt.Length <= 4 ? prompt.Length : 0), StringComparison.Ordinal);
}
