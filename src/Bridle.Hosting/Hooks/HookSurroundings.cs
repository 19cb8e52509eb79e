using Bridle.Models;
using Bridle.Hooks;
using Bridle.Permissions;
using Bridle.Workspaces;

namespace Bridle.Hosting.Hooks;

/// <summary>What hooks run in and are told about their session.</summary>
public sealed record HookSurroundings
{
    /// <summary>The session's name.</summary>
    public required string Session { get; init; }

    /// <summary>The session's file, or null when it lives in memory.</summary>
    public string? Transcript { get; init; }

    /// <summary>The folder of the project.</summary>
    public required string Root { get; init; }

    /// <summary>The permissions in force.</summary>
    public required PermissionsInForce Permissions { get; init; }

    /// <summary>The door to processes: hooks run as the person does, outside any confinement.</summary>
    public required IProcesses Processes { get; init; }

    /// <summary>The door for a project's hooks that run what is in the folder, confined as commands are that nobody was asked about; null where commands are not confined.</summary>
    public Func<IProcesses>? Confined { get; init; }

    /// <summary>Variables that commands get beside those of the door.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The value of one of our own variables, for headers.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Asks a model (null: the session's) a question, in the name of a run or, with null, of the session, and gives its answer. Null when there is no model.</summary>
    public Func<string, string?, AskingBeside?, CancellationToken, ValueTask<string>>? AskModel { get; init; }

    /// <summary>Tells the person something. Must not throw.</summary>
    public Action<string> Notify { get; set; } = _ => { };

    /// <summary>Tells the person something when the session has ended. Must not throw.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>When it is cancelled, nobody waits for hooks that go on by themselves when the session ends.</summary>
    public CancellationToken Hurry { get; init; }

    /// <summary>The folder in which each command gets a file to leave variables for later Bash calls in, closed to tools and to what they start; or null. It need not exist yet.</summary>
    public string? EnvFolder { get; init; }

    /// <summary>Takes up the variables that a command left in this file.</summary>
    public Func<string, CancellationToken, Task> TakeVariables { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Watches more files, by absolute path. Must not throw.</summary>
    public Action<IReadOnlyList<string>> Watch { get; set; } = _ => { };

    /// <summary>Keeps a long text, for the model too or for the person alone; null cuts it.</summary>
    public Func<string, bool, SpilledText?> Spill { get; init; } = (_, _) => null;

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A long text that is kept beside the log.</summary>
/// <param name="Hash">The blob.</param>
/// <param name="Place">Its file, or null where blobs are no files.</param>
public sealed record SpilledText(string Hash, string? Place);

/// <summary>What one call of a hook came to, before it is understood.</summary>
/// <param name="ExitCode">Of a program; the status of an address; null when there is none.</param>
/// <param name="Output">Standard output, or the body, or the model's words.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Failure">Why it did not come to an end, in words, or null.</param>
public sealed record HookRun(int? ExitCode, string Output, string Error, string? Failure = null)
{
    /// <summary>What comes of it later, where it said that nobody need wait for its end; else null.</summary>
    public Task<HookRun>? Rest { get; init; }

    /// <summary>Its model was not asked, because a limit of money or tokens leaves no room for it.</summary>
    public bool IsUnasked { get; init; }

    /// <summary>What it was given.</summary>
    public string Input { get; init; } = "";

    /// <summary>It ran what is in the folder, where commands can change it.</summary>
    public bool IsOpen { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Took { get; init; }
}
