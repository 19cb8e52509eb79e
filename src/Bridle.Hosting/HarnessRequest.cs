using Bridle.Context;
using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Workspaces;

namespace Bridle.Hosting;

/// <summary>What a program asks for when it wants a session: flags on top of settings. Null means that the settings decide.</summary>
public sealed record HarnessRequest(HostEnvironment Environment, string Folder)
{
    /// <summary>Which model.</summary>
    public ModelWish Wish { get; init; } = new();

    /// <summary>The models that answer when the first cannot, in their order; null leaves it to settings.</summary>
    public IReadOnlyList<string>? FallbackModels { get; init; }

    /// <summary>Use the rehearsal model when nothing is configured anywhere.</summary>
    public bool RehearseWhenUnconfigured { get; init; }

    /// <summary>The permission mode, in any accepted spelling.</summary>
    public string? Mode { get; init; }

    /// <summary>Rules of this invocation that let calls run.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>Rules of this invocation that keep calls from running.</summary>
    public IReadOnlyList<string> Deny { get; init; } = [];

    /// <summary>Whether what the sandbox keeps to the workspace runs unasked when no setting says so: for runs that nobody watches.</summary>
    public bool ConfinedUnasked { get; init; }

    /// <summary>A file of settings, or settings as JSON text, that is stronger than all files but the administrator's.</summary>
    public string? Settings { get; init; }

    /// <summary>Which of the project's and the person's settings files are read; null for all.</summary>
    public IReadOnlySet<Settings.SettingsOrigin>? SettingSources { get; init; }

    /// <summary>The person trusts the folder for this run; nothing is stored.</summary>
    public bool TrustFolder { get; init; }

    /// <summary>Replies that a turn may ask for; 0 for no limit.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>US dollars that a turn may cost.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>US dollars that the session may cost.</summary>
    public decimal? MaxSessionCost { get; init; }

    /// <summary>US dollars that all sessions of the person may cost on one day.</summary>
    public decimal? MaxDayCost { get; init; }

    /// <summary>US dollars that all sessions of the person may cost in one month.</summary>
    public decimal? MaxMonthCost { get; init; }

    /// <summary>Go on with <see cref="MaxCost"/> though the model's price is not known.</summary>
    public bool AllowUnpriced { get; init; }

    /// <summary>Time that a turn may take.</summary>
    public TimeSpan? MaxTime { get; init; }

    /// <summary>Tokens that one reply may have.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Commands that must succeed before a turn counts as done, beside the checks of settings.</summary>
    public IReadOnlyList<string> AcceptCommands { get; init; } = [];

    /// <summary>Files that must be there before a turn counts as done.</summary>
    public IReadOnlyList<string> AcceptFiles { get; init; } = [];

    /// <summary>Checks beside those, which a program makes itself. Each says who stands for its commands.</summary>
    public IReadOnlyList<Bridle.Loop.Accepting.IAcceptanceCheck> AcceptChecks { get; init; } = [];

    /// <summary>Files that no turn may change, as patterns of permission rules, beside those of settings.</summary>
    public IReadOnlyList<string> Seal { get; init; } = [];

    /// <summary><c>native</c> or <c>prompted</c>.</summary>
    public string? Tools { get; init; }

    /// <summary>Whether requests ask for a streamed reply.</summary>
    public bool Stream { get; init; } = true;

    /// <summary>What <c>--sandbox</c> says: <c>auto</c>, <c>required</c> or <c>off</c>; null leaves it to settings.</summary>
    public string? Sandbox { get; init; }

    /// <summary>The name of the git worktree to work in; empty for a new one with a name of its own, null leaves it to settings. See <see cref="Worktrees.WorktreeStart"/>.</summary>
    public string? Worktree { get; init; }

    /// <summary>What the hooks of <c>Setup</c> are run for before the session begins: <c>init</c> or <c>maintenance</c>; null for not at all.</summary>
    public string? Setup { get; init; }

