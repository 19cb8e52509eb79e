using System.Text;

namespace Bridle.Models.Prompted;

/// <summary>A stretch of what the model wrote: prose, or the inside of a <c>tool_call</c> block.</summary>
internal sealed record Stretch(string Text, bool IsBlock);

/// <summary>
/// Parts prose from fenced <c>tool_call</c> blocks while the text arrives in pieces of any size. What might become a block is held back until it is known.
/// A block that stands inside another fence, or after something else in its line, is spoken of and not meant: it stays prose.
/// Line ends of both kinds, a missing line end after the tag or before the closing fence, and a fence that never closes are taken as they come.
/// </summary>
internal sealed class ToolCallBlocks(ProseLines lines)
{
    private const string Tag = "tool_call";
    private const int ShortestFence = 3;

    private readonly List<Stretch> _done = [];
    private readonly StringBuilder _prose = new();
    private readonly StringBuilder _block = new();
    private readonly BlockInside _inside = new();
    private readonly ProseLines _lines = lines;
    private string _held = "";
    private int _fence;
    private State _state;

    private enum State
    {
        Prose,
        Block,
        AfterBlock,
    }

    public ToolCallBlocks()
        : this(new ProseLines())
    {
    }

    /// <summary>What was found so far, in order.</summary>
    public IReadOnlyList<Stretch> Stretches => _done;

    /// <summary>Adds a piece and returns the prose that can be shown now.</summary>
    public string Add(string piece) => Take(piece, ended: false);

    /// <summary>Ends the text and returns the prose that was held back. A block that is still open counts as one.</summary>
    public string End()
    {
        var shown = Take("", ended: true);
        if (_state == State.Block)
        {
            EndBlock();
        }

        EndProse();
        return shown;
    }

    private string Take(string piece, bool ended)
    {
        var text = _held + piece;
        _held = "";
        var shown = new StringBuilder();
        var at = 0;
        while (at < text.Length)
        {
            var next = _state switch
            {
                State.Prose => TakeProse(text, at, ended, shown),
                State.Block => TakeBlock(text, at, ended),
                _ => TakeAfter(text, at),
            };
            if (next < 0)
            {
                break;
            }

            at = next;
        }

        return shown.ToString();
    }

    /// <summary>The position to go on from, or -1 when the rest is held back.</summary>
    private int TakeProse(string text, int at, bool ended, StringBuilder shown)
    {
        var tick = at;
        while (tick < text.Length && !(text[tick] == '`' && _lines.MayOpen))
        {
            _lines.Take(text[tick++]);
        }

        Show(text, at, tick, shown);
        if (tick == text.Length)
        {
            return tick;
        }

        var after = SkipWhile(text, tick, static c => c == '`');
        var tag = after - tick < ShortestFence ? after : SkipWhile(text, after, static c => c is ' ' or '\t');
        var length = Math.Min(Tag.Length, text.Length - tag);
        var mayOpen = (after - tick >= ShortestFence || after == text.Length) && string.Compare(text, tag, Tag, 0, length, StringComparison.OrdinalIgnoreCase) == 0;
        if (mayOpen && tag + Tag.Length >= text.Length && !ended)
        {
            _held = text[tick..];
            return -1;
        }

        var isTag = mayOpen && length == Tag.Length && after - tick >= ShortestFence && !IsWord(text, tag + Tag.Length);
        if (!isTag)
        {
            for (var i = tick; i < after; i++)
            {
                _lines.Take(text[i]);
            }

            Show(text, tick, after, shown);
            return after;
        }

        EndProse();
        _fence = after - tick;
        _state = State.Block;
        return tag + Tag.Length;
    }

    private void Show(string text, int from, int to, StringBuilder shown)
    {
        shown.Append(text, from, to - from);
        _prose.Append(text, from, to - from);
    }

    private int TakeBlock(string text, int at, bool ended)
    {
        for (var i = at; i < text.Length; i++)
        {
            if (text[i] == '`' && _inside.MayEnd)
            {
                var after = SkipWhile(text, i, static c => c == '`');
                if (after == text.Length && !ended)
                {
                    _held = text[i..];
                    return -1;
                }

                if (after - i >= _fence)
                {
                    EndBlock();
                    return after;
                }
            }

            _inside.Read(text[i]);
            _block.Append(text[i]);
        }

        return text.Length;
    }

    // The rest of the closing fence's line belongs to the fence.
    private int TakeAfter(string text, int at)
    {
        var next = SkipWhile(text, at, static c => c is ' ' or '\t' or '\r');
        if (next < text.Length)
        {
            _state = State.Prose;
            _lines.StartLine();
            next += text[next] == '\n' ? 1 : 0;
        }

        return next;
    }

    private void EndBlock()
    {
        _done.Add(new Stretch(_block.ToString().Trim(), IsBlock: true));
        _block.Clear();
        _inside.Reset();
        _state = State.AfterBlock;
    }

    private void EndProse()
    {
        if (_prose.Length > 0)
        {
            _done.Add(new Stretch(_prose.ToString(), IsBlock: false));
            _prose.Clear();
        }
    }

    private static int SkipWhile(string text, int at, Func<char, bool> skip)
    {
        while (at < text.Length && skip(text[at]))
        {
            at++;
        }

        return at;
    }

    private static bool IsWord(string text, int at) => at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');
}
