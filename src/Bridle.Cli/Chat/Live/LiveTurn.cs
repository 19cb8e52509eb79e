using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Cli.Terminals.Screens;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Tools.Planning;

namespace Bridle.Cli.Chat.Live;

/// <summary>Shows a turn on a screen: what is finished goes into the scrollback, what still changes stays in the live region.</summary>
internal sealed class LiveTurn(Screen screen, ScreenWriter writer, ChatView view, Styling style, Func<int> width) : IShownTurn
{
    private const int MostDiffLines = 60;
    private const int MostShown = 5_000;

    private readonly Dictionary<CallId, ToolCallPart> _calls = [];
    private readonly ChangedCalls _changed = new();
    private string _model = "the model";
    private readonly Stack<(string Title, string Text)> _outputs = new();
    private bool _streamed;

    public bool ShownLast => true;

    public AskedChanges Asked { get; } = new();

    /// <summary>Called when a turn is over, with the time that it took.</summary>
    public Action<TimeSpan> Over { get; set; } = _ => { };

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        TimeSpan? took = null;
        lock (screen.Gate)
        {
            took = sessionEvent is Recorded { Event: RunFinished } ? view.TurnTime : null;
            switch (sessionEvent)
            {
                case Shown shown:
                    Show(shown.Event);
                    break;
                case Recorded recorded:
                    Show(recorded.Event);
                    break;
            }
        }

        screen.Invalidate();
        if (took is { } time)
        {
            Over(time);
        }

