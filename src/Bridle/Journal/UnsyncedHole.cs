namespace Bridle.Journal;

/// <summary>
/// A power cut may keep later pieces of what was not synced yet and lose earlier ones, which then read as zeros. Such a hole begins a torn
/// tail. Zeros before a record that was synced are something else: the disk lost what it had promised to keep, and that is damage.
/// </summary>
internal static class UnsyncedHole
{
    private const int Zeros = 8;

    /// <summary>The index of the line in which the hole begins, or -1.</summary>
    public static int Find(List<CheckedLine> lines, Func<CheckedLine, byte[]> read)
    {
        var first = 0;
        while (first < lines.Count && lines[first].State == LineState.Sound && lines[first].N == first + 1)
        {
            first++;
        }

        if (first == 0 || first == lines.Count || lines[first].State != LineState.Unparsable || !HasHole(read(lines[first])))
        {
            return -1;
        }

        for (var i = first + 1; i < lines.Count; i++)
        {
            var isLast = i == lines.Count - 1;
            if (lines[i].State == LineState.Unparsable ? !isLast && !HasHole(read(lines[i])) : lines[i].State != LineState.Sound || (!isLast && IsSynced(read(lines[i]))))
            {
                return -1;
            }
        }

        return first;
    }

    private static bool HasHole(ReadOnlySpan<byte> line) => line.IndexOf(new byte[Zeros]) >= 0;

    /// <summary>Whether a record of this kind is always synced. The last record of a file may have been caught while it was.</summary>
    private static bool IsSynced(ReadOnlySpan<byte> line) => RecordLine.Split(line).Type switch
    {
        "session_started" or "session_edited" or "log_repaired" or "session_renamed" or "user_spoke" or "approval_given" or "run_finished" => true,
        "tool_started" => line.IndexOf("\"effect\":\"once\""u8) >= 0,
        _ => false,
    };
}
