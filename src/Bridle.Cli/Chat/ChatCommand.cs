namespace Bridle.Cli.Chat;

/// <summary>
/// Something that a person may type that is not for the model. A row of the table that <c>/help</c>, completion and the picker read, so that none of them can lag behind.
/// </summary>
/// <param name="Name">What is typed, with its slash; of two words where a command has several parts, such as <c>/session resume</c>.</param>
/// <param name="Arguments">What follows, as help shows it; empty for nothing.</param>
/// <param name="Description">What it does, in one line.</param>
/// <param name="RunAsync">Carries it out on what follows the name (null for nothing), and gives the turn that follows from it, if one does.</param>
internal sealed record ChatCommand(string Name, string Arguments, string Description, Func<string?, CancellationToken, Task<NextTurn?>> RunAsync)
{
    /// <summary>Name and arguments.</summary>
    public string Usage => Arguments.Length > 0 ? $"{Name} {Arguments}" : Name;

    /// <summary>Other words for the same; help does not list them as rows.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>Whether it works also while no session is open, because the last one could not be opened again.</summary>
    public bool WorksWhenClosed { get; init; }

    /// <summary>Whether it does something with the session's file, so that there must be one where the session has one.</summary>
    public bool NeedsFile { get; init; }

    /// <summary>Whole arguments that what was typed of one may become, the likeliest first; empty where nothing can be known. Reads files at most; never throws and never waits for a network.</summary>
    public Func<string, IReadOnlyList<string>> Complete { get; init; } = _ => [];
}

/// <summary>A turn that a command asks for.</summary>
/// <param name="Text">The message; null to go on with the conversation as it stands.</param>
internal sealed record NextTurn(string? Text);
