using Bridle.Events;

namespace Bridle.Models;

/// <summary>The models beside the one that answers a session, each for its purpose. A role that nobody fills falls to the session's own model.</summary>
public sealed record RoleModels
{
    /// <summary>Nobody but the session's own model.</summary>
    public static RoleModels None { get; } = new();

    /// <summary>Who answers when a model is overloaded, cannot be reached or refuses too many requests, in their order. Never asked for any other failure.</summary>
    public IReadOnlyList<IModel> Fallbacks { get; init; } = [];

    /// <summary>Who answers when a conversation no longer fits, before it is made shorter; null for nobody.</summary>
    public IModel? Larger { get; init; }

    /// <summary>Gives the model that writes summaries when one is needed; null leaves it to the session's own.</summary>
    public Func<CancellationToken, ValueTask<IModel?>>? Compactor { get; init; }

    /// <summary>Gives the model that answers in plan mode when a turn begins in it; null leaves it to the session's own.</summary>
    public Func<CancellationToken, ValueTask<IModel?>>? Planner { get; init; }

    /// <summary>Gives what a log says about a model that stood in at this place, or null; then nothing is judged. For a replay.</summary>
    internal Func<ModelStoodIn?>? Recorded { get; init; }
}
