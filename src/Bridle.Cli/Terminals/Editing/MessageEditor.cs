namespace Bridle.Cli.Terminals.Editing;

/// <summary>What a key did to a message.</summary>
internal enum EditorEnd
{
    /// <summary>It is still being written.</summary>
    None,

    /// <summary>It is to be sent.</summary>
    Sent,

    /// <summary>Ctrl+D with nothing written.</summary>
    Closed,

    /// <summary>Escape with nothing left to close or clear.</summary>
    Escaped,
}

/// <summary>A message that is sent: as it goes to the model, and as it stood in the editor.</summary>
internal sealed record SentMessage(string Text, string Shown);

/// <summary>
/// The message that a person is writing: several lines, long pastes as marks, earlier messages, a search in them, and suggestions for the words at the cursor.
/// Draws nothing; <see cref="EditorLines"/> does.
/// </summary>
/// <param name="history">What was sent before; null to have none.</param>
/// <param name="suggest">What the text up to the cursor may become; null for nothing.</param>
internal sealed class MessageEditor(InputHistory? history = null, Func<string, Suggestions?>? suggest = null)
{
    // Nobody wants to page through ten thousand pasted lines to reach the message before.
    private const int MostRemembered = 10_000;

    private readonly EditedLine _line = new();
    private readonly PastedText _pasted = new();

    /// <summary>What stands in the editor, with marks for long pastes.</summary>
    public string Text => _line.Text;

    public int Cursor => _line.Cursor;

    public Picker? Picker { get; private set; }

    public HistorySearch? Search { get; private set; }

    /// <summary>Puts a text in the place of what is there.</summary>
    public void Set(string text)
    {
        (_line.Text, Picker, Search) = (text, null, null);
        _pasted.Clear();
    }

    /// <summary>Puts a text before what is there, on lines of its own.</summary>
    public void Precede(string text) => (_line.Text, Picker, Search) = (Text.Length == 0 ? text : $"{text}\n{Text}", null, null);

    /// <summary>Adds to the end of what is there.</summary>
    public void Append(string text) => _line.Text += text;

    /// <summary>The message as it is sent, and nothing is left in the editor.</summary>
    public SentMessage Take()
    {
        var (whole, shown) = (_pasted.Whole(_line.Text), _line.Text);
        if (whole.Length <= MostRemembered)
        {
            history?.Add(whole);
        }

        Set("");
        return new(whole, shown);
    }

    /// <summary>Does what a stroke says.</summary>
    public EditorEnd Press(Stroke stroke)
    {
        if (Search is not null)
        {
            return PressInSearch(stroke);
        }

        var before = (_line.Text, _line.Cursor);
        var end = PressInPicker(stroke) ? EditorEnd.None : Edit(stroke);
        if (end is EditorEnd.None && before != (_line.Text, _line.Cursor))
        {
            Suggest();
        }

        return end;
    }

    private EditorEnd Edit(Stroke stroke)
    {
        switch (stroke)
        {
            case { IsPaste: true }:
                _line.Insert(_pasted.Shown(stroke.Text));
                return EditorEnd.None;
            // The console tells Ctrl+J as Enter with Control.
            case { Key.Key: ConsoleKey.Enter } when stroke.Key.Modifiers != 0 || EndsWithBackslash():
            case var _ when stroke.IsControl(ConsoleKey.J):
                _line.RemoveBefore(stroke.Key is { Key: ConsoleKey.Enter, Modifiers: 0 } ? 1 : 0);
                _line.Insert("\n");
                return EditorEnd.None;
            case { Key.Key: ConsoleKey.Enter }:
                return EditorEnd.Sent;
            case var _ when stroke.IsControl(ConsoleKey.D) && Text.Length == 0:
                return EditorEnd.Closed;
            case { Key.Key: ConsoleKey.Escape }:
                Picker = null;
                return EditorEnd.Escaped;
            case var _ when stroke.IsControl(ConsoleKey.R) && history is not null:
                Search = new(history.Entries);
                return EditorEnd.None;
            case { Key.Key: ConsoleKey.UpArrow }:
                Recall(_line.MoveLine(-1) ? null : history?.Back(Text));
                return EditorEnd.None;
            case { Key.Key: ConsoleKey.DownArrow }:
                Recall(_line.MoveLine(1) ? null : history?.Forward());
                return EditorEnd.None;
            case { Key.Key: ConsoleKey.Backspace } when _pasted.EndingAt(Text, Cursor) is { } mark:
                _line.RemoveBefore(mark.Length);
                return EditorEnd.None;
            case { Text.Length: > 1 }:
                _line.Insert(stroke.Text);
                return EditorEnd.None;
            default:
                _line.Apply(stroke.Key);
                return EditorEnd.None;
        }
    }

    private bool EndsWithBackslash() => Cursor > 0 && Text[Cursor - 1] == '\\';

    private void Recall(string? entry)
    {
        if (entry is not null)
        {
            _line.Text = entry;
        }
    }

    // True when the key was the picker's.
    private bool PressInPicker(Stroke stroke)
    {
        if (Picker is not { } picker || stroke.IsPaste)
        {
            return false;
        }

        switch (stroke.Key.Key)
        {
            case ConsoleKey.UpArrow:
                picker.Move(-1);
                return true;
            case ConsoleKey.DownArrow:
                picker.Move(1);
                return true;
            case ConsoleKey.Escape:
                Picker = null;
                return true;
            case ConsoleKey.Tab when !stroke.Shift:
                Accept(picker);
                return true;
            case ConsoleKey.Enter when stroke.Key.Modifiers == 0 && (picker.Moved || picker.Suggestions.TakesEnter) && !IsThere(picker):
                Accept(picker);
                return !picker.Choice.Complete;
            default:
                return false;
        }
    }

    // What is typed is one of the suggestions already, so Enter sends it.
    private bool IsThere(Picker picker) =>
        !picker.Moved && picker.Suggestions.Items.Any(item => item.Text == Text[picker.Suggestions.From..Cursor]);

    private void Accept(Picker picker)
    {
        _line.RemoveBefore(Cursor - picker.Suggestions.From);
        _line.Insert(picker.Choice.Text + (picker.Choice.Complete || picker.Choice.Text.EndsWith('/') ? "" : " "));
        Picker = null;
    }

    /// <summary>Looks for what the words at the cursor may become.</summary>
    public void Suggest()
    {
        var found = suggest?.Invoke(Text[..Cursor]);
        Picker = found is { Items.Count: > 0 } ? new(found) : null;
    }

    private EditorEnd PressInSearch(Stroke stroke)
    {
        switch (stroke)
        {
            case var _ when stroke.IsControl(ConsoleKey.R):
                Search!.Older();
                break;
            case { Key.Key: ConsoleKey.Backspace }:
                Search!.Back();
                break;
            case { Key.Key: ConsoleKey.Escape }:
            case var _ when stroke.IsControl(ConsoleKey.G):
                Search = null;
                break;
            case { Text.Length: > 0 } when !stroke.Control && !stroke.Alt:
                Search!.Type(stroke.Text);
                break;
            default:
                // Any other key takes what was found into the editor.
                _line.Text = Search!.Match ?? _line.Text;
                Search = null;
                break;
        }

        return EditorEnd.None;
    }
}
