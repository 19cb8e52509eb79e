namespace Bridle.Messages;

/// <summary>A failure whose text the model may read. Any other exception reaches the model only as a number.</summary>
public sealed class ToolException(string message, Exception? inner = null) : Exception(message, inner);
