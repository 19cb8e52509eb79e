using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Memory;

/// <summary>Something that one session keeps for later ones. Data, never an instruction: what it says changes no rule and no mode.</summary>
/// <param name="Name">Unique in its scope; see <see cref="NoteName"/>.</param>
/// <param name="Description">One line for the index.</param>
/// <param name="Type">What it is about.</param>
/// <param name="Text">The note in Markdown, with <c>\n</c> for line ends.</param>
public sealed record MemoryNote(string Name, string Description, NoteType Type, string Text)
{
    /// <summary>Words to find it by, in lower case.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>When it was first written.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>When it was last written, or said again.</summary>
    public DateTimeOffset Updated { get; init; }

    /// <summary>From when on it no longer holds; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The session that wrote it; null for a person.</summary>
    public string? Source { get; init; }

    /// <summary>What else stands in the head of its file, as it stands there: kept, and not understood.</summary>
    public IReadOnlyDictionary<string, string> Others { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it no longer holds.</summary>
    public bool IsExpired(DateTimeOffset now) => Expires <= now;
}

/// <summary>What a note is about.</summary>
[JsonConverter(typeof(SnakeCaseEnum<NoteType>))]
public enum NoteType
{
    /// <summary>The project: how it is built, why something is as it is.</summary>
    Project,

    /// <summary>The person: who they are and what they prefer.</summary>
    User,

    /// <summary>How the person wants work to be done, from what they corrected or confirmed.</summary>
    Feedback,

    /// <summary>Where something is to be found.</summary>
    Reference,
}

/// <summary>Who shares a note.</summary>
[JsonConverter(typeof(SnakeCaseEnum<MemoryScope>))]
public enum MemoryScope
{
    /// <summary>Every agent in the project.</summary>
    Project,

    /// <summary>One agent in the project.</summary>
    Agent,

    /// <summary>Every project of the person.</summary>
    User,

    /// <summary>Everybody who has the repository: the notes are files of it, and count only where its folder is trusted.</summary>
    Team,
}

/// <summary>A note and where it is kept.</summary>
public sealed record ShelvedNote(MemoryScope Scope, MemoryNote Note);