        return ValueTask.CompletedTask;
    }

    public void Say(string line)
    {
        lock (screen.Gate)
        {
            EndLine();
            screen.Mark(kept: true);
            screen.Commit(WordWrap.Of(line, width()));
        }
    }

    public void EndLine()
    {
        lock (screen.Gate)
        {
            Commit(view.Reply.End());
            writer.EndLine();
        }
    }

    public void Expect(IEnumerable<ToolCallPart> calls)
    {
        lock (screen.Gate)
        {
            foreach (var call in calls)
            {
                _calls[call.Id] = call;
            }
        }
    }

    public void Abandon()
    {
        lock (screen.Gate)
        {
            EndLine();
            Finish();
        }

        screen.Invalidate();
    }

    public void Queued(string text, bool afterTurn)
    {
        lock (screen.Gate)
        {
            view.Queued.Add((text, afterTurn));
        }

        screen.Invalidate();
    }

    /// <summary>Shows more of what runs; else the whole output of the turn's last call, and the next time that of the one before.</summary>
    public void ShowMore()
    {
        lock (screen.Gate)
        {
            if (view.Calls.Count > 0)
            {
                view.Expanded = !view.Expanded;
            }
            else if (_outputs.TryPop(out var last))
            {
                var lines = VisibleText.Of(last.Text.TrimEnd('\n')).Split('\n');
                Say(style.Bold($"• {last.Title}"));
                screen.Commit(string.Join('\n', lines.Take(MostShown).Select(line => $"  {line}")));
                if (lines.Length > MostShown)
                {
                    Say(style.Dim($"  (+{lines.Length - MostShown} lines)"));
                }
            }
        }

        screen.Invalidate();
    }

    private void Commit(IReadOnlyList<string> lines)
    {
        if (lines.Count > 0)
        {
            screen.Commit(string.Join('\n', lines));
        }
    }

    private void Show(TransientEvent happened)
    {
        switch (happened)
        {
            case TextStreamed { Text.Length: > 0 } text:
                if (!_streamed)
                {
                    screen.Mark(kept: false);
                }

                _streamed = true;
                Commit(view.Reply.Take(text.Text));
                view.Wait("Answering");
                break;
            case ReasoningStreamed:
                view.Wait("Thinking");
                break;
            case CallStreamed call:
                view.Wait($"Writing a call of {call.Tool}");
                break;
            case ReplyWithdrawn withdrawn:
                view.Reply.Drop();
                screen.TakeBack();
                if (_streamed)
                {
                    Say(style.Yellow(TurnWords.Of(withdrawn)));
                }

                _streamed = false;
                break;
            case RetryWaiting wait:
                Say(style.Yellow(TurnWords.Of(wait)));
                view.Wait($"Waiting for try {wait.Attempt} of {wait.Of}");
                break;
            case ToolProgressed progress:
                view.Calls.FirstOrDefault(call => call.Id == progress.Call)?.Add(progress.Text);
                break;
            case SensorBegan began:
                Say(style.Bold(TurnWords.Of(began)));
                view.Wait($"The sensor {VisibleText.Line(began.Sensor, 40)} looks");
                break;
            case NoticeShown notice:
                Say(style.Yellow(VisibleText.Of(notice.Text)));
                break;
        }
    }

    private void Show(DurableEvent happened)
    {
        switch (happened)
        {
            case RunStarted started:
                _outputs.Clear();
                _streamed = false;
                (_model, view.Status) = (started.Model, view.Status with { Mode = started.Mode, Simulated = started.Simulated });
                view.Turn(runs: true);
                view.Wait($"Waiting for {_model}");
                break;
            case ModelRequested requested:
                _model = requested.Model;
                view.Wait($"Waiting for {_model}");
                break;
            case ModelReplied replied:
                ShowReply(replied);
                break;
            case ToolStarted { Call: var call } when IsOfSensor(call):
            case ToolReturned { Call: var answered } when IsOfSensor(answered):
                break;
            case ToolStarted started:
                view.Wait(null);
                view.Begin(started.Call, Title(started.Call, started.Tool));
                break;
            case ToolReturned returned:
                ShowResult(returned);
                break;
            case ModeChanged changed:
                view.Status = view.Status with { Mode = changed.To };
                break;
            case ModelChanged changed:
                view.Status = view.Status with { Model = changed.To };
                break;
            case ModelConsulted consulted:
                view.Status = view.Status.Add(consulted);
                break;
            case RunFinished:
                Finish();
                break;
            default:
                ShowLine(happened);
                break;
        }
    }

    private void ShowLine(DurableEvent happened)
    {
        switch (happened)
        {
            case ApprovalRequested asked:
                _changed.Ask(asked);
                break;
            case ApprovalGiven { EditedInput: not null } given:
                _changed.Take(given, _calls);
                break;
            case SensorRan:
                view.Wait(null);
                break;
            case InboxDrained drained:
                view.Queued.RemoveAll(queued => drained.Messages.Any(message => message.Text == queued.Text));
                break;
            case Compacted compacted:
                view.Status = view.Status.Add(compacted);
                break;
            case ReplyCut cut:
                view.Status = view.Status.Add(cut);
                break;
        }

        if (TurnWords.Line(happened, style) is { } line)
        {
            Say(line);
        }
    }

    // A call that a model made is shown as such, whatever it calls itself.
    private bool IsOfSensor(CallId call) => TurnWords.IsOfSensor(call) && !_calls.ContainsKey(call);

    private void ShowReply(ModelReplied replied)
    {
        foreach (var call in replied.Reply.Calls)
        {
            _calls[call.Id] = call;
        }

        if (!_streamed && replied.Reply.Text.Length > 0)
        {
            Commit(view.Reply.Take(replied.Reply.Text));
        }

        view.Status = view.Status.Add(replied.Reply.Usage, replied.Cost) with { Window = view.Model()?.ContextWindow };
        view.Wait(null);
        _streamed = false;
        EndLine();
    }

    private void ShowResult(ToolReturned returned)
    {
        var title = Title(returned.Call, returned.Tool ?? "a call");
        var text = CallLine.Words(returned);
        Say(returned.Outcome switch { CallOutcome.Denied => style.Red($"✗ {title}"), CallOutcome.Interrupted => style.Yellow($"! {title}"), _ => style.Bold($"• {title}") });

        // Nobody knows whether an interrupted call took effect: that is said whole.
        var line = $"  {(returned.Outcome is CallOutcome.Interrupted ? VisibleText.Of(text) : CallLine.Result(text, width()))}";
        Say(returned.IsError ? style.Red(line) : style.Dim(line));
        if (returned.Diff is { Length: > 0 } diff && !Asked.Take(returned.Call, diff))
        {
            var lines = VisibleText.Of(diff.TrimEnd('\n')).Split('\n');
            screen.Commit(style.Diff(string.Join('\n', lines.Take(MostDiffLines))));
            if (lines.Length > MostDiffLines)
            {
                Say(style.Dim($"  (+{lines.Length - MostDiffLines} lines of the change, Ctrl+O shows all)"));
            }
        }

        if (returned is { Tool: "TodoWrite", IsError: false } && _calls.TryGetValue(returned.Call, out var todo))
        {
            view.Todo = TodoOf(todo.Arguments);
        }

        view.Calls.RemoveAll(call => call.Id == returned.Call);
        view.Expanded &= view.Calls.Count > 0;
        _outputs.Push((title, returned.Diff is { Length: > 0 } change ? $"{text}\n{change}" : text));
        _calls.Remove(returned.Call);
    }

    private void Finish()
    {
        view.Turn(runs: false);
        view.Queued.Clear();
        view.Calls.Clear();
        view.Expanded = false;

        // A list that is done, or that nobody works on any more, goes where everything goes.
        if (view.Todo.Count > 0)
        {
            EndLine();
            Commit([.. TodoLines.Of(view.Todo, view.Todo.Count, width(), style)]);
            view.Todo = view.Todo.All(item => item.Status is TodoStatus.Completed) ? [] : view.Todo;
        }
    }

    private static IReadOnlyList<TodoItem> TodoOf(string arguments)
    {
        try
        {
            using var document = SoundJson.Parse(arguments);
            return Bridle.Tools.Planning.Todo.From(document.RootElement);
        }
        catch (System.Text.Json.JsonException)
        {
            return [];
        }
    }

    private string Title(CallId id, string tool) => _calls.TryGetValue(id, out var call) ? CallLine.Of(call.Name, call.Arguments, width()) : VisibleText.Line(tool, 60);
}
