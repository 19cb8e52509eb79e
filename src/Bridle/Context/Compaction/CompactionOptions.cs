using Bridle.Events;

namespace Bridle.Context.Compaction;

/// <summary>When a conversation is made shorter and how far. Fills are shares of what a request may take.</summary>
public sealed record CompactionOptions
{
    /// <summary>Whether it happens by itself. A vendor's refusal of a request that is too long, and a person, are heard all the same.</summary>
    public bool Auto { get; init; } = true;

    /// <summary>The fill at which it begins.</summary>
    public double At { get; init; } = 0.75;

    /// <summary>The fill it comes down to; lower than <see cref="At"/>, so that it does not begin again at the next step.</summary>
    public double To { get; init; } = 0.55;

    /// <summary>Whether a model writes the summary where one is needed; else code does, which costs nothing.</summary>
    public bool ByModel { get; init; }

    /// <summary>Gives what a log says was done at this place, by its trigger, or null for nothing; then nothing is measured and nobody is asked. For a replay.</summary>
    internal Func<string, Compacted?>? Recorded { get; init; }
}
