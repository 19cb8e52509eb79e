using System.Text;

namespace Bridle.Journal;

/// <summary>What opening a log found. Everything in it is meant for a person; nothing of it is decided silently.</summary>
/// <param name="State">Whether and why the session may be continued.</param>
/// <param name="File">The log's path.</param>
public sealed record OpenReport(OpenState State, string File)
{
    private const int MostDamage = 20;

    /// <summary>How many bytes of a torn tail were cut, or null when there was none. 0 means that only the last newline was missing.</summary>
    public long? BytesCut { get; init; }

    /// <summary>Whether those bytes are another program's doing: it changed the file while the session was open.</summary>
    public bool CutByAnother { get; init; }

    /// <summary>Edits by a person: sealed now, or waiting for a yes.</summary>
    public PendingEdits? Edits { get; init; }

    /// <summary>What cannot be read, line by line.</summary>
    public IReadOnlyList<LogDamage> Damage { get; init; } = [];

    /// <summary>Whether there is nothing in the file at all.</summary>
    public bool IsEmpty { get; init; }

    /// <summary>Whether records may be appended.</summary>
    public bool CanAppend => State is OpenState.Clean or OpenState.Repaired or OpenState.EditsSealed or OpenState.Adopted;

    /// <summary>What happened, why, and what to do next; empty when there is nothing to say.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        if (BytesCut is { } cut)
        {
            text.AppendLine(cut == 0
                ? $"{File}: the last line had lost its newline; it was put back."
                : $"{File}: the last {cut} bytes were no finished record ({(CutByAnother ? "another program changed the file while the session was open" : "the program was probably killed while it wrote")}) and were cut off.");
        }

        text.Append(State switch
        {
            OpenState.EditsPending => $"{File} was changed outside of Bridle. Opened for reading only. Accept the changes to go on (in a terminal, or with --accept-edits), or restore the file.\n",
            OpenState.EditsSealed => $"{File} was changed outside of Bridle; the changes were accepted and sealed.\n",
            OpenState.AdoptionPending => $"{File} holds plain messages. Accept it to turn them into a session (in a terminal, or with --accept-edits).\n",
            OpenState.Adopted => $"{File} held plain messages and is a session now.\n",
            OpenState.Damaged => Damaged(),
            OpenState.Newer => $"{File} was written by a newer version of Bridle. Opened for reading only; use that version.\n",
            _ => "",
        });
        foreach (var damage in Damage.Take(MostDamage))
        {
            text.AppendLine($"  line {damage.Line}: {damage.Reason}");
        }

        if (Damage.Count > MostDamage)
        {
            text.AppendLine($"  (+{Damage.Count - MostDamage} more lines)");
        }

        if (Edits is not null)
        {
            text.Append(Edits.Describe());
        }

        return text.ToString();
    }

    // What is lost, and what can be done about it.
    private string Damaged()
    {
        var name = SessionFile.NameOf(Path.GetFileName(File)) is ['-', ..] dashed ? $"-- {SessionWord.Of(dashed)}" : SessionWord.Of(SessionFile.NameOf(Path.GetFileName(File)));
        var sound = Damage.Count == 0 ? 0 : Damage.Min(damage => damage.Line) - 1;
        var remove = $"restore it from a copy, or take it away with `bridle sessions rm {name}` and begin anew";
        return IsEmpty ? $"{File} is empty: everything that was said in it is gone from it. Nothing was touched; {remove}.\n"
            : sound == 0 ? $"{File} is damaged from its first line on. Opened for reading only; nothing in it was touched. Mend the lines below with `bridle sessions edit {name}`, {remove}.\n"
            : $"{File} is damaged. Opened for reading only; nothing in it was touched. `bridle sessions edit {name}` mends the lines below, `bridle sessions fork --at {sound} {name} NEW` goes on with the {sound} records before them in a session NEW, `bridle sessions export {name}` writes what can be read; or restore the file from a copy.\n";
    }
}

/// <summary>How a log was opened.</summary>
public enum OpenState
{
    /// <summary>Every record is sound.</summary>
    Clean,

    /// <summary>A torn tail was cut.</summary>
    Repaired,

    /// <summary>A person's edits were consented to and sealed.</summary>
    EditsSealed,

    /// <summary>A person's edits wait for a yes; read-only.</summary>
    EditsPending,

    /// <summary>A file of plain messages was made a session.</summary>
    Adopted,

    /// <summary>A file of plain messages waits for a yes; read-only.</summary>
    AdoptionPending,

    /// <summary>Something is damaged; read-only.</summary>
    Damaged,

    /// <summary>The format is newer than this program; read-only.</summary>
    Newer,
}

/// <summary>A place that cannot be read. <paramref name="Line"/> counts from 1.</summary>
public sealed record LogDamage(int Line, string Reason);

