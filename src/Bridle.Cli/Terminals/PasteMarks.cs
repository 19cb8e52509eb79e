using System.Runtime.InteropServices;

namespace Bridle.Cli.Terminals;

/// <summary>Has the terminal put brackets around what is pasted, so that it can be told from what is typed, from here until it is disposed.</summary>
internal sealed class PasteMarks : IDisposable
{
    /// <summary>What switches the brackets on and off.</summary>
    public const string On = "\x1b[?2004h", Off = "\x1b[?2004l";

    private readonly TextWriter _terminal;
    private readonly Interrupts _interrupts;
    private readonly PosixSignalRegistration? _continued;

    /// <param name="terminal">The terminal.</param>
    /// <param name="interrupts">What ends the program at once.</param>
    /// <param name="alone">Whether nobody else writes to the terminal at any time, so that they may be switched on again after the program was stopped.</param>
    public PasteMarks(TextWriter terminal, Interrupts interrupts, bool alone)
    {
        (_terminal, _interrupts) = (terminal, interrupts);
        Write(On);
        interrupts.EndsAtOnce = () => Write(Off);
        _continued = alone && !OperatingSystem.IsWindows() ? PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => Write(On)) : null;
    }

    /// <summary>Switches them off for another program, and on again when <paramref name="lent"/> was given back.</summary>
    public IDisposable Lend(IDisposable lent)
    {
        Write(Off);
        return new Loan(this, lent);
    }

    public void Dispose()
    {
        _continued?.Dispose();
        _interrupts.EndsAtOnce = () => { };
        Write(Off);
    }

    private void Write(string sequence)
    {
        _terminal.Write(sequence);
        _terminal.Flush();
    }

    private sealed class Loan(PasteMarks marks, IDisposable lent) : IDisposable
    {
        public void Dispose()
        {
            lent.Dispose();
            marks.Write(On);
        }
    }
}
