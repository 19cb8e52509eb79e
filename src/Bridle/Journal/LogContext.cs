namespace Bridle.Journal;

/// <summary>What a log lives with.</summary>
internal sealed record LogContext(string Path, IBlobs Blobs, TimeProvider Time)
{
    public DiskReserve? Reserve { get; init; }

    public SessionSeal? Seal { get; init; }
}
