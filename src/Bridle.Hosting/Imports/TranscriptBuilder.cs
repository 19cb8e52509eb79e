using System.Globalization;
using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Hosting.Imports;

/// <summary>
/// Puts a conversation of another program together as records that are valid by construction: each message of the person begins a run, and a call whose answer is
/// missing is answered by a sentence that says so, because nobody may run it again.
/// </summary>
internal sealed class TranscriptBuilder(string program, IBlobs blobs)
{
    private const string NoBeginning = "The imported transcript begins here; what was said before is not in it.";
    private const string GoesOn = "The imported transcript has another reply here.";
    private const string NoAnswer = "[the imported transcript has no answer to this call]";

    private readonly List<ImportedRecord> _records = [];
    private readonly SortedDictionary<string, int> _leftOut = new(StringComparer.Ordinal);
    private readonly List<ToolCallPart> _open = [];
    private readonly List<MessagePart> _reply = [];
    private DateTimeOffset _at;
    private Usage? _usage;
    private decimal? _cost;
    private int _run;
    private bool _running;
    private bool _answered;

    public string? Folder { get; set; }

    /// <summary>The model, as far as it was said until now.</summary>
    public string Model { get; set; } = "unknown";

    public DateTimeOffset? Began { get; private set; }

    /// <summary>Sets the time of what follows; time never goes back.</summary>
    public void Now(DateTimeOffset? at)
    {
        Began ??= at;
        _at = at > _at ? at.Value : _at;
    }

    public void Person(IReadOnlyList<MessagePart> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        EndRun();
        _run++;
        Add(new UserSpoke($"imported-{_run.ToString(CultureInfo.InvariantCulture)}", parts));
        Add(new RunStarted("imported", Model, "default", new RunLimits()));
        _running = true;
    }

    /// <summary>A part of the reply that is being put together.</summary>
    public void Say(MessagePart part)
    {
        AnswerAll();
        _reply.Add(part);
    }

    /// <summary>What the reply that is being put together took.</summary>
    public void Took(Usage? usage, decimal? cost = null) => (_usage, _cost) = (usage ?? _usage, cost ?? _cost);

    /// <summary>Ends the reply that is being put together.</summary>
    public void EndReply()
    {
        if (_reply.Count == 0)
        {
            return;
        }

        var calls = _reply.OfType<ToolCallPart>().ToList();
        Begin();
        Add(new ModelReplied(new ModelReply([.. _reply], calls.Count > 0 ? StopReason.ToolUse : StopReason.EndTurn, _usage, Model), _cost, 0));
        _open.AddRange(calls);
        _reply.Clear();
        (_usage, _cost) = (null, null);
    }

    /// <summary>The answer to a call. One to a call that nobody made is left out and said.</summary>
    public void Answer(string call, CallOutcome outcome, IReadOnlyList<MessagePart> content, long milliseconds = 0)
    {
        EndReply();
        if (_open.Find(one => one.Id.Value == call) is not { } open)
        {
            LeaveOut("answers to calls that are not there");
            return;
        }

        _open.Remove(open);
        Add(new ToolReturned(open.Id, outcome, content, milliseconds) { Tool = open.Name });
    }

    public void LeaveOut(string what) => _leftOut[what] = _leftOut.GetValueOrDefault(what) + 1;

    public ImportedSession Build()
    {
        EndRun();
        return new ImportedSession(program, Began ?? DateTimeOffset.UnixEpoch, Folder, _records, _leftOut);
    }

    /// <summary>An image of base64 text, or words that there was one.</summary>
    public MessagePart Image(string? mediaType, string? base64)
    {
        try
        {
            return mediaType is not null && mediaType.StartsWith("image/", StringComparison.Ordinal) && base64 is not null
                ? new ImagePart(mediaType, blobs.Put(Convert.FromBase64String(base64)))
                : new TextPart("[an image that could not be taken over]");
        }
        catch (FormatException)
        {
            return new TextPart("[an image that could not be taken over]");
        }
    }

    /// <summary>An image of a data URL.</summary>
    public MessagePart Image(string? url)
    {
        const string Marker = ";base64,";
        var at = url?.IndexOf(Marker, StringComparison.Ordinal) ?? -1;
        return at > 5 && url!.StartsWith("data:", StringComparison.Ordinal) ? Image(url[5..at], url[(at + Marker.Length)..]) : Image(null, null);
    }

    /// <summary>A time in ISO form or in milliseconds since 1970, or null.</summary>
    public static DateTimeOffset? TimeOf(JsonElement? value) => value switch
    {
        { ValueKind: JsonValueKind.String } text when DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) => at.ToUniversalTime(),
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var milliseconds) && milliseconds is > 0 and < 253_402_300_800_000 => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
        _ => null,
    };

    private void Begin()
    {
        if (!_running)
        {
            _run++;
            Add(new RunStarted("imported", Model, "default", new RunLimits()));
            Add(new ReminderAdded("imported", NoBeginning));
            _running = true;
        }
        else if (!_answered)
        {
            // Two replies in a row: a history of vendors has something between them.
            Add(new ReminderAdded("imported", GoesOn));
        }
    }

    private void EndRun()
    {
        EndReply();
        AnswerAll();
        if (_running)
        {
            Add(new RunFinished(TurnOutcome.Completed, Usage.None, null, 0, []));
            _running = false;
        }
    }

    private void AnswerAll()
    {
        foreach (var call in _open)
        {
            LeaveOut("calls without an answer, which were answered by a note");
            Add(new ToolReturned(call.Id, CallOutcome.Interrupted, [new TextPart(NoAnswer)], 0) { Tool = call.Name });
        }

        _open.Clear();
    }

    private void Add(DurableEvent one)
    {
        _answered = one is ModelReplied ? false : _answered || one is UserSpoke or ToolReturned or ReminderAdded;
        _records.Add(new ImportedRecord(_at, new RunId($"{_run}"), one));
    }
}
