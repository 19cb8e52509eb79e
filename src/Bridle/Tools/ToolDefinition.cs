using System.Text.Json;
using System.Text.Json.Serialization;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Tools;

/// <summary>What a tool does to the world; drives permission modes and what is shown to a person.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ToolKind>))]
public enum ToolKind
{
    /// <summary>Looks at files.</summary>
    Read,

    /// <summary>Changes files.</summary>
    Write,

    /// <summary>Runs programs.</summary>
    Execute,

    /// <summary>Reaches other machines.</summary>
    Network,

    /// <summary>Touches nothing outside the session: notes, questions, plans.</summary>
    Meta,
}

/// <summary>How a tool does its work. What a plan says of a call, and a person agrees to, follows from it, so it must be true.</summary>
public enum ToolWork
{
    /// <summary>By code of its own inside the harness, which nothing confines.</summary>
    Own,

    /// <summary>By programs, and otherwise only through the doors of its scope.</summary>
    Programs,

    /// <summary>Inside the harness, with the scope's files and nothing else.</summary>
    Files,

    /// <summary>Inside the harness, with the scope's network and nothing else.</summary>
    Network,

    /// <summary>Inside the harness, with nothing but the session.</summary>
    Session,
}

/// <summary>A tool as it is published: everything a model, a rule or a client needs to know about it.</summary>
/// <param name="Name">The canonical name, such as <c>Read</c>.</param>
/// <param name="Description">The words the model reads.</param>
/// <param name="InputSchema">A JSON Schema of type object.</param>
/// <param name="Kind">What it does to the world.</param>
/// <param name="Effect">What running it twice would mean.</param>
/// <param name="ParallelSafe">Whether calls of it may run side by side.</param>
public sealed record ToolDefinition(string Name, string Description, JsonElement InputSchema, ToolKind Kind, ToolEffect Effect, bool ParallelSafe)
{
    /// <summary>How it does its work, on which depends what confines it.</summary>
    public ToolWork Work { get; init; }

    /// <summary>Whether requests show it also where there are so many tools that others are left out and found by search.</summary>
    public bool AlwaysShown { get; init; }

    /// <summary>What confines the tool's programs when the tool sees to it itself, such as by a container; null when the session's sandbox does.</summary>
    public IsolationPlan? OwnIsolation { get; init; }
}
