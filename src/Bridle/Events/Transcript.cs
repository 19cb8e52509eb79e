using System.Collections.Immutable;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>
/// The conversation as the fold of a log's records, and what the loop needs to go on from any record: unanswered calls, mode, model,
/// files seen. Applying all records, or a prefix and then the rest, gives the same. Not safe to use concurrently.
/// Roles alternate and results stand before text by construction: everything on the user's side between two replies is one message.
/// </summary>
public sealed class Transcript
{
    private static readonly ToolReturned s_noAnswer = new(new CallId(""), CallOutcome.Interrupted, [new TextPart("[no answer to this call was recorded]")], 0);
    private static readonly TextPart s_nothing = new("");

    private readonly List<(long N, Message Message)> _closed = [];
    private readonly List<CallState> _calls = [];
    private readonly List<MessagePart> _spoken = [];
    private readonly ImmutableDictionary<string, string>.Builder _seen = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
    private readonly ImmutableDictionary<string, TextPart>.Builder _results = ImmutableDictionary.CreateBuilder<string, TextPart>(StringComparer.Ordinal, ReferenceEqualityComparer.Instance);
    private ImmutableHashSet<string> _looked = ImmutableHashSet.Create<string>(StringComparer.Ordinal);
    private ImmutableDictionary<string, ImmutableHashSet<string>> _refused = ImmutableDictionary.Create<string, ImmutableHashSet<string>>(StringComparer.Ordinal);
    private readonly HashSet<string> _messageIds = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Source, string Text), long> _told = [];
    private readonly Dictionary<string, long> _resultsAt = new(StringComparer.Ordinal);
    private readonly HashSet<CallId> _gone = [];
    private readonly List<(int Message, int Part, ReplyCut Cut)> _cuts = [];
    private IReadOnlyList<SkillUsed> _skills = [], _skillsInUse = [];
    private IReadOnlyCollection<CallId>? _goneNow;
    private Message[]? _messages;
    private Message? _open;
    private long _openSince, _asked;

    /// <summary>The number of the last applied record.</summary>
    public long Last { get; private set; }

    /// <summary>The session's name, as its last record about it says.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The title that somebody gave the session, or null.</summary>
    public string? Title { get; private set; }

    /// <summary>The workspace root the session was started in.</summary>
    public string Root { get; private set; } = "";

    /// <summary>The shell's working directory.</summary>
    public string WorkingDirectory { get; private set; } = "";

    /// <summary>The permission mode last set by a record, or null.</summary>
    public string? Mode { get; private set; }

    /// <summary>Whether the model was last told that plan mode is on.</summary>
    public bool ToldPlanMode { get; private set; }

    /// <summary>The model last named by a run, as <c>provider/model</c>, or null.</summary>
    public string? Model { get; private set; }

    /// <summary>The last request, which names the frozen prefix of the conversation, or null.</summary>
    public ModelRequested? LastRequest { get; private set; }

    /// <summary>The hashes of the images that a model's server did not take; the same instance while nothing changed.</summary>
    /// <param name="model">The model as <c>provider/model</c>.</param>
    public ImmutableHashSet<string> RefusedImages(string model) => _refused.GetValueOrDefault(model, ImmutableHashSet<string>.Empty);

    /// <summary>Whether a compaction came after the last request, so that the next one begins anew for a vendor's cache.</summary>
    internal bool ShortenedSinceRequest { get; private set; }

    /// <summary>The last complete reply, or null.</summary>
    public ModelReply? LastReply { get; private set; }

    /// <summary>How many runs were started by a person.</summary>
    public int Runs { get; private set; }

    /// <summary>The run that was started and not finished, or null.</summary>
    public RunId? OpenRun { get; private set; }

    /// <summary>How the last run ended that did, or null.</summary>
    public TurnOutcome? LastEnd { get; private set; }

    /// <summary>The hash each file had when it was last read or written, by real path. A snapshot.</summary>
    public IReadOnlyDictionary<string, string> SeenFiles => _seen.ToImmutable();

    /// <summary>The files of which something was shown without reading them, by real path. A snapshot.</summary>
    public IReadOnlyCollection<string> LookedFiles => _looked;

    /// <summary>The text of the last completed call of each tool, by the tool's name. A snapshot.</summary>
    public IReadOnlyDictionary<string, string> LastResults => new LastTexts(_results.ToImmutable());

    /// <summary>The calls of the last reply that have no answer, in their order.</summary>
    public IReadOnlyList<CallState> UnansweredCalls => [.. _calls.Where(call => call.Returned is null)];

    /// <summary>The skills that were used in this conversation, the last use of each, the latest last. A snapshot.</summary>
    public IReadOnlyList<SkillUsed> Skills => _skills;

    /// <summary>The skills that were taken into use since the person last began a turn, in their order: what they narrow holds now. A snapshot.</summary>
    public IReadOnlyList<SkillUsed> SkillsInUse => _skillsInUse;

    /// <summary>The calls of the last reply that were answered since, in their order.</summary>
    internal IEnumerable<CallState> AnsweredCalls => _calls.Where(call => call.Returned is not null);

    /// <summary>The tools that the model asked for, the latest last. A snapshot.</summary>
    public IReadOnlyList<string> LoadedTools { get; private set; } = [];

    /// <summary>The history, ending with the open message of the user if there is one. A snapshot; equal messages are the same instances every time.</summary>
    public IReadOnlyList<Message> Messages
    {
        get
        {
            var open = Open();
            var length = _closed.Count + (open is null ? 0 : 1);
            if (_messages is { } known && known.Length == length && (open is null || ReferenceEquals(known[^1], open)))
            {
                return known;
            }

            var messages = new Message[length];
            for (var i = 0; i < _closed.Count; i++)
            {
                messages[i] = _closed[i].Message;
            }

            if (open is not null)
            {
                messages[^1] = open;
            }

            return _messages = messages;
        }
    }

    /// <summary>Characters of all messages, roughly, each of another script as many of ASCII as take the same room (see <see cref="TokenEstimate"/>); a quarter of it estimates the tokens.</summary>
    public long Characters { get; private set; }

    /// <summary>What the vendor counted last: the <see cref="Characters"/> of a request and its tokens of input, or null.</summary>
    public (long Characters, long Tokens)? Measured { get; private set; }

    /// <summary>The last compaction whose summary begins the history, or null.</summary>
    public Compacted? Compaction { get; private set; }

    /// <summary>The messages before the open one with the number of the first record of each.</summary>
    internal IReadOnlyList<(long N, Message Message)> Closed => _closed;

    /// <summary>The calls that were made and are no longer in <see cref="Messages"/> because of a compaction. A snapshot.</summary>
    public IReadOnlyCollection<CallId> GoneCalls => _goneNow ??= [.. _gone];

    /// <summary>Whether the harness told the model just this and it is still in the history.</summary>
    public bool WasTold(string source, string text) => _told.ContainsKey((source, text));

    /// <summary>What the harness told the model last from this source, if it is still in the history; else null.</summary>
    public string? LastTold(string source)
    {
        var (last, at) = ((string?)null, -1L);
        foreach (var (told, n) in _told)
        {
            (last, at) = told.Source == source && n > at ? (told.Text, n) : (last, at);
        }

        return last;
    }

    /// <summary>Whether a message with this id was accepted before.</summary>
    public bool Knows(string messageId) => _messageIds.Contains(messageId);

    /// <summary>The replies that broke off with some text since the last summary, each with the message and the part of <see cref="Messages"/> before which it came. No model sees them.</summary>
    public IReadOnlyList<(int Message, int Part, ReplyCut Cut)> Cuts => _cuts;

    /// <summary>The state of a call of the last reply, or null.</summary>
    public CallState? FindCall(CallId id) => _calls.Find(call => call.Call.Id == id);

    /// <summary>Applies the next record. Records of child runs are none of this conversation and only advance <see cref="Last"/>.</summary>
    public void Apply(Recorded record)
    {
        Last = record.N;
        if (record.Run.Value.Contains('.'))
        {
            return;
        }

        switch (record.Event)
        {
            case UserSpoke spoke:
                _messageIds.Add(spoke.MessageId);
                _skillsInUse = [];
                Speak(record.N, spoke.Parts);
                break;
            case InboxDrained drained:
                Speak(record.N, [.. drained.Messages.Select(message => new TextPart(message.Text))]);
                break;
            case ReminderAdded reminder:
                _told[(reminder.Source, reminder.Text)] = record.N;
                ToldPlanMode = reminder.Source is Reminders.PlanMode || (ToldPlanMode && reminder.Source is not Reminders.PlanModeOver);
                Speak(record.N, [new TextPart(Reminders.Wrap(reminder.Text))]);
                break;
            case ModelReplied replied:
                LastReply = replied.Reply;
                Measured = ReplyFacts.Counts(replied.Reply) ? (_asked, replied.Reply.Usage!.Total - replied.Reply.Usage.Output) : Measured;
                if (ReplyFacts.SaysSomething(replied.Reply))
                {
                    CloseUserSide(record.N);
                    Reply(record.N, replied.Reply);
                }

                break;
            case ReplyCut { PartialText.Length: > 0 } cut:
                _cuts.Add((_closed.Count, Open()?.Parts.Count ?? 0, cut));
                break;
            case ModelRequested requested:
                (LastRequest, _asked, ShortenedSinceRequest) = (requested, Characters, false);
                break;
            case Compacted compacted:
                Compact(compacted);
                break;
            default:
                ApplyToCalls(record);
                ApplyToSession(record);
                break;
        }
    }

    private void ApplyToCalls(Recorded record)
    {
        switch (record.Event)
        {
            case ToolReturned returned when FindCall(returned.Call) is { Returned: null } call:
                (call.Returned, call.ReturnedAt) = (returned, record.N);
                _open = null;
                _openSince = _openSince is 0 ? record.N : _openSince;
                Characters += returned.Content.Sum(MessageLength.Of);
                Remember(record.N, returned);
                break;
            case ToolStarted started when FindCall(started.Call) is { } call:
                call.Started = started;
                break;
            case ApprovalRequested asked when FindCall(asked.Call) is { } call:
                (call.Asked, call.Given, call.GivenAt) = (asked, null, null);
                break;
            case ApprovalGiven given when _calls.Find(call => call.Asked?.Id == given.Id) is { Given: null } call:
                (call.Given, call.GivenAt) = (given, record.At);
                break;
            case QuestionAsked question when FindCall(question.Call) is { } call:
                call.Question = question;
                break;
            case QuestionAnswered answered when _calls.Find(call => call.Question?.Id == answered.Id) is { Answer: null } call:
                call.Answer = answered.Answer;
                break;
            case HookRan { Call: { } id } hook when FindCall(id) is { } call:
                call.HookRecords.Add(hook);
                break;
            default:
                break;
        }
    }

    private void ApplyToSession(Recorded record)
    {
        switch (record.Event)
        {
            case SessionStarted started:
                (Name, Root, WorkingDirectory) = (started.Name, started.WorkingDirectory, started.WorkingDirectory);
                break;
            case SessionRenamed or SessionTitled:
                (Name, Title) = record.Event is SessionRenamed { Name: var name } ? (name, Title) : (Name, ((SessionTitled)record.Event).Title);
                break;
            case SkillUsed used:
                _skills = [.. _skills.Where(one => one.Name != used.Name), used];
                _skillsInUse = [.. _skillsInUse, used];
                break;
            case ToolsLoaded loaded:
                LoadedTools = [.. LoadedTools.Except(loaded.Names), .. loaded.Names];
                break;
            case ModeChanged mode:
                Mode = mode.To;
                ToldPlanMode = ToldPlanMode && mode.By is not "plan_approved";
                break;
            case ModelChanged model:
                Model = model.To;
                break;
            case ImagesRefused refused:
                _refused = _refused.SetItem(refused.Model, RefusedImages(refused.Model).Union(refused.Images));
                break;
            case RunStarted run:
                (Runs, OpenRun, Model, Mode) = (Runs + 1, record.Run, run.Model, run.Mode);
                break;
            case RunFinished finished:
                (OpenRun, LastEnd) = (null, finished.Outcome);
                break;
            default:
                break;
        }
    }

    private void Remember(long n, ToolReturned returned)
    {
        WorkingDirectory = returned.WorkingDirectory ?? WorkingDirectory;
        if (returned is { Tool: { } tool, Outcome: CallOutcome.Completed })
        {
            _resultsAt[tool] = n;
            Recall(tool, returned);
        }

        _looked = returned.Looked is { } looked ? _looked.Union(looked) : _looked;
        foreach (var file in returned.Files ?? [])
        {
            _seen[file.Path] = file.Hash;
        }
    }

    /// <summary>The records that <see cref="LastResults"/> are of, by the tool's name.</summary>
    internal IReadOnlyDictionary<string, long> ResultsAt => _resultsAt;

    /// <summary>Puts in the text of a tool's last result, for who folded its record without it.</summary>
    internal void Recall(string tool, ToolReturned returned) => _results[tool] = returned.Content is [TextPart text] ? text : s_nothing;

    /// <summary>What a request of the model does that is not read itself; <see cref="Recall(ModelRequested)"/> puts in the last one.</summary>
    internal void Ask() => (LastRequest, _asked) = (null, Characters);

    /// <summary>Puts in the last request, for who folded its record without it.</summary>
    internal void Recall(ModelRequested requested) => LastRequest = requested;

    private void Speak(long n, IReadOnlyList<MessagePart> parts)
    {
        _spoken.AddRange(parts);
        _open = null;
        _openSince = _openSince is 0 ? n : _openSince;
        Characters += parts.Sum(MessageLength.Of);
    }

    private void Reply(long n, ModelReply reply)
    {
        _closed.Add((n, new Message(Role.Assistant, reply.Parts)));
        _messages = null;
        Characters += reply.Parts.Sum(MessageLength.Of);
        _calls.AddRange(reply.Calls.Select(call => new CallState(call)));
    }

    private Message? Open()
    {
        if (_open is null && (_spoken.Count > 0 || _calls.Exists(call => call.Returned is not null)))
        {
            var results = _calls.Where(call => call.Returned is not null).Select(MessagePart (call) =>
                new ToolResultPart(call.Call.Id, call.Call.Name, call.Returned!.Content, call.Returned.IsError));
            _open = new Message(Role.User, [.. results, .. _spoken]);
        }

        return _open;
    }

    private void CloseUserSide(long n)
    {
        // A log that somebody changed may hold a call that nobody answered; a vendor refuses a history with one.
        foreach (var call in _calls.Where(call => call.Returned is null))
        {
            (call.Returned, call.ReturnedAt, _open) = (s_noAnswer with { Call = call.Call.Id }, n, null);
            Characters += s_noAnswer.Content.Sum(MessageLength.Of);
        }

        if (Open() is { } open)
        {
            _closed.Add((_openSince is 0 ? n : _openSince, open));
        }

        _calls.Clear();
        _spoken.Clear();
        (_open, _openSince, _messages) = (null, 0, null);
    }

    /// <summary>What <see cref="Characters"/> would be after a compaction.</summary>
    internal long CharactersAfter(Compacted compacted) => CompactedHistory.Characters(CompactedHistory.Of(_closed, compacted)) + CharactersOfOpen(compacted.Trims);

    private static IEnumerable<CallId> CallsOf(IEnumerable<(long N, Message Message)> closed) => closed.SelectMany(entry => entry.Message.Parts).OfType<ToolCallPart>().ToList().ConvertAll(call => call.Id);

    private long CharactersOfOpen(IReadOnlyList<Trim>? trims) =>
        _spoken.Sum(MessageLength.Of) + _calls.Where(call => call.Returned is not null).Sum(call => CompactedHistory.Of(call.Returned!, call.ReturnedAt, trims).Content.Sum(MessageLength.Of));

    private void Compact(Compacted compacted)
    {
        ShortenedSinceRequest = true;
        Compaction = compacted.Summary.Length > 0 ? compacted : Compaction;
        var after = CompactedHistory.Of(_closed, compacted);
        var kept = after is [_, var first, ..] && compacted.Summary.Length > 0 ? first.N : 0;
        foreach (var gone in _told.Where(told => told.Value < kept).ToList())
        {
            _told.Remove(gone.Key);
        }

        _gone.UnionWith(CallsOf(_closed).Except(CallsOf(after)));
        _goneNow = null;
        _cuts.Clear();
        _closed.Clear();
        _closed.AddRange(after);
        foreach (var call in _calls.Where(call => call.Returned is not null))
        {
            call.Returned = CompactedHistory.Of(call.Returned!, call.ReturnedAt, compacted.Trims);
        }

        (_open, _messages) = (null, null);
        Characters = CompactedHistory.Characters(_closed) + CharactersOfOpen([]);
    }
}
