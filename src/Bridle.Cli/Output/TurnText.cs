using System.Text;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Output;

/// <summary>
/// Shows a turn to a person. The model's words go to standard output, when <c>live</c> as they come; everything else goes to standard error.
/// Where standard output is no terminal only the answer goes there, from whoever ends the turn; words that turn out to be none (beside calls,
/// or followed by another reply) go to standard error, and what was withdrawn nowhere.
/// </summary>
internal sealed class TurnText(CommandIo io, bool live) : IShownTurn
{
    private const int MostProgressLines = 20;
    private const int MostDiffLines = 60;

    private readonly Styling _style = new(io.Color && io.ErrorIsTerminal);
    private readonly Dictionary<CallId, ToolCallPart> _calls = [];
    private readonly ChangedCalls _changed = new();
    private readonly Dictionary<CallId, int> _progress = [];
    private readonly StringBuilder _written = new();
    private CallId? _last;
    private bool _midLine;
    private bool _streamed;
    private bool _wholeShown;
    private string _lastWords = "";

    // A reply that broke off was shown as well, as far as it came.
    public bool ShownLast => _wholeShown || _streamed;

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        switch (sessionEvent)
        {
            case Shown shown:
                Show(shown.Event);
                break;
            case Recorded recorded:
                Show(recorded.Event);
                break;
        }

