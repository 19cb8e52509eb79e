using Bridle.Context;
using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Hooks;
using Bridle.Journal;
using Bridle.Loop;
using Bridle.Loop.Accepting;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Runs;
using Bridle.Sensors;
using Bridle.Skills;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Sessions;

/// <summary>What a session is put together from. Made in one readable place by the host.</summary>
public sealed record SessionParts
{
    /// <summary>The log with its transcript and its watchers.</summary>
    public required SessionEvents Events { get; init; }

    /// <summary>The model that answers.</summary>
    public required IModel Model { get; init; }

    /// <summary>The models beside it.</summary>
    public RoleModels Roles { get; init; } = RoleModels.None;

    /// <summary>The world.</summary>
    public required IWorkspace Workspace { get; init; }

    /// <summary>The stages that every call passes.</summary>
    public required ToolPipeline Pipeline { get; init; }

    /// <summary>Who has a say before a turn is done, beside <see cref="Acceptance"/>, which comes last: in this order.</summary>
    public IReadOnlyList<IBeforeDone> BeforeDone { get; init; } = [];

    /// <summary>What a turn must have brought about before it counts as done.</summary>
    public AcceptanceOptions Acceptance { get; init; } = new();

    /// <summary>Finds a tool by the name a model used; null when there is none.</summary>
    public required Func<string, Tool?> FindTool { get; init; }

    /// <summary>Makes requests from the transcript.</summary>
    public required ContextAssembler Context { get; init; }

    /// <summary>Who answers approvals and questions.</summary>
    public required IApprover Approver { get; init; }

    /// <summary>What hears of messages and of the end of turns; calls tell their hooks in the pipeline.</summary>
    public HookSet Hooks { get; init; } = HookSet.None;

    /// <summary>When the conversation is made shorter.</summary>
    public CompactionOptions Compaction { get; init; } = new();

    /// <summary>Whether a read of a file that the model still sees word for word is answered by naming that earlier result. Who asks once more gets it whole.</summary>
    public bool PointsToEarlierReads { get; init; } = true;

    /// <summary>Who tells the model what fits the moment.</summary>
    public IReadOnlyList<Guide> Guides { get; init; } = [];

    /// <summary>The skills that a person's words may name; null for none.</summary>
    public SkillCalls? Skills { get; init; }

    /// <summary>What looks at the work and says whether it is done.</summary>
    public SensorSet Sensors { get; init; } = SensorSet.None;

    /// <summary>The limits that its turns share with other sessions, or null.</summary>
    public ISharedBudget? SharedBudget { get; init; }

    /// <summary>What each turn may spend.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>The permission mode of a session whose log names none.</summary>
    public string Mode { get; init; } = "default";

    /// <summary>What confines the session's calls unless they ask not to be, in words; null when nobody said.</summary>
    public string? Isolation { get; init; }

    /// <summary>The background processes of the session; ended with it.</summary>
    public BackgroundProcesses Background { get; init; } = new();

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Makes ids that never repeat.</summary>
    public Func<string> NewId { get; init; } = () => Guid.CreateVersion7().ToString("N");

    /// <summary>Hears of a model that turned out not to take tools.</summary>
    public Action<ModelInfo> OnToolsUnsupported { get; init; } = _ => { };
}
