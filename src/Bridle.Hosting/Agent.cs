using Bridle.Models;
using Bridle.Permissions;
using Bridle.Sessions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting;

/// <summary>What an agent in a program may do and whom it asks.</summary>
public sealed record AgentOptions
{
    /// <summary>The permission mode: <c>default</c>, <c>acceptEdits</c>, <c>plan</c>, <c>dontAsk</c> or <c>bypass</c>.</summary>
    public string Mode { get; init; } = "default";

    /// <summary>Calls that run without asking, such as <c>Bash(dotnet test:*)</c>.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Calls that never run.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Who is asked; null denies whatever would be asked.</summary>
    public IApprover? Approver { get; init; }

    /// <summary>Tools beside the built-in ones.</summary>
    public IReadOnlyList<Tool> Tools { get; init; } = [];

    /// <summary>Replaces the built-in system prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The world it works on, in place of the folder, which is then not looked at: for tests, an InMemoryWorkspace.</summary>
    public IWorkspace? Workspace { get; init; }

    /// <summary>Who watches.</summary>
    public IReadOnlyList<Events.IEventSink> Sinks { get; init; } = [];

    /// <summary>Keep the conversation in the person's session store under this name; null keeps it in memory.</summary>
    public string? SessionName { get; init; }

    /// <summary>Makes vectors for the search over past sessions; null leaves it to the person's settings. Only a conversation that is kept has that search.</summary>
    public Recall.EmbeddingSource? Embeddings { get; init; }

    /// <summary>The surroundings; null for those of this process.</summary>
    public HostEnvironment? Environment { get; init; }
}

/// <summary>
/// An agent in a few lines: a model, a folder, questions and answers. The gate is the same as on the command line, the person's settings and denials count too.
/// One question at a time; disposing ends what it left running.
/// </summary>
public sealed class Agent : IAsyncDisposable
{
    private readonly HarnessRequest _request;
    private Harness? _harness;

    private Agent(HarnessRequest request) => _request = request;

    /// <summary>Makes an agent. Nothing is read or sent before the first question.</summary>
    /// <param name="model">The model, for example by <see cref="Model.For(ModelApi, Uri, string, string?)"/>.</param>
    /// <param name="folder">The folder it works in.</param>
    /// <param name="options">What it may do; null is careful: it looks, and what would be asked is denied.</param>
    public static Agent Create(IModel model, string folder, AgentOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Make(model, folder, options ?? new(), null);
    }

    /// <summary>Makes an agent with the model that <c>bridle run</c> would use: by settings, keys of the environment, a local server. Never the rehearsal.</summary>
    /// <param name="folder">The folder it works in.</param>
    /// <param name="options">As above.</param>
    public static Agent Create(string folder, AgentOptions? options = null) => Make(null, folder, options ?? new(), null);

    internal static Agent Make(IModel? model, string folder, AgentOptions options, TimeProvider? time) =>
        new(new(options.Environment ?? HostEnvironment.Current(), options.Workspace?.Files.Root ?? Path.GetFullPath(folder))
        {
            Model = model, Mode = options.Mode, Allow = options.Allow, Deny = options.Deny, Approver = options.Approver, ExtraTools = options.Tools,
            SystemPrompt = options.SystemPrompt, Sinks = options.Sinks, SessionName = options.SessionName, InMemory = options.SessionName is null,
            Workspace = options.Workspace, Embeddings = options.Embeddings, Time = time ?? TimeProvider.System,
        });

    /// <summary>Asks and gives the answer. Throws <see cref="AgentException"/> when there is none: the model failed, a limit was met, the set-up is wrong.</summary>
    public async Task<string> AskAsync(string question, CancellationToken cancellationToken = default)
    {
        var result = await RunAsync(question, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        return result.Outcome is Events.TurnOutcome.Completed ? result.Answer : throw new AgentException(result.Error ?? $"The turn ended as {result.Outcome}.", result);
    }

    /// <summary>Asks and gives everything that came of it: outcome, answer, usage, cost, what was denied.</summary>
    public async Task<TurnResult> RunAsync(string question, CancellationToken cancellationToken = default)
    {
        _harness ??= await Composition.StartAsync(_request, cancellationToken) switch
        {
            HarnessStarted started => started.Harness,
            HarnessRefused refused => throw new AgentException($"{refused.Message} {refused.Advice}".TrimEnd(), null),
            var other => throw new InvalidOperationException($"{other} is not a start."),
        };
        return await _harness.Session.RunAsync(question, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _harness?.DisposeAsync() ?? ValueTask.CompletedTask;
}

/// <summary>An agent has no answer. The message says why.</summary>
public sealed class AgentException(string message, TurnResult? result) : Exception(message)
{
    /// <summary>What came of the turn, or null when it never began.</summary>
    public TurnResult? Result => result;
}
