using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Rewinding;

/// <summary>A message of the person that a session can go back to.</summary>
/// <param name="Record">The number of its record; what is before it stays.</param>
/// <param name="At">When it was said.</param>
/// <param name="Text">What was said, without images.</param>
/// <param name="Files">How many files the agent's edits changed since; <see cref="FileBefore.Since"/> says which.</param>
/// <param name="Commands">How many commands ended since; what they did is in no record.</param>
public sealed record RewindPoint(long Record, DateTimeOffset At, string Text, int Files, int Commands)
{
    /// <summary>All such messages, the last one first.</summary>
    public static IReadOnlyList<RewindPoint> Of(IReadOnlyList<Recorded> records)
    {
        var (points, touched, commands) = (new List<RewindPoint>(), new HashSet<string>(StringComparer.Ordinal), 0);
        for (var i = records.Count - 1; i >= 0; i--)
        {
            switch (records[i].Event)
            {
                case SnapshotTaken taken:
                    touched.Add(taken.Path);
                    break;
                case ToolReturned returned:
                    touched.UnionWith((returned.Files ?? []).Where(file => file.Written).Select(file => file.Path));
                    commands += returned.ExitCode is null ? 0 : 1;
                    break;
                case UserSpoke spoke:
                    points.Add(new(records[i].N, records[i].At, string.Join('\n', spoke.Parts.OfType<TextPart>().Select(part => part.Text)), touched.Count, commands));
                    break;
            }
        }

        return points;
    }
}
