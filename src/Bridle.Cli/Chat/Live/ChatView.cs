using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Editing;
using Bridle.Cli.Terminals.Markdown;
using Bridle.Cli.Terminals.Screens;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Tools.Planning;

namespace Bridle.Cli.Chat.Live;

/// <summary>
/// What stands below the scrollback of a conversation: the end of the answer, what runs, the list of things to do, what is queued, what is waited for, what is being typed,
/// and the status. Read and changed only under the gate of its screen.
/// </summary>
internal sealed class ChatView(Styling style, TimeProvider time, Func<int> width)
{
    private const string Spinner = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private const int CallLines = 5;
    private const int MoreCallLines = 30;
    private const int MostTodo = 8;

    private (string What, long Since)? _waiting;
    private long? _turn;

    /// <summary>Columns that a line may take.</summary>
    public int Width => width();

    public MarkdownLines Reply { get; } = new(style, width);

    public List<RunningCall> Calls { get; } = [];

    public IReadOnlyList<TodoItem> Todo { get; set; } = [];

    /// <summary>What was typed while the turn runs, and whether it waits for its end.</summary>
    public List<(string Text, bool AfterTurn)> Queued { get; } = [];

    public StatusLine Status { get; set; } = new("", "");

    /// <summary>The model that answers now.</summary>
    public Func<ModelInfo?> Model { get; set; } = () => null;

    /// <summary>The line that has not ended yet, of a question or a command.</summary>
    public Func<string> OpenLine { get; set; } = () => "";

    /// <summary>What is being typed, and what stands before it. Null while a question has the keyboard and wants no line.</summary>
    public (MessageEditor Editor, string Prompt)? Input { get; set; }

    /// <summary>A question has the keyboard: the person is waited for, and nothing stands between the question and its answer that says otherwise.</summary>
    public bool Asks { get; set; }

    /// <summary>Shows more of what runs.</summary>
    public bool Expanded { get; set; }

    /// <summary>Something moves by itself: a spinner or a clock.</summary>
    public bool Moves => _turn is not null || _waiting is not null;

    /// <summary>The turn began, or is over.</summary>
    public void Turn(bool runs)
    {
        _turn = runs ? time.GetTimestamp() : null;
        if (!runs)
        {
            _waiting = null;
        }
    }

    /// <summary>How long the turn runs.</summary>
    public TimeSpan TurnTime => _turn is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Says what is waited for; the time begins anew only when that is something else.</summary>
    public void Wait(string? what)
    {
        if (what != _waiting?.What)
        {
            _waiting = what is null ? null : (what, time.GetTimestamp());
        }
    }

    /// <summary>A call begins.</summary>
    public void Begin(CallId call, string title) => Calls.Add(new(call, title, time.GetTimestamp()));

    /// <summary>The live region for a size.</summary>
    public LiveRegion Region(int columns, int rows)
    {
        var room = columns - 1;
        var open = OpenLine();
        var input = Input is { } typed ? EditorLines.Of(typed.Editor, typed.Prompt, room, Math.Max(3, rows / 3), style)
            : open.Length > 0 ? OpenRegion(open, room) : new LiveRegion([], null);
        var above = new List<string>();
        above.AddRange(Reply.Open().TakeLast(Math.Max(3, rows / 2)));
        above.AddRange(Asks ? [] : Calls.SelectMany(call => CallRegion(call, room)));
        above.AddRange(TodoLines.Of(Todo, MostTodo, room, style));
        above.AddRange(Queued.TakeLast(5).Select(queued => QueuedLine(queued.Text, queued.AfterTurn ? "  (when this turn is over)" : "  (queued)", room)));
        if (_waiting is { } wait && !Asks)
        {
            above.Add($"{style.Cyan(Turning)} {VisibleText.Line(wait.What, Math.Max(10, room - 30))}… {StatusLine.Elapsed(time.GetElapsedTime(wait.Since))}{style.Dim(_turn is null ? "" : "  Esc interrupts")}");
        }

        // The typed line and the status stay whatever else there is.
        var status = Status.Text(room, _turn is { } since ? time.GetElapsedTime(since) : null, Running, style);
        var kept = above.TakeLast(Math.Max(0, rows - 2 - input.Lines.Count)).ToList();
        return new([.. kept, .. input.Lines, status], input.Cursor is { } at ? (kept.Count + at.Row, at.Column) : null);
    }

    private string QueuedLine(string text, string until, int room) => style.Cyan($"↳ {VisibleText.Line(text, Math.Max(10, room - until.Length - 2))}") + style.Dim(until);

    private string Turning => Spinner[(int)(time.GetTimestamp() * 10 / time.TimestampFrequency % Spinner.Length)].ToString();

    private string? Running => Calls.Count switch { 0 => null, 1 => $"running {Calls[0].Title.Split(' ')[0]}", var count => $"running {count} calls" };

    private IEnumerable<string> CallRegion(RunningCall call, int room)
    {
        var clock = $" {Turning} {StatusLine.Elapsed(time.GetElapsedTime(call.Since))}";
        yield return style.Bold($"• {VisibleText.Line(call.Title, Math.Max(10, room - clock.Length - 3))}") + style.Cyan(clock);
        foreach (var line in call.Lines(Expanded ? MoreCallLines : CallLines, room, style))
        {
            yield return line;
        }
    }

    private static LiveRegion OpenRegion(string open, int room)
    {
        var lines = StyledText.Wrap(open, room);
        return new(lines, (lines.Count - 1, StyledText.Width(lines[^1])));
    }
}
