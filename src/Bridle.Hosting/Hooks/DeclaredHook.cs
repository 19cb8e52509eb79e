using System.Text.Json;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Hooks;

/// <summary>What kind of thing a hook calls.</summary>
public enum HookType
{
    /// <summary>A program.</summary>
    Command,

    /// <summary>An address.</summary>
    Http,

    /// <summary>The model.</summary>
    Prompt,
}

/// <summary>A file, or text on the command line, that declares hooks.</summary>
/// <param name="Origin">Its layer.</param>
/// <param name="Path">The file.</param>
/// <param name="Hooks">The value of its key <c>hooks</c>; null when the file cannot be used.</param>
/// <param name="Error">Why it cannot be used, or null.</param>
public sealed record HookFile(SettingsOrigin Origin, string Path, JsonElement? Hooks, string? Error = null)
{
    /// <summary>It came with the project, from whoever wrote that.</summary>
    public bool IsOfProject => Origin is SettingsOrigin.Project or SettingsOrigin.ProjectLocal;
}

/// <summary>One hook as a file declares it.</summary>
/// <param name="Event">What it hears of.</param>
/// <param name="File">Where it stands.</param>
/// <param name="Place">Where in the file, such as <c>PreToolUse[0].hooks[1]</c>.</param>
/// <param name="Type">What it calls.</param>
public sealed record DeclaredHook(HookEvent Event, HookFile File, string Place, HookType Type)
{
    /// <summary>What the event's subject must look like.</summary>
    public required HookMatcher Matcher { get; init; }

    /// <summary>The event's name as the file has it where that is OpenHarness', such as <c>pre_tool_use</c>: then the hook hears of it in that harness' words. Null for all others.</summary>
    public string? OpenHarnessEvent { get; init; }

    /// <summary>A permission rule that the call must fit, or null.</summary>
    public string? If { get; init; }

    /// <summary>How long it may take.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Whether a failure counts as a no.</summary>
    public bool BlocksOnFailure { get; init; }

    /// <summary>Why it cannot be called at all, which counts as a failure; null for one that can.</summary>
    public string? Broken { get; init; }

    /// <summary>Said to the person while it runs, or null.</summary>
    public string? StatusMessage { get; init; }

    /// <summary>Nobody waits for it; only what it tells counts.</summary>
    public bool IsAsync { get; init; }

    /// <summary>Shell text, or the program when <see cref="Arguments"/> are given.</summary>
    public string? Command { get; init; }

    /// <summary>The arguments of the exec form; null for the shell form.</summary>
    public IReadOnlyList<string>? Arguments { get; init; }

    /// <summary>The shell of the shell form.</summary>
    public string Shell { get; init; } = "sh";

    /// <summary>The address of an http hook.</summary>
    public Uri? Url { get; init; }

    /// <summary>Its headers, before variables are put in.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables that may be put into headers.</summary>
    public IReadOnlyList<string> AllowedEnvVars { get; init; } = [];

    /// <summary>The question of a prompt hook; <c>$ARGUMENTS</c> stands for the event.</summary>
    public string? Prompt { get; init; }

    /// <summary>Whether a no of a prompt hook is told to the model, which goes on; else it ends the turn.</summary>
    public bool ContinuesOnBlock { get; init; }

    /// <summary>What the hook itself says of that, or null: an approval of one that says nothing holds on.</summary>
    public bool? SaysContinueOnBlock { get; init; }

    /// <summary>The model to ask, or null for the session's.</summary>
    public string? Model { get; init; }

    /// <summary>What it calls, in one line for people.</summary>
    public string Summary => Broken is not null ? "(cannot be used)" : Type switch
    {
        HookType.Command => Arguments is null ? Command! : string.Join(' ', [Command!, .. Arguments]),
        HookType.Http => $"POST {Url}",
        _ => $"asks the model: {Prompt}",
    };

    /// <summary>Names it in the log.</summary>
    public string Name => $"{(Summary.Length > 80 ? Summary[..79] + "…" : Summary)} ({File.Path}, {Place})";

    /// <summary>The same for two hooks that do the same and hear it in the same words, so that one of them is enough.</summary>
    internal string SameAs => $"{Identity}\n{OpenHarnessEvent}";

    /// <summary>The same for two hooks that do the same, wherever they stand. An approval is bound to it.</summary>
    public string Identity => string.Join('\n', Event.Name, Matcher.Text, Type, If, Command, string.Join('\0', Arguments ?? []), Arguments is null, Shell, Url,
        string.Join('\0', Headers.Select(header => $"{header.Key}: {header.Value}")), Prompt, Model, IsAsync, BlocksOnFailure, Timeout, Broken) + (SaysContinueOnBlock is { } said ? $"\ncontinueOnBlock {said}" : "");
}
