using Bridle.Hosting;
using Bridle.Journal;

namespace Bridle.Cli.Chat;

/// <summary>What a person is told whose session has lost its file while it was open: that it did, what is still there of it, and what to do.</summary>
internal static class LostFile
{
    /// <summary>The words; null when the file is there, or the session never had one.</summary>
    public static string? Of(Harness harness, BridleFolders folders)
    {
        if (harness.Path is not { } path || File.Exists(path))
        {
            return null;
        }

        var what = Directory.Exists(path)
            ? $"A folder stands where the file of session '{harness.Name}' was when it was opened: {path}."
            : $"The file of session '{harness.Name}' was deleted or moved away while it was open: {path}.";
        var texts = Path.Combine(folders.State, "seals", harness.Name + ".texts");
        return $"{what} Nothing was written there. Still there: /session show-messages shows what this window has of it"
            + (File.Exists(texts) ? $", and {texts} has its texts up to the last turn." : ".")
            + " `bridle sessions export` needs the file. Put the file back and send your message again: the session goes on then. /session new begins another one.";
    }
}
