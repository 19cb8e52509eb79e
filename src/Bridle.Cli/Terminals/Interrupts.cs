using System.Runtime.InteropServices;
using Bridle.Workspaces;

namespace Bridle.Cli.Terminals;

/// <summary>
/// Ctrl+C and a request to end. The first one cancels what runs, so that the log is closed properly and no process stays behind;
/// the second one, while that is still going on, ends the program at once.
/// </summary>
internal sealed class Interrupts : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private CancellationTokenSource? _current;
    private bool _asked;
    private bool _hungUp;
    private volatile bool _forAnother;

    // When the program ends at once. Only that of a whole process may end all that the process started.
    private Action _killAll = () => { };

    /// <summary>Called when the program ends at once, with nobody left to put anything in order; must be quick.</summary>
    public Action EndsAtOnce { get; set; } = () => { };

    /// <summary>Whether another program has the terminal, so that Ctrl+C, which goes to all that run in it, is for that one.</summary>
    public bool ForAnother
    {
        get => _forAnother;
        set => _forAnother = value;
    }

    /// <summary>Whether the program was asked to end, and not only to stop what it does.</summary>
    public bool Ending { get; private set; }

    /// <summary>Whether an interrupt came since the last scope began.</summary>
    public bool Asked
    {
        get
        {
            lock (_lock)
            {
                return _asked;
            }
        }
    }

    /// <summary>Whether what ran in the last scope was stopped, by an interrupt or by <see cref="Cancel"/>.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Listens for the signals of this process.</summary>
    public static Interrupts OfThisProcess()
    {
        var interrupts = new Interrupts { _killAll = LocalProcesses.KillAll };
        interrupts._registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = interrupts.HangUp()));
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM })
        {
            interrupts._registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                interrupts.Ending |= signal is PosixSignal.SIGTERM;
                context.Cancel = (signal is PosixSignal.SIGINT && interrupts.ForAnother) || interrupts.Request();
            }));
        }

        return interrupts;
    }

    /// <summary>Begins something that can be interrupted; dispose the scope when it is over.</summary>
    public Scope Begin(CancellationToken outer = default)
    {
        lock (_lock)
        {
            (_asked, Stopped) = (false, false);
            _current = CancellationTokenSource.CreateLinkedTokenSource(outer);
            return new(this, _current, null);
        }
    }

    /// <summary>
    /// Begins a question inside of what runs, if anything does: the first interrupt answers it by cancelling its token alone, and what runs goes on; the second one is the second one.
    /// </summary>
    public Scope BeginQuestion(CancellationToken outer = default)
    {
        lock (_lock)
        {
            _asked &= _current is not null;
            var within = _current;
            _current = CancellationTokenSource.CreateLinkedTokenSource(outer, within?.Token ?? default);
            return new(this, _current, within);
        }
    }

    /// <summary>A person interrupts. True when something is now being cancelled; false when the program should end at once.</summary>
    public bool Request()
    {
        CancellationTokenSource? cancel;
        lock (_lock)
        {
            if (_current is null || _asked)
            {
                // Nobody will be left to end what was started.
                EndsAtOnce();
                _killAll();
                return false;
            }

            (_asked, Stopped, cancel) = (true, true, _current);
        }

        // Off the signal's thread: what is cancelled may take its time, and a second signal must get through.
        _ = Task.Run(cancel.Cancel);
        return true;
    }

    /// <summary>
    /// The terminal is gone, and the program ends. True when something is now being cancelled; also for every further time, because a window that is closed may say so more than once,
    /// and nobody is there who could be impatient.
    /// </summary>
    public bool HangUp()
    {
        Ending = true;
        lock (_lock)
        {
            // Once it was said, the program is on its way out, whatever it does last. What a person interrupted before is being closed already.
            if (_hungUp || (_current is not null && _asked))
            {
                return _hungUp = true;
            }

            _hungUp = true;
        }

        return Request();
    }

    /// <summary>
    /// Nobody takes the output any more: what runs is cancelled, and a conversation ends. Not an interrupt by a person, because a window that is closed often shows itself like
    /// this first, and says only then that it is gone.
    /// </summary>
    public void OutputIsGone()
    {
        Ending = true;
        Cancel();
    }

    /// <summary>Cancels what runs, if anything does; however often it is called, the program goes on.</summary>
    public void Cancel()
    {
        CancellationTokenSource? cancel;
        lock (_lock)
        {
            (Stopped, cancel) = (true, _current);
        }

        _ = Task.Run(() => cancel?.Cancel());
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void End(CancellationTokenSource scope, CancellationTokenSource? within)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current, scope))
            {
                _current = within;
            }
        }
    }

    /// <summary>The time during which an interrupt cancels <see cref="Token"/>.</summary>
    internal sealed class Scope(Interrupts owner, CancellationTokenSource source, CancellationTokenSource? within) : IDisposable
    {
        public CancellationToken Token => source.Token;

        public void Dispose() => owner.End(source, within);
    }
}
