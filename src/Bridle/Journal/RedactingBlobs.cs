using System.Text;

namespace Bridle.Journal;

/// <summary>Blobs whose text is redacted as it is stored. Bytes that are not UTF-8 text are stored as they are.</summary>
public sealed class RedactingBlobs(IBlobs inner, SecretRedactor redactor) : IBlobs
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public IBlobs Exact => inner.Exact;

    /// <inheritdoc/>
    public string Put(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var text = Strict.GetString(bytes);
            var redacted = redactor.Redact(text);
            return ReferenceEquals(text, redacted) || text == redacted ? inner.Put(bytes) : inner.Put(Encoding.UTF8.GetBytes(redacted));
        }
        catch (DecoderFallbackException)
        {
            return inner.Put(bytes);
        }
    }

    /// <inheritdoc/>
    public byte[]? Get(string hash) => inner.Get(hash);

    /// <inheritdoc/>
    public string? PathOf(string hash) => inner.PathOf(hash);
}
