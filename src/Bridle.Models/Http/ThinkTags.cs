using System.Text;

namespace Bridle.Models.Http;

/// <summary>
/// Separates the thoughts that a model writes between think tags from its answer, at the start of a reply and in the middle of it. A tag in code stays where it is, and so does
/// one that the answer speaks of in a sentence: from there on the reply is about such tags, and nothing more is taken out of it. In the middle a thought counts only once it is
/// closed: what follows a tag without an end is given back as the answer that it is. A tag may be split over any number of pieces.
/// </summary>
internal sealed class ThinkTags
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private readonly CodeMarks _marks = new();
    private readonly StringBuilder _answer = new();
    private readonly StringBuilder _thought = new();
    private readonly StringBuilder _held = new();
    private State _state = State.Start;
    private bool _start = true;
    private int _matched;
    private char _last;

    private enum State
    {
        /// <summary>Nothing but white space came so far, and it is held.</summary>
        Start,

        /// <summary>In the answer, looking for a tag.</summary>
        Answering,

        /// <summary>After a tag in the middle of a line: the next character tells whether it is meant.</summary>
        Opened,

        /// <summary>Between the tags. At the start of a reply the thought is given at once, later on it is held until it is closed.</summary>
        Thinking,

        /// <summary>After a thought: the blanks that would stand twice now are dropped.</summary>
        Between,

        /// <summary>The reply is about such tags.</summary>
        Whole,
    }

    /// <summary>Splits the next piece into answer and thought; either may be empty.</summary>
    public (string Answer, string Thought) Add(string piece)
    {
        if (_state == State.Whole)
        {
            return (piece, "");
        }

        foreach (var character in piece)
        {
            Take(character);
        }

        return Taken();
    }

    /// <summary>What is still held back at the end of the text.</summary>
    public (string Answer, string Thought) Finish()
    {
        var thinks = _state == State.Thinking;
        (thinks && _start ? _thought : _answer).Append(_held).Append((thinks ? Close : Open).AsSpan(0, _matched));
        _held.Clear();
        _matched = 0;
        return Taken();
    }

    private (string Answer, string Thought) Taken()
    {
        var taken = (_answer.ToString(), _thought.ToString());
        _answer.Clear();
        _thought.Clear();
        return taken;
    }

    private void Take(char character)
    {
        switch (_state)
        {
            case State.Whole:
                _answer.Append(character);
                break;
            case State.Thinking:
                Think(character);
                break;
            case State.Opened:
                Opened(character);
                break;
            case State.Between when _matched == 0 && IsTwice(character):
                break;
            default:
                Answer(character);
                break;
        }
    }

    private void Answer(char character)
    {
        if (character == Open[_matched] && (_matched > 0 || !_marks.IsCode()))
        {
            if (++_matched == Open.Length)
            {
                _matched = 0;
                Begin();
            }

            return;
        }

        if (_matched > 0)
        {
            // It only looked like a tag.
            var seeming = _matched;
            _matched = 0;
            _state = _state == State.Start ? Leave() : State.Answering;
            Emit(Open.AsSpan(0, seeming));
            Take(character);
        }
        else if (_state == State.Start && char.IsWhiteSpace(character))
        {
            _held.Append(character);
        }
        else
        {
            _state = _state == State.Start ? Leave() : State.Answering;
            Emit([character]);
        }
    }

    // The answer begins: the white space before it is part of it, unless a thought came first.
    private State Leave()
    {
        _start = false;
        Emit(_held.ToString());
        _held.Clear();
        return State.Answering;
    }

    private void Begin()
    {
        if (_start)
        {
            _held.Clear();
            _state = State.Thinking;
        }
        else
        {
            _held.Append(Open);
            _state = _marks.AtLineStart ? State.Thinking : State.Opened;
        }
    }

    // "Put it between <think> and </think>" speaks of the tag, "so <think>wait" means it.
    private void Opened(char character)
    {
        if (character is '\n' or '\r' || (!char.IsWhiteSpace(character) && (!char.IsPunctuation(character) || character is '(' or '[')))
        {
            _state = State.Thinking;
        }
        else
        {
            _state = State.Whole;
            _answer.Append(_held);
            _held.Clear();
        }

        Take(character);
    }

    private void Think(char character)
    {
        if (character == Close[_matched])
        {
            if (++_matched < Close.Length)
            {
                return;
            }

            _matched = 0;
            if (!_start)
            {
                _thought.Append(_held.ToString(Open.Length, _held.Length - Open.Length));
            }

            _held.Clear();
            _state = State.Between;
            return;
        }

        var to = _start ? _thought : _held;
        to.Append(Close.AsSpan(0, _matched));
        _matched = character == Close[0] ? 1 : 0;
        if (_matched == 0)
        {
            to.Append(character);
        }
    }

    private bool IsTwice(char character) => _start ? char.IsWhiteSpace(character) : _last switch
    {
        '\n' => character is '\r' or '\n',
        ' ' or '\t' => character is ' ' or '\t',
        _ => false,
    };

    private void Emit(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            _marks.Take(character);
            _last = character;
        }

        _start &= text.IsWhiteSpace();
        _answer.Append(text);
    }
}
