using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Tools;

namespace Bridle.Hooks;

/// <summary>Something that hears of one kind of event and may answer. Hooks live in the program; commands, prompts and HTTP calls come as hooks of this kind, too.</summary>
/// <param name="Name">Names it in the log and to people.</param>
/// <param name="Event">The event it hears of, such as <see cref="HookEvents.PreToolUse"/>.</param>
/// <param name="RunAsync">Answers. Called concurrently with the other hooks of the event, and for parallel calls.</param>
public sealed record Hook(string Name, string Event, Func<HookOccasion, CancellationToken, ValueTask<HookAnswer>> RunAsync)
{
    /// <summary>Which occasions it hears of; all of its event unless set.</summary>
    public Func<HookOccasion, bool> Matches { get; init; } = _ => true;

    /// <summary>Whether a hook that throws says no. A guard that cannot answer must not wave things through, so yes unless set.</summary>
    public bool FailClosed { get; init; } = true;
}

/// <summary>What hooks hear of.</summary>
/// <param name="Event">The event.</param>
public sealed record HookOccasion(string Event)
{
    /// <summary>What a matcher looks at: a tool's name, where a session comes from, a kind of notification. Null when the event has none.</summary>
    public string? Subject { get; init; }

    /// <summary>The bound call, for events about calls.</summary>
    public ToolInvocation? Invocation { get; init; }

    /// <summary>What came of the call, for events after it.</summary>
    public ToolResult? Result { get; init; }

    /// <summary>The calls of one reply with what came of them, for the event about all of them.</summary>
    public IReadOnlyList<HookedCall> Calls { get; init; } = [];

    /// <summary>How a hook asks a model, in the name and within the limits of the run; null outside of runs, where what it spends is the session's.</summary>
    public AskingBeside? Beside { get; init; }

    /// <summary>What else there is to know, by field name in snake_case. Not changed once hooks hear of it.</summary>
    public JsonObject Facts { get; init; } = [];

    /// <summary>Names what the answer is good for: the exact input of the call, or the facts.</summary>
    public string InputHash => Invocation is { Tool: { } tool, Input: { } input }
        ? Tools.InputHash.Of(tool.Definition.Name, input.Json)
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Event}\n{Facts.ToJsonString()}{string.Concat(Calls.Select(call => $"\n{call.Id.Value}"))}")));
}

/// <summary>One call of a reply, as it was made and answered.</summary>
/// <param name="Id">The call.</param>
/// <param name="Tool">The tool, by its own name where there is one.</param>
/// <param name="Arguments">What it ran with, after hooks and people changed it; as the model wrote it where it was never bound to a tool.</param>
/// <param name="WorkingDirectory">Where it began.</param>
/// <param name="Result">What came of it.</param>
public sealed record HookedCall(CallId Id, string Tool, string Arguments, string WorkingDirectory, ToolResult Result);

/// <summary>Something that happened beside the turn, such as a changed file, which hooks hear of at the next step.</summary>
/// <param name="Occasion">What happened.</param>
public sealed record HookNews(HookOccasion Occasion)
{
    /// <summary>Hears what the hooks said. Must not throw.</summary>
    public Action<HookAnswers> Heard { get; init; } = _ => { };
}

/// <summary>What a hook says. What it means depends on the event; see the members.</summary>
/// <param name="Verdict">
/// About a call: deny, ask for a person, or allow, which skips a question but never a deny. About a message: deny refuses it. At the end of a turn: deny lets
/// the model go on. After a call: deny tells the model the reason. After all calls of a reply: deny ends the turn. About a call that was refused: allow tells the model that it may
/// try again. About another model: deny keeps the present one, ask asks a person. About a change: deny leaves it without effect where that can be. Null is no opinion.
/// </param>
/// <param name="Reason">In words for the model and the person.</param>
/// <param name="UpdatedInput">The whole input as it should be, as JSON text; bound and judged again. Null leaves it.</param>
public sealed record HookAnswer(Verdict? Verdict = null, string? Reason = null, string? UpdatedInput = null)
{
    /// <summary>No opinion.</summary>
    public static HookAnswer None { get; } = new();

    /// <summary>Told to the model as a note, or null.</summary>
    public string? Context { get; init; }

    /// <summary>Ends the turn, with the reason for the person, or null.</summary>
    public string? StopReason { get; init; }

    /// <summary>Replaces what the model sees of a result, or null.</summary>
    public string? UpdatedOutput { get; init; }

    /// <summary>What the session is called in lists from here on, in one line, or null. Of the start of a session and of a message.</summary>
    public string? SessionTitle { get; init; }

    /// <summary>What the model is to be told first in a new session without a person at it, as if they had said it; or null. Of the start of a session.</summary>
    public string? FirstMessage { get; init; }

    /// <summary>Skills are to be looked for once more, because the hook made some. Of the start of a session.</summary>
    public bool ReloadsSkills { get; init; }

    /// <summary>The message that is refused is not repeated where the refusal is told. Of a message.</summary>
    public bool HidesMessage { get; init; }

    /// <summary>Rules that hold for the rest of the session, when a person's question is answered with yes.</summary>
    public IReadOnlyList<(string Rule, Verdict Verdict)> Rules { get; init; } = [];

    /// <summary>The mode that holds from here on, when a person's question is answered with yes; null leaves it.</summary>
    public string? Mode { get; init; }

    /// <summary>The blobs of those of its texts that were too long to be told whole; the model may read them.</summary>
    public IReadOnlyList<string> Spills { get; init; } = [];
}

/// <summary>What a hook that nobody waited for says to the model.</summary>
/// <param name="Text">The words.</param>
/// <param name="Spills">As in <see cref="HookAnswer.Spills"/>.</param>
public sealed record HookNote(string Text, IReadOnlyList<string> Spills);
