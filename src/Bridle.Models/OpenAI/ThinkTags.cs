using System.Text;

namespace Bridle.Models.OpenAI;

/// <summary>
/// Separates the thoughts that a model writes between think tags before its answer. Only the start of a reply is looked at, so that an answer about such
/// tags stays whole; a tag may be split over any number of pieces, and what only looked like the start of one is given back.
/// </summary>
internal sealed class ThinkTags
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private readonly StringBuilder _held = new();
    private State _state = State.Start;

    private enum State
    {
        /// <summary>Nothing but white space came so far.</summary>
        Start,

        /// <summary>Between the tags.</summary>
        Thinking,

        /// <summary>After a thought; the white space before the answer is dropped, and another thought may follow.</summary>
        Between,

        /// <summary>The answer has begun.</summary>
        Answering,
    }

    /// <summary>Splits the next piece into answer and thought; either may be empty.</summary>
    public (string Answer, string Thought) Add(string piece)
    {
        if (_state == State.Answering)
        {
            return (piece, "");
        }

        _held.Append(piece);
        return Take(final: false);
    }

    /// <summary>What is still held back at the end of the text.</summary>
    public (string Answer, string Thought) Finish() => Take(final: true);

    private (string Answer, string Thought) Take(bool final)
    {
        var rest = _held.ToString().AsSpan();
        var answer = "";
        var thought = new StringBuilder();
        while (rest.Length > 0 && _state != State.Answering)
        {
            if (_state == State.Thinking)
            {
                if (!Think(ref rest, thought, final))
                {
                    break;
                }

                continue;
            }

            var word = rest.TrimStart();
            if (word.StartsWith(Open, StringComparison.Ordinal))
            {
                rest = word[Open.Length..];
                _state = State.Thinking;
            }
            else if (!final && word.Length < Open.Length && Open.AsSpan().StartsWith(word, StringComparison.Ordinal))
            {
                break;
            }
            else
            {
                rest = _state == State.Between ? word : rest;
                _state = State.Answering;
            }
        }

        if (_state == State.Answering)
        {
            answer = rest.ToString();
            rest = default;
        }

        var held = rest.ToString();
        _held.Clear().Append(held);
        return (answer, thought.ToString());
    }

    /// <summary>Takes the thought up to its closing tag; false when the rest has to wait for the next piece.</summary>
    private bool Think(ref ReadOnlySpan<char> rest, StringBuilder thought, bool final)
    {
        var close = rest.IndexOf(Close, StringComparison.Ordinal);
        if (close >= 0)
        {
            thought.Append(rest[..close]);
            rest = rest[(close + Close.Length)..];
            _state = State.Between;
            return true;
        }

        var keep = final ? 0 : Overlap(rest, Close);
        thought.Append(rest[..^keep]);
        rest = rest[^keep..];
        return false;
    }

    /// <summary>How many characters at the end of the text could be the start of the tag.</summary>
    private static int Overlap(ReadOnlySpan<char> text, string tag)
    {
        for (var length = Math.Min(text.Length, tag.Length - 1); length > 0; length--)
        {
            if (tag.AsSpan().StartsWith(text[^length..], StringComparison.Ordinal))
            {
                return length;
            }
        }

        return 0;
    }
}
