using Bridle.Events;
using Bridle.Journal;

namespace Bridle.Hooks;

/// <summary>The title that hooks give a session.</summary>
internal static class HookTitle
{
    /// <summary>Writes it down where there is one and it is another than before.</summary>
    public static async ValueTask RecordAsync(
        string? title, Transcript transcript, Func<DurableEvent, Durability, CancellationToken, ValueTask> recordAsync, CancellationToken cancellationToken)
    {
        if (title is not null && title != transcript.Title)
        {
            await recordAsync(new SessionTitled(title, "hook"), Durability.Written, cancellationToken);
        }
    }
}
