using Bridle.Hosting.Assembly;
using Bridle.Hosting.Providers;
using Bridle.Journal;
using Bridle.Models;
using Bridle.Sessions;
using Bridle.Skills;
using Bridle.Tools;

namespace Bridle.Hosting;

/// <summary>A session with everything around it. Disposing ends its background processes and closes its log.</summary>
public sealed class Harness(Session session, string name, Func<string, ValueTask> close) : IAsyncDisposable
{
    private static int s_gettingReady;
    private int _closed;

    /// <summary>
    /// Loads, on a thread of its own, what a first turn will need, by taking one in memory with a model that nobody is behind. A start is put together meanwhile, on a
    /// second processor. Contacts nobody, reads and writes no file; does nothing where there is one processor, or the second time. A program that knows it will start a session calls it first.
    /// </summary>
    public static void GetReady()
    {
        if (Environment.ProcessorCount > 1 && Interlocked.Exchange(ref s_gettingReady, 1) is 0)
        {
            // A thread and not a task of the pool: those are few in the beginning, and others wait for them.
            new Thread(Load) { IsBackground = true, Name = "getting ready" }.Start();
        }

        static void Load()
        {
            try
            {
                GettingReady.LoadAsync().GetAwaiter().GetResult();
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                // Whoever needs it meets the same and tells it; here it would only end the program.
            }
        }
    }

    /// <summary>Takes messages.</summary>
    public Session Session => session;

    /// <summary>The session's name.</summary>
    public string Name => name;

    /// <summary>Where the session is kept, or null when it lives in memory.</summary>
    public string? Path { get; init; }

    /// <summary>What a person should know before the first turn, one line each.</summary>
    public IReadOnlyList<string> Notices { get; init; } = [];

    /// <summary>What a hook of the start wants the model to be told first in a new session where no person sits at it, as a message of its own; or null.</summary>
    public string? FirstMessage { get; init; }

    /// <summary>The tools on offer.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Makes another model by its name, or says why not.</summary>
    public Func<string, CancellationToken, Task<(IModel? Model, HarnessRefused? Problem)>> FindModelAsync { get; init; } =
        (wanted, _) => Task.FromResult<(IModel?, HarnessRefused?)>((null, new HarnessRefused("usage", $"There is no other model here than this one, not '{wanted}'.", "Start again with --model.")));

    /// <summary>That a model gives less in one reply than the request or settings ask for, in words for a person; null where it does not.</summary>
    public Func<ModelInfo, string?> LoweredTokens { get; init; } = _ => null;

    /// <summary>
    /// Lets another model answer unless a hook keeps the present one: the name that was asked for, the model, who asks (<c>command</c> for a person, <c>sdk</c> for a program) and what
    /// puts a question to a person, or null. Why the model stays, or null.
    /// </summary>
    public Func<string, IModel, string, Func<string, CancellationToken, Task<bool>>?, CancellationToken, Task<string?>> SwitchModelAsync { get; init; } = async (_, model, _, _, token) =>
    {
        await session.ChangeModelAsync(model, token);
        return null;
    };

    /// <summary>The server that the session's model is on, or null when the model was given or its provider cannot be used any more.</summary>
    public Func<CancellationToken, Task<InferenceServer?>> FindServerAsync { get; init; } = _ => Task.FromResult<InferenceServer?>(null);

    /// <summary>Makes the conversation shorter because a person asks, with what to keep in mind above all. Not while a turn runs. What was done, or null when nothing was.</summary>
    public Func<string?, CancellationToken, Task<Events.Compacted?>> CompactAsync { get; init; } = (_, _) => Task.FromResult<Events.Compacted?>(null);

    /// <summary>What this session spent so far, also before it was opened this time, and what a clone took over with the conversation.</summary>
    public Func<IReadOnlyList<Events.Spent>> Spending { get; init; } = () => [];

    /// <summary>The session's records from the first on, also those that a compaction took from the conversation; of some types only, named as in the log, or of all. Not while a turn runs.</summary>
    public Func<IReadOnlySet<string>?, IEnumerable<Events.Recorded>> Records { get; init; } = _ => [];

    /// <summary>Lets a sensor look at everything that concerns it, by its name, and gives what it found; null where there is none of that name that may look.</summary>
    public Func<string, CancellationToken, Task<Bridle.Sensors.SensorLooked?>> LookAsync { get; init; } = (_, _) => Task.FromResult<Bridle.Sensors.SensorLooked?>(null);

    /// <summary>The full names of the models in the stored list, those of the session's provider first.</summary>
    public Func<IReadOnlyList<string>> KnownModels { get; init; } = () => [];

    /// <summary>The skills as they are now; a person uses those that are for people by <c>/name arguments</c>.</summary>
    public Func<FoundSkills> FindSkills { get; init; } = () => FoundSkills.None;

    /// <summary>The files of the workspace by their paths from its root, without what ignore files name; so many at most that a list of them is of use.</summary>
    public Func<CancellationToken, IReadOnlyList<string>> ListFiles { get; init; } = _ => [];

    /// <summary>The door to the workspace's files as the person has it, with nothing held back; null where there is none.</summary>
    public Workspaces.IFiles? Files { get; init; }

    /// <summary>
    /// Looks back at what was done since the session was opened, or since the last time, and keeps notes for later ones, where settings ask for that (<c>learningReview</c>): a model is
    /// asked, which costs. Null where nothing was to be done. Not while a turn runs; never throws because of what a model or a note does.
    /// </summary>
    public Func<CancellationToken, Task<Subagents.ReviewReport?>> ReviewAsync { get; init; } = _ => Task.FromResult<Subagents.ReviewReport?>(null);

    /// <summary>The notes that outlive the session; null when none are kept.</summary>
    public Bridle.Memory.NoteBook? Notes { get; init; }

    /// <summary>What may run in the session as it is now, and what was agreed to; null where nobody can look.</summary>
    public Grants.SessionPermissions? Permissions { get; init; }

    /// <summary>Why settings keep a person from choosing a mode, or null when they do not.</summary>
    public Func<Settings.ModeName, string?> WhyNotMode { get; init; } = _ => null;

    /// <summary>Why this provider, or null when the model was given.</summary>
    public ProviderChoice? Provider { get; init; }

    /// <summary>Why the session is closed, as hooks are told: <c>other</c>, or <c>prompt_input_exit</c> when a person leaves.</summary>
    public string EndReason { get; set; } = "other";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) is 0)
        {
            await session.DisposeAsync();
            await close(EndReason);
        }
    }
}
