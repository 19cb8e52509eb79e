namespace Bridle.Messages;

/// <summary>A text that is kept elsewhere until somebody reads it. Always the same text, or an exception. Safe to use concurrently.</summary>
internal abstract class StoredText
{
    /// <summary>How many characters it has.</summary>
    public abstract int Length { get; }

    /// <summary>How many tokens it takes, in quarters, as <see cref="TokenEstimate"/> has them.</summary>
    public abstract long Quarters { get; }

    /// <summary>The text, taken from where it is kept each time.</summary>
    public abstract string Read();

    /// <summary>The same as UTF-8.</summary>
    public abstract PooledBytes ReadUtf8();
}
