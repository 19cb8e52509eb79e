using System.Text.Json.Serialization;
using Bridle.Messages;

namespace Bridle.Events;

/// <summary>How a run ended.</summary>
[JsonConverter(typeof(SnakeCaseEnum<TurnOutcome>))]
public enum TurnOutcome
{
    /// <summary>The model gave its answer.</summary>
    Completed,

    /// <summary>The answer was cut by the output limit, also after being asked to go on.</summary>
    Truncated,

    /// <summary>A budget was used up; the last reply is the best answer so far.</summary>
    LimitReached,

    /// <summary>The model repeated the same call and was stopped.</summary>
    Stuck,

    /// <summary>The model or its vendor refused.</summary>
    Refused,

    /// <summary>The model could not be reached or failed for good.</summary>
    ModelFailed,

    /// <summary>The run waits for an approval or an answer that nobody gave yet.</summary>
    Waiting,

    /// <summary>A hook ended it.</summary>
    Stopped,

    /// <summary>A person interrupted it.</summary>
    Interrupted,

    /// <summary>The process ended while it ran; found on resume.</summary>
    Crashed,

    /// <summary>The model gave its answer, but not everything that was demanded is there; or what must not change cannot be watched, and nobody was asked.</summary>
    NotAccepted,

    /// <summary>The model gave its answer, but a sensor that blocks still found something wrong after as many rounds as it is given.</summary>
    SensorRed,

    /// <summary>Another program changed the session's file while it ran; nothing of it was written after that. Never in a log.</summary>
    LogChanged,
}
