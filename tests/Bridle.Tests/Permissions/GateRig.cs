using System.Text.Json;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Permissions;

/// <summary>A pipeline of the stages under test around one tool, with a journal in memory.</summary>
internal sealed class GateRig
{
    public GateRig(FakeTool tool, params ToolStage[] stages)
    {
        Tool = tool;
        Pipeline = new ToolPipeline(stages);
    }

    public FakeTool Tool { get; }

    public ToolPipeline Pipeline { get; }

    public MemoryJournal Journal { get; } = new();

    public FakeFiles Files { get; } = Judging.Files();

    public ManualTime Time { get; } = new();

    public IReadOnlyList<DurableEvent> Events => [.. Journal.Read().Select(record => record.Event)];

    public static PermissionsInForce InForce(PermissionMode mode = PermissionMode.Default, string[]? allow = null, string[]? ask = null, string[]? deny = null) =>
        new(Judging.Policy(mode, allow, ask, deny).Options);

    public static BindOutcome Rebind(ToolInvocation invocation, string json) => invocation.Tool!.Bind(JsonDocument.Parse(json).RootElement);

    public async Task<ToolResult> RunAsync(string input = """{"path":"a.txt"}""", CancellationToken cancellationToken = default) =>
        await Pipeline.RunAsync(Invocation(input), cancellationToken);

    public ToolInvocation Invocation(string input = """{"path":"a.txt"}""")
    {
        var id = new CallId("c1");
        return new ToolInvocation
        {
            Call = new ToolCallPart(id, Tool.Definition.Name, input),
            Scope = new CallScope
            {
                Call = id,
                WorkingDirectory = "/ws",
                Files = Files,
                Processes = new NoDoors(),
                Network = new NoDoors(),
                Blobs = Journal.Blobs,
                Background = new BackgroundProcesses(),
                SeenFiles = new Dictionary<string, string>(),
                ShowProgress = _ => { },
                AskAsync = (_, _, _) => ValueTask.FromResult<string?>(null),
                Time = Time,
            },
            RecordAsync = async (one, durability, token) => await Journal.AppendAsync(new RunId("1"), one, durability, token),
            Tool = Tool,
            Input = Tool.Bind(JsonDocument.Parse(input).RootElement).Input,
        };
    }

    private sealed class NoDoors : IProcesses, INetwork
    {
        public IRunningProcess Start(ProcessSpec spec) => throw new ToolException("There are no processes here.");

        public Task<FetchedPage> FetchAsync(Uri address, FetchLimits limits, CancellationToken cancellationToken) => throw new ToolException("There is no network here.");
    }
}

/// <summary>A tool whose argument <c>path</c> or <c>command</c> is its target and whose body the test gives.</summary>
internal sealed class FakeTool(string name, ToolKind kind, Func<ToolInput, CallScope, CancellationToken, ValueTask<ToolResult>>? run = null, ToolEffect effect = ToolEffect.Once) : Tool
{
    public override ToolDefinition Definition { get; } = new(name, "", default, kind, effect, false);

    public List<string> Ran { get; } = [];

    public Func<CallPreview?> Preview { get; set; } = () => null;

    public override BindOutcome Bind(JsonElement arguments)
    {
        ToolTarget? target = arguments.TryGetProperty("path", out var path) ? new FileTarget(path.GetString()!, kind is ToolKind.Write ? FileAccessKind.Write : FileAccessKind.Read)
            : arguments.TryGetProperty("command", out var command) ? new CommandTarget(command.GetString()!) : null;
        return target is null && kind is not ToolKind.Meta && !arguments.TryGetProperty("verb", out _) ? BindOutcome.Failed("'path' or 'command' is missing.") : BindOutcome.Of(new ToolInput(arguments, new object(), target is null ? [] : [target]));
    }

    public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken)
    {
        Ran.Add(input.Json.GetRawText());
        return run?.Invoke(input, scope, cancellationToken) ?? ValueTask.FromResult(ToolResult.Completed("done"));
    }

    public override ValueTask<CallPreview?> PreviewAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) => ValueTask.FromResult(Preview());
}

/// <summary>Answers from a list; null when it is used up.</summary>
internal sealed class ListedApprover(params ApprovalAnswer?[] answers) : IApprover
{
    public List<ApprovalPrompt> Prompts { get; } = [];

    public Action OnAsked { get; set; } = () => { };

    public ValueTask<ApprovalAnswer?> ApproveAsync(ApprovalPrompt prompt, CancellationToken cancellationToken)
    {
        Prompts.Add(prompt);
        OnAsked();
        return ValueTask.FromResult(Prompts.Count <= answers.Length ? answers[Prompts.Count - 1] : null);
    }

    public ValueTask<string?> AnswerAsync(QuestionAsked question, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);
}

/// <summary>Time that stands still until it is moved; timers fire when it passes them. Timers may be made by any thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_timers)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due is { } at && at <= _now)];
        }

        foreach (var timer in due)
        {
            timer.Due = null;
            timer.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        lock (_timers)
        {
            timer.Change(dueTime, period);
            _timers.Add(timer);
        }

        return timer;
    }

    private sealed class Timer(ManualTime time, Action fire) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
            return true;
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Due = null;
            return ValueTask.CompletedTask;
        }
    }
}
