namespace Bridle.Models.Embeddings;

/// <summary>A server gave no vectors. The message says why and what to do, for a person.</summary>
public sealed class EmbeddingException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether the request may have been paid for: it was sent and not refused.</summary>
    public bool MayBePaid { get; init; }
}
