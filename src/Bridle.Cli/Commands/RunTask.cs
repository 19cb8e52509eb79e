using Bridle.Cli.Output;
using Bridle.Hosting;
using Bridle.Sessions;

namespace Bridle.Cli.Commands;

/// <summary>What a run is asked, and who follows it.</summary>
/// <param name="Text">The message; null goes on with the session as it stands.</param>
internal sealed record RunTask(string? Text)
{
    /// <summary>Whether a person typed it, so that a first word with a slash is meant for a command.</summary>
    public bool IsTyped { get; init; }

    /// <summary>The message's id: the session hears it once, however often it is sent. Null for one of its own.</summary>
    public string? MessageId { get; init; }

    /// <summary>Called once the session is open and before anything is asked; gives why nothing may be asked, or null.</summary>
    public Func<Harness, Failure?> Begun { get; init; } = _ => null;

    /// <summary>Called with what came of it.</summary>
    public Action<TurnResult> Ended { get; init; } = _ => { };

    /// <summary>The command line that goes on from here, where that is another one than for every run.</summary>
    public string? GoOn { get; init; }
}
