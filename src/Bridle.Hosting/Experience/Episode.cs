using System.Text.Json.Serialization;
using Bridle.Events;

namespace Bridle.Hosting.Experience;

/// <summary>One run of the past: what was asked, what was done, how it ended. Read from the log of its session, and gone with it.</summary>
/// <param name="Session">The session's name.</param>
/// <param name="Run">The run's number in it.</param>
/// <param name="At">When it ended.</param>
/// <param name="Situation">The person's words, shortened.</param>
/// <param name="Outcome">The last words of the model, shortened.</param>
/// <param name="Ending">How the run ended.</param>
public sealed record Episode(string Session, string Run, DateTimeOffset At, string Situation, string Outcome, TurnOutcome Ending)
{
    /// <summary>The tools whose calls ran, each once, in the order of their first.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The skills that were used.</summary>
    public IReadOnlyList<string> Skills { get; init; } = [];

    /// <summary>The calls that did what they were asked, as tool and what it was called on, in their order.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>How many calls there were, whatever came of them.</summary>
    public int Calls { get; init; }

    /// <summary>How many of them failed, were denied or were interrupted.</summary>
    public int Failures { get; init; }

    /// <summary>
    /// Whether it counts as a success: it came to its end by itself, nothing was denied, and the last call that changed or ran something did what it was asked. A guess from the log: nobody
    /// asked the person.
    /// </summary>
    public bool Success { get; init; }

    /// <summary>Names it: <c>SESSION#RUN</c>.</summary>
    [JsonIgnore]
    public string Id => $"{Session}#{Run}";
}

/// <summary>What a session's log said when it was last read, for as long as its file stays as it was.</summary>
internal sealed record EpisodeRow(string Session, long Bytes, long Changed, string Folder, IReadOnlyList<Episode> Episodes);

/// <summary>Serialisation made at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(EpisodeRow))]
[JsonSerializable(typeof(Episode))]
internal sealed partial class EpisodeJson : JsonSerializerContext;
