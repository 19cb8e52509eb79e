using System.Text.Json;
using Bridle.Messages;

namespace Bridle.Models;

/// <summary>One request to a model. The history is valid by construction: every call has its result in the message that follows it.</summary>
public sealed record ModelRequest
{
    /// <summary>The system text, joined from its parts by the assembler; empty for none.</summary>
    public string System { get; init; } = "";

    /// <summary>The conversation, ending with a message of the user. The same instances come back in later requests.</summary>
    public required IReadOnlyList<Message> Messages { get; init; }

    /// <summary>Ids of calls that were made earlier in the conversation and are no longer in its messages. A new call takes none of them: the log knows calls by their ids.</summary>
    public IReadOnlyCollection<CallId> GoneCalls { get; init; } = [];

    /// <summary>The tools on offer, in a stable order. The same list instance comes back in later requests while nothing changed.</summary>
    public IReadOnlyList<ToolSchema> Tools { get; init; } = [];

    /// <summary>How the tools are offered.</summary>
    public ToolCalling ToolCalling { get; init; } = ToolCalling.Native;

    /// <summary>The output limit, or null for the protocol's default.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Whether the wire request asks for a streamed reply.</summary>
    public bool Stream { get; init; } = true;

    /// <summary>How hard the model should think, in the vendor's words (<c>low</c>, <c>medium</c>, <c>high</c>), or null for its default.</summary>
    public string? Effort { get; init; }

    /// <summary>A JSON Schema that the answer must satisfy, or null for free text.</summary>
    public JsonElement? AnswerSchema { get; init; }

    /// <summary>Stable for a conversation; lets vendors route to a warm cache. Null for none.</summary>
    public string? CacheKey { get; init; }
}

/// <summary>A tool as a model sees it.</summary>
/// <param name="Name">The canonical name.</param>
/// <param name="Description">What it does, in the words the model reads.</param>
/// <param name="Parameters">A JSON Schema of type object.</param>
public sealed record ToolSchema(string Name, string Description, JsonElement Parameters);
