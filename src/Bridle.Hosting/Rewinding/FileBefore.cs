using Bridle.Events;

namespace Bridle.Hosting.Rewinding;

/// <summary>A file as it was before the agent's edits from some point of a session on.</summary>
/// <param name="Path">Its real path.</param>
/// <param name="Kept">Whether it was copied before the first edit; false where it was too large.</param>
/// <param name="Blob">The blob with its bytes; null where it was not there, or was not kept.</param>
/// <param name="UnixMode">Its permission bits, where there are any.</param>
/// <param name="LeftAs">The hash of what the agent's last finished edit left, or null where none finished.</param>
public sealed record FileBefore(string Path, bool Kept, string? Blob, int? UnixMode, string? LeftAs)
{
    /// <summary>Whether it was last taken away, so that nothing stands there unless somebody else put it there.</summary>
    public bool WasTakenAway { get; init; }

    /// <summary>The files that change when going back is undone: those that going back changed, and those that were edited since. As they were just before going back.</summary>
    /// <param name="records">The session that is being left.</param>
    /// <param name="mark">Its record of going back.</param>
    public static IReadOnlyList<FileBefore> Undoing(IReadOnlyList<Recorded> records, Recorded mark)
    {
        var since = Since(records, mark.N).ToDictionary(file => file.Path, StringComparer.Ordinal);
        var files = new List<FileBefore>();
        foreach (var file in ((Rewound)mark.Event).Files)
        {
            files.Add(since.Remove(file.Path, out var edited)
                ? new(file.Path, file.Kept, file.Blob, file.UnixMode, edited.LeftAs)
                : new(file.Path, file.Kept, file.Blob, file.UnixMode, file.PutBack) { WasTakenAway = file.PutBack is null });
        }

        return [.. files, .. since.Values];
    }

    /// <summary>The files that were edited after a record, in the order of their first edits. What commands did is in no record and not among them.</summary>
    public static IReadOnlyList<FileBefore> Since(IEnumerable<Recorded> records, long after)
    {
        var (files, order) = (new Dictionary<string, FileBefore>(StringComparer.Ordinal), new List<string>());
        foreach (var record in records.Where(record => record.N > after))
        {
            switch (record.Event)
            {
                case SnapshotTaken taken:
                    Add(new(taken.Path, true, taken.Blob, taken.UnixMode, null));
                    break;
                case ToolReturned { Files: { } touched }:
                    foreach (var touch in touched.Where(touch => touch.Written))
                    {
                        // The copy comes before the edit; without one the file was too large for it.
                        Add(new(touch.Path, false, null, null, null));
                        files[touch.Path] = files[touch.Path] with { LeftAs = touch.Hash };
                    }

                    break;
            }
        }

        return [.. order.Select(path => files[path])];

        void Add(FileBefore file)
        {
            if (files.TryAdd(file.Path, file))
            {
                order.Add(file.Path);
            }
        }
    }
}
