using System.Text.Json;
using Bridle.Context;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Sensors;
using Bridle.Sessions;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Tests.Loop;

/// <summary>A session around a scripted model with three small tools and the thinnest pipeline that runs them.</summary>
internal sealed class LoopStage : IAsyncDisposable
{
    private readonly List<CollectingSink> _watchers = [];

    public LoopStage(ScriptedModel model, RunLimits? limits = null, MemoryJournal? journal = null, IApprover? approver = null, string mode = "default", TimeProvider? time = null, HookSet? hooks = null, CompactionOptions? compaction = null, IReadOnlyList<Guide>? guides = null, RoleModels? roles = null, SensorSet? sensors = null, IReadOnlyList<Tool>? more = null, bool pointsToEarlierReads = true)
    {
        Model = model;
        Journal = journal ?? new MemoryJournal();
        if (Journal.Last is 0)
        {
            Journal.AppendAsync(RunId.Session, new SessionStarted(1, "test", "/ws", "test"), Durability.Written, default).AsTask().GetAwaiter().GetResult();
        }

        var ids = 0;
        Events = new SessionEvents(Journal, [Sink, new CollectingSink { OnEvent = one => _watchers.ForEach(watcher => watcher.OnEvent?.Invoke(one)) }]);
        Parts = new SessionParts
        {
            Events = Events,
            Model = model,
            Workspace = new EmptyWorld(),
            Pipeline = new ToolPipeline([new StartStage(name => Tools!.FirstOrDefault(tool => tool.Definition.Name == name))]),
            FindTool = name => Tools!.FirstOrDefault(tool => tool.Definition.Name == name),
            Context = new ContextAssembler([new PromptPart("system", "test", "Be useful.")], () => Schemas!, "key"),
            Approver = approver ?? new TestApprover(),
            Limits = limits ?? new RunLimits(),
            Mode = mode,
            Hooks = hooks ?? HookSet.None,
            Guides = guides ?? [],
            Roles = roles ?? RoleModels.None,
            Sensors = sensors ?? SensorSet.None,
            PointsToEarlierReads = pointsToEarlierReads,
            Compaction = compaction ?? new CompactionOptions(),
            NewId = () => $"id{++ids}",
            Time = time ?? TimeProvider.System,
            OnToolsUnsupported = info => ToolsUnsupported.Add(info.FullName),
        };
        Session = new Session(Parts);
        Tools =
        [
            new FunctionTool("Look", ToolEffect.Repeatable, true, (text, scope) => { Ran.Add($"Look {text}"); return ToolResult.Completed($"saw {text}"); }),
            new FunctionTool("Do", ToolEffect.Once, false, (text, scope) => { Ran.Add($"Do {text}"); return ToolResult.Completed($"did {text}"); }),
            new FunctionTool("Ask", ToolEffect.Durable, false, (text, scope) => ToolResult.Completed(scope.AskAsync(text, ["a", "b"], default).AsTask().GetAwaiter().GetResult() ?? "nobody")),
            .. more ?? [],
        ];
        Schemas = [.. Tools.Select(tool => new ToolSchema(tool.Definition.Name, tool.Definition.Description, tool.Definition.InputSchema))];
    }

    public ScriptedModel Model { get; }

    public MemoryJournal Journal { get; }

    public SessionEvents Events { get; }

    public SessionParts Parts { get; }

    public Session Session { get; }

    public CollectingSink Sink { get; } = new();

    public List<string> Ran { get; } = [];

    public List<string> ToolsUnsupported { get; } = [];

    public IReadOnlyList<Tool> Tools { get; }

    public string Stream => EventText.Of(Sink.Events);

    private IReadOnlyList<ToolSchema> Schemas { get; }

    /// <summary>Calls the sink's function with every event from here on.</summary>
    public void Watch(CollectingSink watcher) => _watchers.Add(watcher);

    /// <summary>The history of a request as short text.</summary>
    public static string History(ModelRequest request) => string.Join(" / ", request.Messages.Select(message =>
        $"{message.Role}: " + string.Join(" + ", message.Parts.Select(part => part switch
        {
            TextPart text => text.Text,
            ToolCallPart call => $"{call.Name}({call.Arguments})",
            ToolResultPart result => $"[{result.Call}{(result.IsError ? "!" : "")} {string.Concat(result.Content.OfType<TextPart>().Select(text => text.Text))}]",
            _ => part.GetType().Name,
        }))));

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private sealed class StartStage(Func<string, Tool?> find) : ToolStage
    {
        public override string Name => "start";

        protected internal override async ValueTask<ToolResult> InvokeAsync(ToolInvocation invocation, ToolStep next, CancellationToken cancellationToken)
        {
            invocation.Tool = find(invocation.Call.Name);
            if (invocation.Tool is null)
            {
                return ToolResult.Failed($"There is no tool {invocation.Call.Name}.");
            }

            using var arguments = JsonDocument.Parse(invocation.Call.Arguments);
            invocation.Input = invocation.Tool.Bind(arguments.RootElement.Clone()).Input;

            await invocation.RecordAsync(
                new ToolStarted(invocation.Call.Id, invocation.Tool.Definition.Name, "hash", invocation.Tool.Definition.Effect, "none"),
                invocation.Tool.Definition.Effect is ToolEffect.Once ? Durability.Synced : Durability.Written, cancellationToken);
            invocation.StartedAt = invocation.Scope.Time.GetTimestamp();
            return await next(invocation, cancellationToken);
        }
    }
}
