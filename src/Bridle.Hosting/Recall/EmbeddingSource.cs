using Microsoft.Extensions.AI;

namespace Bridle.Hosting.Recall;

/// <summary>A generator of embeddings that a program brings along. In a box, so that a start that asks for none does not load the library that it comes from.</summary>
/// <param name="generator">The generator; whoever made it disposes it.</param>
public sealed class EmbeddingSource(IEmbeddingGenerator<string, Embedding<float>> generator)
{
    /// <summary>The generator.</summary>
    public IEmbeddingGenerator<string, Embedding<float>> Generator => generator;
}
