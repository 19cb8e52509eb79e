namespace Bridle.Models.Embeddings;

/// <summary>How a server is asked for vectors.</summary>
public enum EmbeddingApi
{
    /// <summary><c>POST …/embeddings</c>, as OpenAI and most local servers have it.</summary>
    OpenAi,

    /// <summary>Ollama's own <c>POST /api/embed</c>.</summary>
    Ollama,
}
