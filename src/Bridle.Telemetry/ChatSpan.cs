using System.Diagnostics;
using Bridle.Events;

namespace Bridle.Telemetry;

/// <summary>A request that is under way.</summary>
internal sealed class ChatSpan(Activity? span, ModelRequested request, DateTimeOffset at)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    public Activity? Span => span;

    public ModelRequested Request => request;

    public DateTimeOffset At => at;

    /// <summary>When the first piece of the reply came, counted from the request; null when none came by itself.</summary>
    public TimeSpan? FirstPiece { get; private set; }

    public void Piece() => FirstPiece ??= Stopwatch.GetElapsedTime(_begun);
}
