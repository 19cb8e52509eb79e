using System.Buffers;
using System.Text;

namespace Bridle.Messages;

/// <summary>Bytes in an array that belongs to the pool. Dispose it once, and do not use the bytes afterwards.</summary>
internal readonly struct PooledBytes(byte[] array, int length) : IDisposable
{
    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => array.AsSpan(0, length);

    /// <summary>A text as UTF-8.</summary>
    public static PooledBytes Of(string text)
    {
        var array = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Length));
        return new(array, Encoding.UTF8.GetBytes(text, array));
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(array);
}
