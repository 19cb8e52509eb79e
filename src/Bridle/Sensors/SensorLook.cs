using Bridle.Events;

namespace Bridle.Sensors;

/// <summary>What one look came to.</summary>
/// <param name="State">Green, red or failed.</param>
/// <param name="Note">In words, as the model is told.</param>
public sealed record SensorLooked(SensorState State, string Note);

/// <summary>Lets one sensor look outside of a turn: by hand, or because files changed.</summary>
public static class SensorLook
{
    /// <summary>What stands before what sensors say: it was printed by programs.</summary>
    public const string Data = Sensing.Data;

    /// <summary>Lets it look, writes that down, tries its fixes. Never throws but for cancellation and a broken log.</summary>
    public static async ValueTask<SensorLooked> TakeAsync(Sensor sensor, SensorMoment moment, AutoFix mode, CancellationToken cancellationToken)
    {
        var sight = await SensorSight.TakeAsync(sensor, moment, mode, cancellationToken);
        return new(sight.State, SignalText.Note(sensor, sight));
    }
}
