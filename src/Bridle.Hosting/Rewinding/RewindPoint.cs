using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Hosting.Rewinding;

/// <summary>A message of the person that a session can go back to.</summary>
/// <param name="Record">The number of its record; what is before it stays.</param>
/// <param name="At">When it was said.</param>
/// <param name="Text">What was said, without images.</param>
/// <param name="Files">The files that the agent's edits changed since, as they were.</param>
public sealed record RewindPoint(long Record, DateTimeOffset At, string Text, IReadOnlyList<FileBefore> Files)
{
    /// <summary>The latest such messages, the last one first.</summary>
    public static IReadOnlyList<RewindPoint> Of(IReadOnlyList<Recorded> records, int most) =>
        [.. records.Where(record => record.Event is UserSpoke).Reverse().Take(most).Select(record => new RewindPoint(
            record.N, record.At, string.Join('\n', ((UserSpoke)record.Event).Parts.OfType<TextPart>().Select(part => part.Text)), FileBefore.Since(records, record.N)))];
}
