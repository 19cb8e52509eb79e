namespace Bridle.Models;

/// <summary>
/// A language model behind one wire protocol. Stateless between calls and safe to use concurrently. The stream ends with exactly one
/// <see cref="ReplyFinished"/> or <see cref="ReplyFailed"/>; failures of the vendor or the network are values, never exceptions.
/// Cancelling throws <see cref="OperationCanceledException"/> and closes the connection.
/// </summary>
public interface IModel
{
    /// <summary>What is known about the model.</summary>
    ModelInfo Info { get; }

    /// <summary>Sends one request and streams its reply.</summary>
    IAsyncEnumerable<ModelUpdate> StreamAsync(ModelRequest request, CancellationToken cancellationToken);
}
