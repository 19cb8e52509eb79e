using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tools.Shell;

/// <summary>Takes in what a command writes, in the order of arrival, shows it as it comes and keeps it.</summary>
internal sealed class ShellOutput(FolderMark mark, Action<string> show)
{
    private readonly Lock _lock = new();
    private readonly (Decoder Bytes, TerminalText Text) _output = (Encoding.UTF8.GetDecoder(), new TerminalText());
    private readonly (Decoder Bytes, TerminalText Text) _errors = (Encoding.UTF8.GetDecoder(), new TerminalText());

    /// <summary>Everything so far. Only to be looked at after <see cref="Close"/>.</summary>
    public KeptOutput Kept { get; } = new();

    public void Take(OutputChunk chunk)
    {
        lock (_lock)
        {
            Take(chunk.Bytes.Span, chunk.IsError, isLast: false);
        }
    }

    /// <summary>Takes in what was held back, such as half a character at the end.</summary>
    public void Close()
    {
        lock (_lock)
        {
            Take([], isError: false, isLast: true);
            Take([], isError: true, isLast: true);
        }
    }

    private void Take(ReadOnlySpan<byte> bytes, bool isError, bool isLast)
    {
        var (decoder, terminal) = isError ? _errors : _output;
        var chars = new char[decoder.GetCharCount(bytes, isLast)];
        var decoded = new string(chars, 0, decoder.GetChars(bytes, chars, isLast));
        if (!isError)
        {
            decoded = mark.Take(decoded) + (isLast ? mark.Rest() : "");
        }

        var text = terminal.Take(decoded);
        if (text.Length > 0)
        {
            Kept.Append(text);
            show(text);
        }
    }
}
