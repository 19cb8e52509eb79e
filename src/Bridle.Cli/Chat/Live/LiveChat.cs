using System.Runtime.InteropServices;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Screens;
using Bridle.Hosting.Settings;
using Bridle.Messages;

namespace Bridle.Cli.Chat.Live;

/// <summary>A conversation on a screen: puts together what draws, what types and what shows, and ends it so that the terminal is as it was.</summary>
internal sealed class LiveChat : IAsyncDisposable
{
    private const string LeavePastes = $"{PasteMarks.Off}\x1b[?25h";

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Modes = ["default", "acceptEdits", "plan"];

    private readonly CommandContext _context;
    private readonly StrokeReader _strokes;
    private readonly TimeProvider _time;
    private readonly Screen _screen;
    private readonly ScreenLoop _loop;
    private readonly ChatView _view;
    private readonly CancellationTokenSource _over = new();
    private readonly List<IDisposable> _watches = [];
    private Conversation? _conversation;
    private Task _running = Task.CompletedTask;
    private Task _mode = Task.CompletedTask;

    public LiveChat(CommandContext context, StrokeReader strokes, TimeProvider time, Notifications notifications)
    {
        (_context, _strokes, _time) = (context, strokes, time);
        var (io, style) = (context.Io, new Styling(context.Io.Color));
        _view = new(style, time, () => io.Width() - 1);
        _screen = new(io.Out, () => (io.Width(), io.Height()), _view.Region);
        var writer = new ScreenWriter(_screen);
        _view.OpenLine = () => writer.Open;
        Io = io with { Out = writer, Error = writer };
        Shown = new(_screen, writer, _view, style, io.Width);
        Input = new(_screen, _view, new InputHistory(), prompt: io.Prompt)
        {
            Take = Take, Interrupt = context.Interrupts.Cancel, Lend = Lend, Clear = ClearWindow, Waits = () => _screen.Signal(notifications.Sequence("Bridle asks something.")),
        };
        Shown.Over = took => _screen.Signal(notifications.WhenOver(took));
        _loop = new(_screen, Input.Press, time);
    }

    /// <summary>What commands read and write: their lines go above what is live.</summary>
    public CommandIo Io { get; }

    public LiveInput Input { get; }

    /// <summary>Whether it has the terminal.</summary>
    public bool IsRunning { get; private set; }

    public LiveTurn Shown { get; }

