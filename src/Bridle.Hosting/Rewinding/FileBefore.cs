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
