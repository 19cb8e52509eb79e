namespace Bridle.Cli.Output;

/// <summary>What the file system would not do, told with what to do about it: it is no defect of the program.</summary>
internal static class DiskTrouble
{
    // ENOSPC and EDQUOT, on Linux and on macOS; EROFS is the same on both.
    private static readonly int[] s_full = [28, 122, 69];
    private const int ReadOnly = 30;

    /// <summary>Whether the exception is such trouble, and not a defect that only looks like it.</summary>
    public static bool Is(Exception exception) => exception is UnauthorizedAccessException || (exception is IOException && (s_full.Contains(exception.HResult) || exception.HResult is ReadOnly));

    /// <summary>It, in words for a person.</summary>
    /// <param name="trouble">What was thrown.</param>
    /// <param name="kind">The kind of the failure for programs.</param>
    public static Failure Of(Exception trouble, string kind = "failed")
    {
        var advice = trouble is IOException && s_full.Contains(trouble.HResult) ? "Free some room, then try again."
            : Is(trouble) ? "Make the place writable, or set XDG_DATA_HOME, XDG_STATE_HOME and XDG_CONFIG_HOME to folders that are. `bridle doctor` shows the folders that are used."
            : "See `bridle doctor` for the folders that are used.";
        return new(kind, $"{trouble.Message.TrimEnd('.')}.", advice);
    }
}
