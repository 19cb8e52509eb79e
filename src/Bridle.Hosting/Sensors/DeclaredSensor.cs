using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Settings;
using Bridle.Sensors;
using Bridle.Tools.Search;

namespace Bridle.Hosting.Sensors;

/// <summary>A sensor as settings or the folder's files declare it, with what becomes of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Written">What was written of it, all layers together.</param>
/// <param name="From">Where it comes from: files, or what of the folder it was made for.</param>
public sealed record DeclaredSensor(string Name, SensorDefinition Written, string From)
{
    /// <summary>The values of <c>when</c>.</summary>
    public static readonly string[] Moments = ["edit", "turn", "commit", "continuous"];

    /// <summary>The values of <c>when</c> of a language server.</summary>
    public static readonly string[] ServerMoments = ["edit", "turn", "continuous"];

    /// <summary>The values of <c>severity</c>.</summary>
    public static readonly string[] Severities = ["block", "warn", "hint"];

    /// <summary>The values of <c>autoFix</c>.</summary>
    public static readonly string[] AutoFixes = ["off", "ask", "auto"];

    private const int DefaultSeconds = 300;

    /// <summary>Why it does not look, or null.</summary>
    public string? WhyNot { get; init; }

    /// <summary>Whether a file of the project had a part in it.</summary>
    public bool IsOfProject { get; init; }

    /// <summary>Whether it comes with the program.</summary>
    public bool IsReadyMade { get; init; }

    /// <summary>The folder of the workspace in which its commands run, by its path from the root; empty for the root.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Whether nothing but a setting keeps it from looking: by hand it may.</summary>
    public bool IsOnlyOff { get; init; }

    /// <summary>The language server that it asks, or null.</summary>
    public LanguageServerSettings? Server { get; init; }

    /// <summary>Its command, or null.</summary>
    public string? Command => Written.Command;

    /// <summary>Its question to a model, or null.</summary>
    public string? Prompt => Written.Prompt;

    /// <summary>Its fix, or null.</summary>
    public string? Fix => Written.Fix;

    /// <summary>How its output is read.</summary>
    public string Matcher => Written.Matcher ?? Matchers.For(Written.Command ?? "");

    /// <summary>When its command is ended.</summary>
    public int Seconds => Math.Min(Written.Timeout ?? DefaultSeconds, 600);

    /// <summary>When it looks.</summary>
    public SensorStages When => (Written.When ?? ["turn"]).Aggregate(SensorStages.None, (all, one) => all | one switch
    {
        "edit" => SensorStages.Edit,
        "turn" => SensorStages.Turn,
        "commit" => SensorStages.Commit,
        "continuous" => SensorStages.Continuous,
        _ => SensorStages.None,
    });

    /// <summary>The most that what it finds counts as.</summary>
    public SignalSeverity Most => Written.Severity switch { "warn" => SignalSeverity.Warn, "hint" => SignalSeverity.Hint, _ => SignalSeverity.Block };

    /// <summary>All that decides what it runs: what an approval is bound to.</summary>
    public string Content => $"{Name}\n{(Server is { } server ? JsonSerializer.Serialize(server, SettingsJson.Default.LanguageServerSettings) : JsonSerializer.Serialize(Written, SettingsJson.Default.SensorDefinition))}";

    /// <summary>Whether a file, by its path from the root, concerns it.</summary>
    public Func<string, bool> Concerns
    {
        get
        {
            var patterns = (Written.Files ?? []).Select(pattern => GlobPattern.Parse(pattern, out _)).OfType<GlobPattern>().ToList();
            return Written.Files is null ? _ => true : file => patterns.Any(pattern => pattern.IsMatch(file));
        }
    }

    /// <summary>The same for a project in a folder of the workspace.</summary>
    internal DeclaredSensor In(string folder) => this with
    {
        Folder = folder, From = $"{folder}/{From}", Written = Written with { Files = Written.Files is null ? null : [.. Written.Files.Select(pattern => $"{folder}/{pattern}")] },
    };

    /// <summary>What another layer says beside this: what it is silent about stays.</summary>
    internal static SensorDefinition Over(SensorDefinition stronger, SensorDefinition weaker) => new()
    {
        Command = stronger.Command ?? (stronger.Prompt is null ? weaker.Command : null), Prompt = stronger.Prompt ?? (stronger.Command is null ? weaker.Prompt : null),
        When = stronger.When ?? weaker.When, Files = stronger.Files ?? weaker.Files, Matcher = stronger.Matcher ?? (stronger.Command is null ? weaker.Matcher : null), Severity = stronger.Severity ?? weaker.Severity,
        Timeout = stronger.Timeout ?? weaker.Timeout, Fix = stronger.Fix ?? weaker.Fix, Advice = stronger.Advice ?? weaker.Advice, Enabled = stronger.Enabled ?? weaker.Enabled,
    };
}
