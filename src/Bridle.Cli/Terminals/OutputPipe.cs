using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Bridle.Cli.Terminals;

/// <summary>
/// What the program writes to. Whoever reads it may go away (<c>| head -1</c>), or its disk may be full: then nothing more is written, the first failure is told once,
/// and the program goes on to close its log.
/// </summary>
internal sealed class OutputPipe(TextWriter inner, Action onBroken) : TextWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether something that was written did not arrive.</summary>
    public bool Broken { get; private set; }

    /// <summary>Why it did not arrive; null when nothing did go wrong, and when whoever read it went away, which is nobody's fault.</summary>
    public string? Problem { get; private set; }

    public override Encoding Encoding => inner.Encoding;

    /// <summary>Standard output. The console's own stream keeps it to itself when the reader of a pipe went away, so a pipe is written to without it.</summary>
    public static TextWriter StandardOutput(bool redirected)
    {
        if (ClosedAtStart.Output)
        {
            return new ClosedAtStart.Writer();
        }

        if (redirected && !OperatingSystem.IsWindows())
        {
            try
            {
                var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
                if (!pipe.CanSeek)
                {
                    return Synchronized(new StreamWriter(pipe, Utf8) { AutoFlush = true });
                }
            }
            catch (Exception closed) when (closed is IOException or UnauthorizedAccessException or ArgumentException)
            {
                // It is closed; the console's stream says so when it is written to.
            }
        }

        return System.Console.Out;
    }

    /// <summary>Standard error; where it was closed at the start, nothing is written.</summary>
    public static TextWriter StandardError() => ClosedAtStart.Error ? Null : System.Console.Error;

    public override void Write(char value) => Do(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Do(() => inner.Write(buffer, index, count));

    public override void Write(string? value) => Do(() => inner.Write(value));

    public override void WriteLine(string? value) => Do(() => inner.WriteLine(value));

    public override void Flush() => Do(inner.Flush);

    // EPIPE; on Windows that it is being closed, and that it is.
    private static bool HasNoReader(Exception gone) => OperatingSystem.IsWindows() ? (gone.HResult & 0xFFFF) is 232 or 109 : gone.HResult is 32;

    private void Do(Action write)
    {
        if (Broken)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            (Broken, Problem) = (true, HasNoReader(gone) ? null : gone.Message.TrimEnd('.'));
            onBroken();
        }
    }
}
