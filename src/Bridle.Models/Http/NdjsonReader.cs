using System.Text.Json;

namespace Bridle.Models.Http;

/// <summary>Reads one JSON document a line.</summary>
internal sealed class NdjsonReader(Stream body) : IDisposable
{
    private readonly LineBuffer _lines = new(body);

    /// <summary>
    /// The next document, or null at the end of the body. The caller disposes it before the next read.
    /// Throws <see cref="JsonException"/>, or <see cref="EndOfStreamException"/> when the body ended inside the line.
    /// </summary>
    public async ValueTask<JsonDocument?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_lines.TryRead(out var line))
            {
                if (!line.Span.Trim(" \t"u8).IsEmpty)
                {
                    return WireJson.Parse(line, _lines.Unterminated);
                }
            }

            if (_lines.BodyEnded)
            {
                return null;
            }

            await _lines.FillAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _lines.Dispose();
}
