using System.Diagnostics;
using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Microsoft.Extensions.Logging;

namespace Bridle.Telemetry;

/// <summary>
/// Makes spans, figures and words of what a session records: a turn is an <c>invoke_agent</c>, a request to a model a <c>chat</c>, a call an <c>execute_tool</c>.
/// It watches and has no say: what goes wrong in it stops nothing.
/// </summary>
internal sealed class SessionWatch(TelemetryInstruments instruments, TelemetryOptions options, SecretRedactor redactor, string session, Action<TelemetryLog> log) : IEventSink, IDisposable
{
    private const string Agent = "bridle";

    private readonly Dictionary<RunId, Activity?> _runs = [];
    private readonly Dictionary<RunId, ChatSpan> _chats = [];
    private readonly Dictionary<CallId, Activity?> _tools = [];
    private readonly Dictionary<CallId, ToolCallPart> _calls = [];
    private readonly TelemetryContent _content = new(options.Content, redactor);

    /// <summary>The address of a provider's server, where it is known.</summary>
    public Func<string, Uri?> AddressOf { get; init; } = _ => null;

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        // What runs on must not become a child of what is only watched.
        var current = Activity.Current;
        try
        {
            switch (sessionEvent)
            {
                case Recorded recorded:
                    Take(recorded);
                    break;
                case Shown { Event: TextStreamed or ReasoningStreamed or CallStreamed } when _chats.TryGetValue(sessionEvent.Run, out var chat):
                    chat.Piece();
                    break;
                case Shown { Event: RetryWaiting wait }:
                    Say(sessionEvent.Run, LogLevel.Warning, "bridle.retry", $"Waiting {wait.Delay.TotalSeconds:0.#} s before try {wait.Attempt} of {wait.Of}{Words(wait.Reason)}.");
                    break;
            }
        }
        finally
        {
            Activity.Current = current;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends what is still open, as when a session is closed in the middle.</summary>
    public void Dispose()
    {
        foreach (var open in _tools.Values.Concat(_chats.Values.Select(chat => chat.Span)).Concat(_runs.Values).OfType<Activity>())
        {
            Fail(open, "interrupted");
            open.Stop();
        }
    }

    private void Take(Recorded recorded)
    {
        switch (recorded.Event)
        {
            case RunStarted started:
                Begin(recorded, started);
                break;
            case RunFinished finished:
                End(recorded, finished);
                break;
            case ModelRequested requested:
                Close(recorded, "retried", null, null);
                _chats[recorded.Run] = new ChatSpan(Ask(recorded, requested), requested, recorded.At);
                break;
            case ModelReplied replied:
                Replied(recorded, replied);
                break;
            case ReplyCut cut:
                Close(recorded, cut.Reason is "interrupted" ? "interrupted" : "cut", cut.Usage, cut.Cost);
                break;
            case ModelFailed failed:
                Close(recorded, failed.Kind, null, null);
                Say(recorded.Run, LogLevel.Error, "bridle.model_failed", $"The model failed ({failed.Kind}){Words(failed.Message)}.", (GenAiNames.ErrorType, failed.Kind));
                break;
            case ModelStoodIn stood:
                Close(recorded, stood.Why, null, null);
                Say(recorded.Run, LogLevel.Warning, "bridle.model_stood_in", $"{stood.To} stands in for {stood.From} ({stood.Why}){Words(stood.Message)}.", (GenAiNames.RequestModel, stood.To));
                break;
            case Compacted compacted:
                instruments.Paid(compacted.Usage, compacted.Cost, Tags(compacted.Model ?? "", "chat"));
                Say(recorded.Run, LogLevel.Information, "bridle.compacted", $"The conversation was made shorter ({compacted.Trigger}, {compacted.How}).");
                break;
            case ModelConsulted consulted:
                Consulted(consulted);
                break;
            case ToolStarted started:
                _tools[started.Call] = Start($"execute_tool {started.Tool}", ActivityKind.Internal, recorded);
                break;
            case ToolReturned returned:
                Returned(recorded, returned);
                break;
            default:
                _content.Note(recorded.Event);
                break;
        }
    }

    private void Begin(Recorded recorded, RunStarted started)
    {
        var span = _runs[recorded.Run] = Start($"invoke_agent {Agent}", ActivityKind.Internal, recorded);
        Set(span, GenAiNames.Operation, "invoke_agent");
        SetModel(span, started.Model);
        Set(span, GenAiNames.AgentName, Agent);
        Set(span, GenAiNames.AgentVersion, options.Version);
        Set(span, GenAiNames.Run, recorded.Run.Value);
    }

    private void End(Recorded recorded, RunFinished finished)
    {
        var (outcome, open) = (Snake(finished.Outcome.ToString()), _runs.Remove(recorded.Run, out var span));
        Close(recorded, finished.Outcome is TurnOutcome.Interrupted ? "interrupted" : "retried", null, null);
        Set(span, GenAiNames.Outcome, outcome);
        SetUsage(span, finished.Usage);
        Set(span, GenAiNames.Cost, (double?)finished.Cost);
        Set(span, GenAiNames.CostEstimated, (double?)finished.EstimatedCost);
        Set(span, GenAiNames.UsageEstimated, finished.EstimatedUsage is null ? null : (object)true);
        if (finished.Outcome is not (TurnOutcome.Completed or TurnOutcome.Waiting or TurnOutcome.Stopped))
        {
            Fail(span, finished.ErrorKind ?? outcome);
        }

        if (open && span is not null)
        {
            instruments.Turned(recorded.At - span.StartTimeUtc, new TagList { { GenAiNames.Operation, "invoke_agent" }, { GenAiNames.AgentName, Agent } });
        }

        log(new(span?.Status is ActivityStatusCode.Error ? LogLevel.Error : LogLevel.Information, "bridle.run_finished", $"The turn ended: {outcome}.", [new(GenAiNames.Conversation, session), new(GenAiNames.Outcome, outcome)], span));
        Stop(span, recorded.At);
    }

    private Activity? Ask(Recorded recorded, ModelRequested requested)
    {
        var (provider, name) = Split(requested.Model);
        var span = Start($"chat {name}", ActivityKind.Client, recorded);
        Set(span, GenAiNames.Operation, "chat");
        SetModel(span, requested.Model);
        Set(span, GenAiNames.RequestMaxTokens, requested.MaxOutputTokens);
        if (AddressOf(provider) is { } address)
        {
            Set(span, GenAiNames.ServerAddress, address.Host);
            Set(span, GenAiNames.ServerPort, address.Port);
        }

        return span;
    }

    private void Replied(Recorded recorded, ModelReplied replied)
    {
        foreach (var call in replied.Reply.Calls)
        {
            _calls[call.Id] = call;
        }

        if (!_chats.Remove(recorded.Run, out var chat))
        {
            return;
        }

        var tags = Tags(chat.Request.Model, "chat");
        instruments.Asked(TimeSpan.FromMilliseconds(replied.Milliseconds), chat.FirstPiece, tags);
        instruments.Paid(replied.Reply.Usage, replied.Cost, tags);
        Set(chat.Span, GenAiNames.ResponseModel, replied.Reply.Model);
        chat.Span?.SetTag(GenAiNames.FinishReasons, new[] { Snake(replied.Reply.Stop.ToString()) });
        Set(chat.Span, GenAiNames.TimeToFirstChunk, chat.FirstPiece?.TotalSeconds);
        SetUsage(chat.Span, replied.Reply.Usage);
        Set(chat.Span, GenAiNames.Cost, (double?)replied.Cost);
        if (_content.Of(replied.Reply) is { } said)
        {
            Set(chat.Span, GenAiNames.InputMessages, said.Input);
            Set(chat.Span, GenAiNames.OutputMessages, said.Output);
            Say(recorded.Run, LogLevel.Information, GenAiNames.Details, "What was asked and answered.", (GenAiNames.InputMessages, said.Input), (GenAiNames.OutputMessages, said.Output));
        }

        Stop(chat.Span, recorded.At);
    }

    // The time of a try that was sent again is in that of its request.
    private void Consulted(ModelConsulted consulted)
    {
        var tags = Tags(consulted.Model, consulted.Purpose is "recall" ? "embeddings" : "chat");
        if (consulted.Purpose is not "retry")
        {
            instruments.Asked(TimeSpan.FromMilliseconds(consulted.Milliseconds), null, tags);
        }

        instruments.Paid(consulted.Usage, consulted.Cost, tags);
    }

    // A request that came to nothing.
    private void Close(Recorded recorded, string why, Usage? usage, decimal? cost)
    {
        if (_chats.Remove(recorded.Run, out var chat))
        {
            var tags = Tags(chat.Request.Model, "chat");
            tags.Add(GenAiNames.ErrorType, why);
            instruments.Asked(recorded.At - chat.At, chat.FirstPiece, tags);
            instruments.Paid(usage, cost, tags);
            Fail(chat.Span, why);
            Stop(chat.Span, recorded.At);
        }
    }

    private void Returned(Recorded recorded, ToolReturned returned)
    {
        _calls.Remove(returned.Call, out var call);
        var tool = returned.Tool ?? call?.Name ?? "unknown";
        var span = _tools.Remove(returned.Call, out var started) ? started : Start($"execute_tool {tool}", ActivityKind.Internal, recorded);
        Set(span, GenAiNames.Operation, "execute_tool");
        Set(span, GenAiNames.ToolName, tool);
        Set(span, GenAiNames.ToolCall, returned.Call.Value);
        Set(span, GenAiNames.ToolType, "function");
        if (options.Content)
        {
            Set(span, GenAiNames.ToolArguments, call is null ? null : TelemetryContent.Short(call.Arguments));
            Set(span, GenAiNames.ToolResult, TelemetryContent.Short(string.Join('\n', returned.Content.OfType<TextPart>().Select(part => part.Text))));
        }

        _content.Note(returned);
        var tags = new TagList { { GenAiNames.Operation, "execute_tool" }, { GenAiNames.ToolName, tool } };
        if (returned.IsError)
        {
            Fail(span, Snake(returned.Outcome.ToString()));
            tags.Add(GenAiNames.ErrorType, Snake(returned.Outcome.ToString()));
        }

        instruments.Called(TimeSpan.FromMilliseconds(returned.Milliseconds), tags);
        Stop(span, recorded.At);
    }

    private Activity? Start(string name, ActivityKind kind, Recorded recorded)
    {
        var own = _runs.GetValueOrDefault(recorded.Run) ?? _runs.GetValueOrDefault(new RunId(recorded.Run.Value.Contains('.', StringComparison.Ordinal) ? recorded.Run.Value[..recorded.Run.Value.LastIndexOf('.')] : ""));
        Activity.Current = null;
        var span = instruments.Make(redactor.Redact(name), kind, own, options.Parent);
        span?.SetStartTime(recorded.At.UtcDateTime);
        span?.Start();
        Set(span, GenAiNames.Conversation, session);
        return span;
    }

    private static void Stop(Activity? span, DateTimeOffset at)
    {
        if (span is not null)
        {
            span.SetEndTime(at.UtcDateTime > span.StartTimeUtc ? at.UtcDateTime : span.StartTimeUtc.AddTicks(1));
            span.Stop();
        }
    }

    private static void Fail(Activity? span, string why)
    {
        span?.SetTag(GenAiNames.ErrorType, why);
        span?.SetStatus(ActivityStatusCode.Error, why);
    }

    private void Say(RunId run, LogLevel level, string name, string text, params (string Name, string? Value)[] tags) => log(new(
        level, name, redactor.Redact(text), [new(GenAiNames.Conversation, session), .. Array.ConvertAll(Array.FindAll(tags, tag => tag.Value is not null), tag => new KeyValuePair<string, object?>(tag.Name, redactor.Redact(tag.Value!)))],
        _chats.GetValueOrDefault(run)?.Span ?? _runs.GetValueOrDefault(run)));

    // A server may say again what it was asked, so that its words are content.
    private string Words(string said) => options.Content ? $": {TelemetryContent.Short(said).TrimEnd('.')}" : "";

    private void Set(Activity? span, string name, object? value)
    {
        if (value is not null)
        {
            span?.SetTag(name, value is string text ? redactor.Redact(text) : value);
        }
    }

    private void SetModel(Activity? span, string full)
    {
        var (provider, name) = Split(full);
        Set(span, GenAiNames.Provider, GenAiNames.ProviderOf(provider));
        Set(span, GenAiNames.RequestModel, name);
    }

    private void SetUsage(Activity? span, Usage? usage)
    {
        if (usage is not null)
        {
            Set(span, GenAiNames.InputTokens, usage.Input + usage.CacheRead + usage.CacheWrite);
            Set(span, GenAiNames.OutputTokens, usage.Output);
            Set(span, GenAiNames.CacheRead, usage.CacheRead);
            Set(span, options.Names.CacheWritten, usage.CacheWrite);
            Set(span, GenAiNames.Reasoning, usage.Reasoning);
        }
    }

    private TagList Tags(string model, string operation)
    {
        var (provider, name) = Split(model);
        var tags = new TagList { { GenAiNames.Operation, operation }, { GenAiNames.Provider, GenAiNames.ProviderOf(provider) }, { GenAiNames.RequestModel, redactor.Redact(name) } };
        if (AddressOf(provider) is { } address)
        {
            tags.Add(GenAiNames.ServerAddress, address.Host);
            tags.Add(GenAiNames.ServerPort, address.Port);
        }

        return tags;
    }

    private static (string Provider, string Name) Split(string full) => full.IndexOf('/') is > 0 and var slash ? (full[..slash], full[(slash + 1)..]) : ("unknown", full);

    private static string Snake(string name) => JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
