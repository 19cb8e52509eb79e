using System.Text.Json.Serialization;

namespace Bridle.Messages;

/// <summary>How tools are offered to a model.</summary>
[JsonConverter(typeof(SnakeCaseEnum<ToolCalling>))]
public enum ToolCalling
{
    /// <summary>Through the vendor's own tool fields.</summary>
    Native,

    /// <summary>Described in the prompt; the model answers with fenced <c>tool_call</c> blocks.</summary>
    Prompted,

    /// <summary>Not at all.</summary>
    None,
}
