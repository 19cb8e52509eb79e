using System.Text;

namespace Bridle.Cli.Terminals.Screens;

/// <summary>A writer whose finished lines are committed to a screen. The line that has not ended yet is <see cref="Open"/> and stands in the live region.</summary>
internal sealed class ScreenWriter(Screen screen) : TextWriter
{
    private string _open = "";

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written since the last end of a line.</summary>
    public string Open
    {
        get
        {
            lock (screen.Gate)
            {
                return _open;
            }
        }
    }

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(string? value)
    {
        lock (screen.Gate)
        {
            var text = _open + value?.Replace("\r\n", "\n", StringComparison.Ordinal);
            var end = text.LastIndexOf('\n');
            if (end >= 0)
            {
                screen.Commit(text[..end]);
            }

            _open = text[(end + 1)..];
        }

        screen.Invalidate();
    }

    public override void WriteLine() => Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    /// <summary>Ends the open line, if there is one.</summary>
    public void EndLine()
    {
        if (Open.Length > 0)
        {
            WriteLine();
        }
    }
}