/// <summary>What a person changed in a log.</summary>
public sealed record PendingEdits(IReadOnlyList<LogEdit> Changes)
{
    /// <summary>Whether the file was saved again after a person was asked about what stood there before: that yes does not count for these.</summary>
    public bool AreNewer { get; init; }

    /// <summary>The changes as a list for a person, one a line.</summary>
    public string Describe()
    {
        var text = new StringBuilder(AreNewer ? "  The file was saved again while this was asked. These are its changes now, and your yes did not count for them:\n" : "");
        for (var i = 0; i < Changes.Count; i++)
        {
            var first = i;
            while (IsNothingButGone(Changes[i]) && i + 1 < Changes.Count && IsNothingButGone(Changes[i + 1]) && Changes[i + 1].N == Changes[i].N + 1)
            {
                i++;
            }

            text.AppendLine(i > first ? $"  - records {Changes[first].N} to {Changes[i].N} removed" : Words(Changes[i]));
        }

        return text.ToString();
    }

    // Of which there is nothing to show: many of them are one line.
    private static bool IsNothingButGone(LogEdit change) => change is { Kind: EditKind.Removed, Before: null };

    private static string Words(LogEdit change) => change.Kind switch
    {
        EditKind.Text when change is { Before: { } before, Text: { } now } => $"  ~ record {change.N} (line {change.Line}):{Difference(before, now)}",
        EditKind.Text => $"  ~ record {change.N} (line {change.Line}): {change.Text}\n    (what stood there before is not kept)",
        EditKind.Replaced => Replaced(change),
        EditKind.Inserted => $"  + line {change.Line}: {change.Text}",
        EditKind.Moved => $"  > record {change.N} moved to line {change.Line}",
        EditKind.Removed => $"  - record {change.N} removed{(change.Before is { } gone ? $": {ShownText.Shorten(gone)}" : "")}",
        EditKind.Orphaned => $"  ! {(change.ByHand ? "a call has no answer; it is not run" : "the answer to a call is gone")}, and the model will be told so: {ShownText.Shorten(change.Text ?? "")}",
        EditKind.Unasked => $"  ! the result in line {change.Line} answers no call, and the model will not see it: {change.Text}",
        _ => $"  - empty line {change.Line}",
    };

    private static string Replaced(LogEdit change) =>
        (change.Lacks == 0 ? $"  ! the {change.N} records that were written here are all there, and what stands behind them, from record {change.Line} on, was not."
            : $"  ! another log stands there: from record {change.Line} on it is not what was written here ({change.N} records were). It holds {change.Has}, and lacks {(change.Lacks == change.N ? "all" : $"{change.Lacks}")} of those.")
        + (change.Text is { } last ? $"\n    its last words: {last}" : "");

    private static string Difference(string before, string now)
    {
        var places = TextHunks.Of(before, now, out var more);
        return string.Concat(places.ToList().ConvertAll(place => $"\n    - {place.Old}\n    + {place.New}"))
            + (places.Count == 0 ? " (only white space around it)" : "") + (more > 0 ? $"\n    (+{more} more {(more == 1 ? "place" : "places")})" : "");
    }
}

/// <summary>One change.</summary>
/// <param name="Kind">What was done.</param>
/// <param name="Line">The line in the file as it is now, from 1; 0 for a removed record.</param>
/// <param name="N">The record's number before the change; 0 for an inserted line.</param>
/// <param name="Text">The text as it is now, shortened; null where nothing is there to show.</param>
public sealed record LogEdit(EditKind Kind, int Line, long N, string? Text)
{
    /// <summary>The text as it was, where that is known: for a draft, and for records that were sealed with their text kept. Then neither is shortened.</summary>
    public string? Before { get; init; }

    /// <summary>Of another log: how many of the records that were known are not in it where they were.</summary>
    internal long Lacks { get; init; }

    /// <summary>Of another log: how many records it holds.</summary>
    internal long Has { get; init; }

    /// <summary>Whether an orphaned call was put there by hand; else its answer was taken away.</summary>
    internal bool ByHand { get; init; }
}

/// <summary>What a person did to a line.</summary>
public enum EditKind
{
    /// <summary>Changed editable text, or white space around the record.</summary>
    Text,

    /// <summary>Added a line.</summary>
    Inserted,

    /// <summary>Put a record in another place.</summary>
    Moved,

    /// <summary>Took a record out.</summary>
    Removed,

    /// <summary>Left an empty line.</summary>
    Blank,

    /// <summary>Left a call without an answer; a sentence that says so takes its place once the edits are accepted, and nobody runs it.</summary>
    Orphaned,

    /// <summary>Left a result without its call; it stays in the file and no model sees it.</summary>
    Unasked,

    /// <summary>Put another log in the place of this one, every record of it sound: <see cref="LogEdit.Line"/> is the first record that is another, <see cref="LogEdit.N"/> how many were known.</summary>
    Replaced,
}
