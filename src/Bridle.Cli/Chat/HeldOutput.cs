using System.Text;

namespace Bridle.Cli.Chat;

/// <summary>
/// Output of a running turn that waits while a person types or decides, so that it cannot run through what is being typed.
/// Nothing is lost and the order over both streams stays.
/// </summary>
internal sealed class HeldOutput
{
    private readonly Lock _lock = new();
    private readonly List<(TextWriter To, string Text)> _waiting = [];
    private int _holds;

    /// <summary>A writer that goes through the hold.</summary>
    public TextWriter Around(TextWriter writer) => new Writer(this, writer);

    /// <summary>Holds output back until the result is disposed. Holds nest.</summary>
    public IDisposable Hold()
    {
        lock (_lock)
        {
            _holds++;
        }

        return new Release(this);
    }

    private void Write(TextWriter to, string text)
    {
        lock (_lock)
        {
            if (_holds > 0)
            {
                _waiting.Add((to, text));
                return;
            }

            to.Write(text);
            to.Flush();
        }
    }

    private void Unhold()
    {
        lock (_lock)
        {
            if (--_holds > 0)
            {
                return;
            }

            foreach (var (to, text) in _waiting)
            {
                to.Write(text);
                to.Flush();
            }

            _waiting.Clear();
        }
    }

    private sealed class Release(HeldOutput owner) : IDisposable
    {
        private HeldOutput? _owner = owner;

        public void Dispose() => Interlocked.Exchange(ref _owner, null)?.Unhold();
    }

    private sealed class Writer(HeldOutput owner, TextWriter writer) : TextWriter
    {
        public override Encoding Encoding => writer.Encoding;

        public override void Write(char value) => owner.Write(writer, value.ToString());

        public override void Write(string? value) => owner.Write(writer, value ?? "");

        public override void WriteLine() => owner.Write(writer, "\n");

        public override void WriteLine(string? value) => owner.Write(writer, value + "\n");
    }
}
