using Bridle.Events;

namespace Bridle.Hosting.Assembly;

/// <summary>Writes the outline of a session into the log of this run of the program: turns, calls by name, failures. What was said is in the session's own file and not here.</summary>
internal sealed class RunLog : IEventSink
{
    private readonly FaultLog _log;

    public RunLog(FaultLog log, OpenLog session, string model)
    {
        _log = log;
        log.Note($"bridle {BridleVersion.Text}, session {session.Name}, {model}, in {session.Root}");
    }

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        var line = sessionEvent is not Recorded recorded ? null : recorded.Event switch
        {
            RunStarted started => $"turn {recorded.Run.Value} began: {started.Model}, mode {started.Mode}",
            ToolStarted started => $"turn {recorded.Run.Value}: {started.Tool}",
            ModelFailed failed => $"turn {recorded.Run.Value}: the model failed ({failed.Kind}{(failed.Status is { } status ? $", {status}" : "")}): {failed.Message.ReplaceLineEndings(" ")}",
            RunFinished finished => $"turn {recorded.Run.Value} ended: {finished.Outcome}, {finished.Steps} steps{(finished.Error is { } error ? $": {error.ReplaceLineEndings(" ")}" : "")}",
            _ => null,
        };
        if (line is not null)
        {
            _log.Note(line);
        }

        return ValueTask.CompletedTask;
    }
}