    /// <summary>The sandboxes to choose from; null for those of this machine.</summary>
    public IReadOnlyList<ISandbox>? Sandboxes { get; init; }

    /// <summary>Offer the tool <c>execute_sandboxed_command</c> also where nobody named its volume, with the volume's usual name.</summary>
    public bool OffersContainer { get; init; }

    /// <summary>The log of this run of the program, for people; null makes one for each session. Sessions that one program opens one after another share it.</summary>
    public FaultLog? Log { get; init; }

    /// <summary>Replaces the built-in system prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>The session to open; it is made when it does not exist, unless <see cref="Resume"/>. Null makes a new one.</summary>
    public string? SessionName { get; init; }

    /// <summary>The session must exist.</summary>
    public bool Resume { get; init; }

    /// <summary>The session must not exist yet: a name that is taken is refused.</summary>
    public bool MustBeNew { get; init; }

    /// <summary>Copy this session and go on with the copy, which gets <see cref="SessionName"/>, or <c>NAME-clone</c> where that is null. The original is left as it is.</summary>
    public string? CloneOf { get; init; }

    /// <summary>Go on with the session that was last used in <see cref="Folder"/>; there must be one.</summary>
    public bool Latest { get; init; }

    /// <summary>Says yes to changes that somebody made to the session's file.</summary>
    public bool AcceptEdits { get; init; }

    /// <summary>Asks a person whether such changes, described in words, are accepted. Null when nobody is there.</summary>
    public Func<string, bool>? ConfirmEdits { get; init; }

    /// <summary>The name of the agent, whose own notes it may see beside those that all share; see <see cref="Bridle.Memory.NoteName"/>.</summary>
    public string Agent { get; init; } = PermissionGrant.MainActor;

    /// <summary>Keep no files: the session lives in memory, and no notes are kept or shown.</summary>
    public bool InMemory { get; init; }

    /// <summary>Who is asked; null when nobody is there, and then what must be asked is denied.</summary>
    public IApprover? Approver { get; init; }

    /// <summary>Who watches.</summary>
    public IReadOnlyList<IEventSink> Sinks { get; init; } = [];

    /// <summary>Hears of what goes wrong beside the turn, such as a watcher that broke. Null for nobody.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>When it is cancelled, the end of the session waits for no hook that still goes on by itself. A start is not cancelled by it.</summary>
    public CancellationToken Hurry { get; init; }

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Finds local model servers; null looks where they usually are.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>>? FindLocalServers { get; init; }

    /// <summary>Who tells the model what fits the moment, beside the instruction files.</summary>
    public IReadOnlyList<Guide> Guides { get; init; } = [];

    /// <summary>Tools beside the built-in ones; a tool of the same name takes the built-in one's place.</summary>
    public IReadOnlyList<Bridle.Tools.Tool> ExtraTools { get; init; } = [];

    /// <summary>Makes vectors for the search over past sessions, in place of what settings name; null leaves it to them.</summary>
    public Recall.EmbeddingSource? Embeddings { get; init; }

    /// <summary>A model to use as it is, in place of everything that picks one.</summary>
    public IModel? Model { get; init; }

    /// <summary>The world to work on, in place of a folder on this machine; <see cref="Folder"/> is then its root.</summary>
    public IWorkspace? Workspace { get; init; }
}

/// <summary>Either a harness or the reason why there is none.</summary>
public abstract record HarnessStart;

/// <summary>Ready to take messages.</summary>
public sealed record HarnessStarted(Harness Harness) : HarnessStart;

/// <summary>Something that was asked for cannot be had; nothing was started and nothing was sent.</summary>
/// <param name="Kind"><c>usage</c>, <c>settings</c>, <c>provider</c>, <c>unconfigured</c>, <c>sandbox</c> or <c>session</c>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Advice">What to do next.</param>
public sealed record HarnessRefused(string Kind, string Message, string Advice) : HarnessStart;
