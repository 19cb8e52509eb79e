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

    /// <summary>Described as before, so that the prefix stays the same, but the model may not call any now.</summary>
    None,
}