    /// <summary>Begins to draw and to read keys.</summary>
    public void Start(Conversation conversation, ChatCommands commands)
    {
        (_conversation, IsRunning) = (conversation, true);
        var session = conversation.Harness.Session;
        conversation.Changed = ShowStatus;
        ShowStatus();
        Input.Remember(session.Transcript.Messages.Where(message => message is { Role: Role.User, Parts: [TextPart, ..] }).TakeLast(200).Select(message => ((TextPart)message.Parts[0]).Text));
        var suggestions = new ChatSuggestions(commands, token => conversation.Harness.ListFiles(token), Input.SuggestAgain, _time);
        Input.Suggest = suggestions.For;
        _screen.Signal(PasteMarks.On);
        _context.Interrupts.EndsAtOnce = () => _screen.Abandon(LeavePastes);
        _watches.Add(_time.CreateTimer(_ => TickOn(), null, Tick, Tick));
        if (!OperatingSystem.IsWindows())
        {
            _watches.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _screen.Invalidate()));
            _watches.Add(PosixSignalRegistration.Create(PosixSignal.SIGTSTP, Halt));
            _watches.Add(PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Continue()));
        }

        _running = Task.WhenAll(_loop.RunAsync(_over.Token), ReadAsync(_over.Token));
        _screen.Invalidate();
    }

    // What was spent before is looked up aside: the log may be long, and a person types already.
    private void ShowStatus()
    {
        var harness = _conversation!.Harness;
        if (!_conversation.IsOpen)
        {
            lock (_screen.Gate)
            {
                _view.Status = _view.Status with { Closed = harness.Name };
            }

            _screen.Invalidate();
            return;
        }

        var (session, last) = (harness.Session, harness.Session.Transcript.Last);
        lock (_screen.Gate)
        {
            _view.Status = new(session.Model.Info.FullName, session.Mode) { Window = session.Model.Info.ContextWindow, Simulated = session.Model.Info.Simulated };
            _view.Model = () => _conversation.Harness.Session.Model.Info;
        }

        _screen.Invalidate();
        _ = Task.Run(() =>
        {
            var before = harness.Spending().Where(spent => spent.N <= last).ToList();
            lock (_screen.Gate)
            {
                _view.Status = ReferenceEquals(harness, _conversation.Harness) ? _view.Status.AddBefore(before) : _view.Status;
            }

            _screen.Invalidate();
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (!IsRunning)
        {
            return;
        }

        IsRunning = false;
        _context.Interrupts.EndsAtOnce = () => { };
        await _over.CancelAsync();
        await _running;
        _watches.ForEach(watch => watch.Dispose());
        _screen.Clear();
        _screen.Signal(LeavePastes);
        _over.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (await _strokes.ReadAsync(cancellationToken) is { } stroke)
            {
                _loop.Press(stroke);
            }

            Input.Close();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The conversation is over.
        }
    }

    // A spinner turns and a clock goes on; where nothing moves nothing is painted.
    private void TickOn()
    {
        bool moves;
        lock (_screen.Gate)
        {
            moves = _view.Moves;
        }

        if (moves)
        {
            _screen.Invalidate();
        }
    }

    // What is live goes before the shell writes there, and nothing is painted until the shell has given the terminal back.
    private void Halt(PosixSignalContext signal)
    {
        if (_context.Interrupts.ForAnother)
        {
            return;
        }

        signal.Cancel = true;
        _ = _screen.Lend();
        _screen.Signal(LeavePastes);
        OwnSignals.Halt();
    }

    private void Continue()
    {
        if (_context.Interrupts.ForAnother)
        {
            return;
        }

        _screen.Signal(PasteMarks.On);
        _screen.Restart();
    }

    // The keys that do something else than edit.
    private bool Take(Stroke stroke)
    {
        switch (stroke)
        {
            case { Key.Key: ConsoleKey.Tab, IsPaste: false } when stroke.Shift:
                // One after another: two that are pressed at once go two modes on.
                _mode = _mode.ContinueWith(_ => NextModeAsync(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap();
                return true;
            case var _ when stroke.IsControl(ConsoleKey.O):
                Shown.ShowMore();
                return true;
            case var _ when stroke.IsControl(ConsoleKey.L):
                _ = Task.Run(ClearWindow);
                return true;
            default:
                return false;
        }
    }

    // Not under the gate, which whoever paints takes as well.
    private void ClearWindow()
    {
        _screen.Signal("\x1b[H\x1b[2J");
        _screen.Restart();
    }

    private async Task NextModeAsync()
    {
        if (_conversation is not { IsOpen: true, Harness: var harness })
        {
            return;
        }

        var at = Array.IndexOf(Modes, harness.Session.Mode);
        for (var step = 1; step <= Modes.Length; step++)
        {
            var next = ModeName.Parse(Modes[(at + step) % Modes.Length])!;
            if (harness.WhyNotMode(next) is null)
            {
                await harness.Session.ChangeModeAsync(next.Name, CancellationToken.None);
                break;
            }
        }
    }

    private IDisposable? Lend()
    {
        if (_strokes.Lend() is not { } keys)
        {
            return null;
        }

        var screen = _screen.Lend();
        _screen.Signal(LeavePastes);
        return new Lent(() =>
        {
            keys.Dispose();
            _screen.Signal(PasteMarks.On);
            screen.Dispose();
        });
    }

    private sealed class Lent(Action back) : IDisposable
    {
        public void Dispose() => back();
    }
}
