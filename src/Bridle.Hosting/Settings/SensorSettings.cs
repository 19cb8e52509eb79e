namespace Bridle.Hosting.Settings;

/// <summary>The key <c>sensors</c> of a settings file: what looks at the work and says whether it is done.</summary>
public sealed record SensorSettings
{
    /// <summary>Whether ready-made sensors look that fit what is in the folder; only in a trusted one. Off unless this is true; <c>bridle sensors list</c> shows them.</summary>
    public bool? Detect { get; init; }

    /// <summary>What happens to the fixes that sensors offer: <c>off</c>, <c>ask</c> (as if the model made the edit; unless given) or <c>auto</c> (safe ones without a question).</summary>
    public string? AutoFix { get; init; }

    /// <summary>How often in a turn red sensors send the model back to work before the turn ends as <c>sensor_red</c>; 3 unless given.</summary>
    public int? Rounds { get; init; }

    /// <summary>Sensors by name. What is said of the name of a ready-made one changes that one.</summary>
    public IReadOnlyDictionary<string, SensorDefinition>? Define { get; init; }
}

/// <summary>One sensor in a settings file: a command, or a question to a model.</summary>
public sealed record SensorDefinition
{
    /// <summary>The command line; <c>{files}</c> stands for the changed files. Runs in the workspace root, through the gate and the sandbox.</summary>
    public string? Command { get; init; }

    /// <summary>In place of a command: what a model judges about the changed files.</summary>
    public string? Prompt { get; init; }

    /// <summary>When it looks: <c>edit</c>, <c>turn</c>, <c>commit</c>, <c>continuous</c>; <c>turn</c> unless given.</summary>
    public IReadOnlyList<string>? When { get; init; }

    /// <summary>Patterns of the changed files that concern it, such as <c>**/*.cs</c>; every file unless given.</summary>
    public IReadOnlyList<string>? Files { get; init; }

    /// <summary>How its output is read: the name of a matcher, such as <c>$msbuild</c>, or a regular expression with groups named <c>message</c>, <c>file</c>, <c>line</c>, <c>column</c>, <c>severity</c>, <c>code</c>.</summary>
    public string? Matcher { get; init; }

    /// <summary>The most that what it finds counts as: <c>block</c> (unless given), <c>warn</c> or <c>hint</c>.</summary>
    public string? Severity { get; init; }

    /// <summary>Seconds after which its command is ended, at most 600; 300 unless given.</summary>
    public int? Timeout { get; init; }

    /// <summary>A command that puts right what it finds, such as a formatter; <c>{files}</c> stands for the changed files.</summary>
    public string? Fix { get; init; }

    /// <summary>How to put right what it finds, said to the model with every signal.</summary>
    public string? Advice { get; init; }

    /// <summary>Whether it looks at all; it does unless this is false.</summary>
    public bool? Enabled { get; init; }
}

/// <summary>One language server in a settings file, whose diagnostics are heard as a sensor's signals.</summary>
public sealed record LanguageServerSettings
{
    /// <summary>The program, such as <c>clangd</c>. It runs in the workspace root and in the session's sandbox.</summary>
    public string? Command { get; init; }

    /// <summary>Its arguments.</summary>
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>The endings of the files that it is shown, each with the language server protocol's name of their language: <c>".ts": "typescript"</c>.</summary>
    public IReadOnlyDictionary<string, string>? Extensions { get; init; }

    /// <summary>When it is asked: <c>edit</c>, <c>turn</c>, <c>continuous</c>; <c>edit</c> unless given.</summary>
    public IReadOnlyList<string>? When { get; init; }

    /// <summary>The most that what it finds counts as: <c>block</c> (unless given), <c>warn</c> or <c>hint</c>.</summary>
    public string? Severity { get; init; }
}