        return ValueTask.CompletedTask;
    }

    public AskedChanges Asked { get; } = new();

    // Never into the middle of a line of the answer; on a terminal broken between words.
    public void Say(string line)
    {
        EndLine();
        _written.Clear();
        io.TellError(line);
    }

    public void Expect(IEnumerable<ToolCallPart> calls)
    {
        foreach (var call in calls)
        {
            _calls[call.Id] = call;
        }
    }

    public void Abandon() => EndLine();

    public void Queued(string text, bool afterTurn)
    {
        // A message stands there already, as it was typed.
        if (afterTurn)
        {
            Say($"  ({VisibleText.Line(text, 60)}: when this turn is over)");
        }
    }

    public void EndLine()
    {
        if (_midLine)
        {
            io.Out.WriteLine();
            io.Out.Flush();
            _midLine = false;
        }
    }

    private void Show(TransientEvent happened)
    {
        switch (happened)
        {
            case TextStreamed { Text.Length: > 0 } text when live && io.OutIsTerminal:
                if (!_streamed)
                {
                    EndLine();
                    _written.Clear();
                }

                Write(text.Text);
                _streamed = true;
                break;
            case ReplyWithdrawn withdrawn:
                if (_streamed)
                {
                    TakeBack();
                    Say(_style.Yellow(TurnWords.Of(withdrawn)));
                }

                _streamed = false;
                break;
            case RetryWaiting wait:
                Say(_style.Yellow(TurnWords.Of(wait)));
                break;
            case ToolProgressed progress when io.ErrorIsTerminal && !IsOfSensor(progress.Call):
                ShowProgress(progress);
                break;
            case SensorBegan began:
                Say(_style.Bold(TurnWords.Of(began)));
                break;
            case NoticeShown notice:
                Say(_style.Yellow(VisibleText.Of(notice.Text)));
                break;
        }
    }

    private void Show(DurableEvent happened)
    {
        switch (happened)
        {
            case RunStarted:
                _streamed = _wholeShown = false;
                TellAside("");
                break;
            case ModelReplied replied:
                ShowReply(replied.Reply);
                break;
            case ToolStarted { Call: var call } when IsOfSensor(call):
            case ToolReturned { Call: var answered } when IsOfSensor(answered):
                break;
            case ApprovalRequested asked:
                _changed.Ask(asked);
                break;
            case ApprovalGiven { EditedInput: not null } given:
                _changed.Take(given, _calls);
                break;
            case ToolStarted started:
                Say(_style.Bold($"• {Call(started.Call, started.Tool)}"));
                _last = started.Call;
                break;
            case ToolReturned returned:
                ShowResult(returned);
                break;
            case var _ when TurnWords.Line(happened, _style) is { } line:
                Say(line);
                break;
        }
    }

    private void ShowReply(ModelReply reply)
    {
        foreach (var call in reply.Calls)
        {
            _calls[call.Id] = call;
        }

        if (live && !io.OutIsTerminal)
        {
            TellAside(reply.Text);
            if (reply.Calls.Any())
            {
                TellAside("");
            }

            return;
        }

        if (live && !_streamed && reply.Text.Length > 0)
        {
            Write(reply.Text);
        }

        _wholeShown = live && reply.Text.Length > 0;
        _streamed = false;
        EndLine();
    }

    // The last words may be the answer; those before them were not.
    private void TellAside(string next)
    {
        if (_lastWords.Length > 0)
        {
            Say(VisibleText.Of(_lastWords.TrimEnd('\n')));
        }

        _lastWords = next;
    }

    private void ShowResult(ToolReturned returned)
    {
        var text = CallLine.Words(returned);
        var line = CallLine.Result(text, io.Width());
        if (returned.Outcome is CallOutcome.Denied)
        {
            Say(_style.Red($"✗ {Call(returned.Call, returned.Tool ?? "a call")}"));
            _last = returned.Call;
        }

        if (returned.Outcome is CallOutcome.Interrupted)
        {
            // Nobody knows whether it took effect: that is said whole, and the call with it.
            Say(_style.Yellow($"! {Call(returned.Call, returned.Tool ?? "a call")}"));
            _last = returned.Call;
            line = VisibleText.Of(text);
        }

        ShowOwner(returned.Call, returned.Tool);

        Say(returned.IsError ? _style.Red($"  {line}") : _style.Dim($"  {line}"));
        if (returned.Diff is { Length: > 0 } diff && io.ErrorIsTerminal && !Asked.Take(returned.Call, diff))
        {
            var lines = VisibleText.Of(diff.TrimEnd('\n')).Split('\n');
            io.Error.WriteLine(_style.Diff(string.Join('\n', lines.Take(MostDiffLines))));
            if (lines.Length > MostDiffLines)
            {
                Say(_style.Dim($"  (+{lines.Length - MostDiffLines} lines of the change)"));
            }
        }

        _last = null;
        _calls.Remove(returned.Call);
        _progress.Remove(returned.Call);
    }

    private void ShowProgress(ToolProgressed progress)
    {
        foreach (var line in progress.Text.Split('\n').Where(line => line.Trim().Length > 0))
        {
            var shown = _progress[progress.Call] = _progress.GetValueOrDefault(progress.Call) + 1;
            if (shown <= MostProgressLines)
            {
                ShowOwner(progress.Call, null);
                Say(_style.Dim(shown == MostProgressLines ? "  | …" : $"  | {VisibleText.Line(line, Math.Max(20, io.Width() - 5))}"));
            }
        }
    }

    // Calls run side by side: what does not stand right below its call says which one it belongs to.
    private void ShowOwner(CallId call, string? tool)
    {
        if (_last != call)
        {
            Say(_style.Dim($"  ↳ {Call(call, tool ?? "a call")}"));
            _last = call;
        }
    }

    // A call that a model made is shown as such, whatever it calls itself.
    private bool IsOfSensor(CallId call) => TurnWords.IsOfSensor(call) && !_calls.ContainsKey(call);

    private string Call(CallId id, string tool) =>
        _calls.TryGetValue(id, out var call) ? CallLine.Of(call.Name, call.Arguments, io.Width()) : tool;

    // As long as nothing else was written and all of it still stands in the window.
    private void TakeBack()
    {
        var (text, width, height) = (_written.ToString(), Math.Max(1, io.Width()), io.Height());
        var (row, column) = TextWidth.After(text, 0, width);

        // After a row that is just full nobody knows where the cursor stands.
        if ((column > 0 || text.EndsWith('\n')) && io is { IsScreen: true, IsPlain: false } && row < height - 1 && !text.Contains('\t', StringComparison.Ordinal))
        {
            io.Out.Write($"{(row > 0 ? $"\x1b[{row}A" : "")}\r\x1b[{row + 1}M");
            io.Out.Flush();
            _midLine = false;
        }
    }

    private void Write(string text)
    {
        var shown = io.OutIsTerminal ? VisibleText.Of(text) : text;
        io.Out.Write(shown);
        io.Out.Flush();
        _written.Append(shown);
        _midLine = !text.EndsWith('\n');
    }
}
