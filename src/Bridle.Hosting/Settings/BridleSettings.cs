using System.Text.Json;
using System.Text.Json.Serialization;
using Bridle.Models;

namespace Bridle.Hosting.Settings;

/// <summary>What a settings file may say. Every property is optional; null means that the file is silent about it.</summary>
public sealed record BridleSettings
{
    /// <summary>The address of a JSON Schema for editors; without effect.</summary>
    [JsonPropertyName("$schema")]
    public string? Schema { get; init; }

    /// <summary>The model as <c>provider/model</c>, or a bare name for the current provider.</summary>
    public string? Model { get; init; }

    /// <summary>Models that answer the rest of a turn when the first is overloaded, cannot be reached or refuses too many requests, in their order.</summary>
    public IReadOnlyList<string>? FallbackModel { get; init; }

    /// <summary>Models for one purpose each; where none is named, the session's own serves.</summary>
    public RoleSettings? Roles { get; init; }

    /// <summary>Replaces the built-in system prompt.</summary>
    public string? SystemPrompt { get; init; }

    /// <summary>Providers by name: new ones, or changes to the known ones.</summary>
    public IReadOnlyDictionary<string, ProviderSettings>? Providers { get; init; }

    /// <summary>Rules and the mode a session starts in. ReIN's list of tool and decision is read as well.</summary>
    [JsonConverter(typeof(PermissionSettingsConverter))]
    public PermissionSettings? Permissions { get; init; }

    /// <summary>OpenHarness' permissions: <c>mode</c>, <c>allowed_tools</c>, <c>denied_tools</c>, <c>path_rules</c>, <c>denied_commands</c>. They become rules.</summary>
    public JsonElement? Permission { get; init; }

    /// <summary>ReIN's spelling of <c>permissions.defaultMode</c>.</summary>
    public string? PermissionMode { get; init; }

    /// <summary>How many replies one turn may ask for.</summary>
    public int? MaxSteps { get; init; }

    /// <summary>US dollars that one turn may cost.</summary>
    public decimal? MaxCost { get; init; }

    /// <summary>US dollars that one session may cost.</summary>
    public decimal? MaxSessionCost { get; init; }

    /// <summary>US dollars that all your sessions may cost on one day.</summary>
    public decimal? MaxDayCost { get; init; }

    /// <summary>US dollars that all your sessions may cost in one month.</summary>
    public decimal? MaxMonthCost { get; init; }

    /// <summary>What happens at those three limits: <c>stop</c>, or <c>ask</c> where somebody is there. <c>stop</c> unless given.</summary>
    public string? WhenSpent { get; init; }

    /// <summary>Seconds that one turn may take.</summary>
    public double? MaxTime { get; init; }

    /// <summary>The most tokens one reply may have.</summary>
    public int? MaxTokens { get; init; }

    /// <summary><c>auto</c>, <c>native</c> or <c>prompted</c>: how tools are offered to the model.</summary>
    public string? Tools { get; init; }

    /// <summary>Which files with instructions are read where a folder has both: <c>both</c> unless given, <c>agents-first</c>, <c>claude-first</c> or <c>none</c>.</summary>
    public string? InstructionFiles { get; init; }

    /// <summary>Patterns of absolute paths of instruction files that are not read, such as <c>/home/ann/work/**/CLAUDE.md</c>.</summary>
    public IReadOnlyList<string>? InstructionExcludes { get; init; }

    /// <summary>Claude's name of <c>instructionExcludes</c>.</summary>
    public IReadOnlyList<string>? ClaudeMdExcludes { get; init; }

    /// <summary>What the model is told when it fits: a list of <c>{"name", "text" | "file" | "command" | "prompt", "when", "at", "maxTokens"}</c>; <c>docs/context.md</c> says what each means.</summary>
    public JsonElement? Guides { get; init; }

    /// <summary>With more tools than this, requests show only the core and two tools that find and call the others; 40 unless given.</summary>
    public int? ToolSearchOver { get; init; }

    /// <summary>What becomes of a skill, by its name: <c>on</c>, <c>name-only</c> (listed without its description), <c>user-invocable-only</c> (for people only) or <c>off</c>.</summary>
    public IReadOnlyDictionary<string, string>? SkillOverrides { get; init; }

    /// <summary>The tokens that the list of skills may take at the start of a conversation, 0 to 50000; 4000 unless given. Descriptions are cut before a name is left out; 0 tells no list.</summary>
    public int? SkillListTokens { get; init; }

    /// <summary>Whether a long conversation is made shorter by itself; it is unless this is false. A vendor's refusal of a request that is too long is answered all the same.</summary>
    public bool? AutoCompactEnabled { get; init; }

    /// <summary>The share of the model's window at which that begins, 0.3 to 0.95; 0.75 unless given. It comes down to 0.2 below it.</summary>
    public double? AutoCompactAt { get; init; }

    /// <summary>Who writes the summary when one is needed: <c>code</c>, which costs nothing, or <c>model</c>.</summary>
    public string? CompactSummary { get; init; }

    /// <summary>Whether a second read of an unchanged file, whose text the model still sees, is answered by naming the first; it is unless this is false. A third comes whole.</summary>
    public bool? PointToEarlierReads { get; init; }

    /// <summary>Whether notes are kept for later sessions, and shown to them; they are unless this is false.</summary>
    public bool? AutoMemoryEnabled { get; init; }

    /// <summary>How notes are stored: <c>markdown</c>, a file each, unless given, or <c>jsonl</c>, a line each.</summary>
    public string? MemoryStore { get; init; }

    /// <summary>The most bytes that the index of notes takes at the start of a conversation; 25000 unless given. ListMemory has what does not fit.</summary>
    public int? MemoryIndexBytes { get; init; }

    /// <summary>What must hold before a turn counts as done: a list of <c>{"file", "contains"}</c>, <c>{"command", "exitCode", "timeout"}</c> and <c>{"judge"}</c>.</summary>
    public JsonElement? Acceptance { get; init; }

    /// <summary>How often what is still open of that goes back to the model before the turn ends as not accepted; 3 unless given.</summary>
    public int? AcceptanceRounds { get; init; }

    /// <summary>Files that no turn may change, as patterns of permission rules: the tests and contracts that the work is judged by.</summary>
    public IReadOnlyList<string>? SealedFiles { get; init; }

    /// <summary>Whether earlier runs in the same project that were like the task are shown to the model; they are not unless this is true.</summary>
    public bool? ExperienceEnabled { get; init; }

    /// <summary>Whether, after work of at least ten calls, a model looks back at it and keeps notes for later sessions; it costs up to six replies, and is not done unless this is true.</summary>
    public bool? LearningReview { get; init; }

    /// <summary>The search engine behind WebSearch.</summary>
    public WebSearchSettings? WebSearch { get; init; }

    /// <summary>The search over past sessions.</summary>
    public RecallSettings? Recall { get; init; }

    /// <summary>US dollars for a million tokens by <c>provider/model</c>, before the built-in prices; <c>default</c> is for what no price is known for.</summary>
    public IReadOnlyDictionary<string, Price>? Prices { get; init; }

    /// <summary>Variables for Bridle itself and for the commands it runs. An empty value unsets one.</summary>
    public IReadOnlyDictionary<string, string>? Env { get; init; }

    /// <summary>Programs, prompts and addresses that are called around events.</summary>
    public JsonElement? Hooks { get; init; }

    /// <summary>No hook of any file runs.</summary>
    public bool? DisableAllHooks { get; init; }

    /// <summary>Seconds that a question to a person waits for its answer; then it is a no. 300 unless given.</summary>
    public double? ApprovalTimeout { get; init; }

    /// <summary>The addresses that http hooks may be sent to; <c>*</c> stands for anything. A project's hooks go nowhere else.</summary>
    public IReadOnlyList<string>? AllowedHttpHookUrls { get; init; }

    /// <summary>The variables that headers of http hooks may hold.</summary>
    public IReadOnlyList<string>? HttpHookAllowedEnvVars { get; init; }

    /// <summary>What looks at the work and says whether it is done: builds, tests, linters, a model that judges.</summary>
    public SensorSettings? Sensors { get; init; }

    /// <summary>Language servers by name. Each is a sensor: it is shown files that were changed and says what is wrong in them.</summary>
    public IReadOnlyDictionary<string, LanguageServerSettings>? LanguageServers { get; init; }

    /// <summary>What confines the programs that the agent runs.</summary>
    public SandboxSettings? Sandbox { get; init; }

    /// <summary>Traces, figures and words for a collector of OpenTelemetry; off unless it is turned on.</summary>
    public TelemetrySettings? Telemetry { get; init; }

    /// <summary>Every new session of <c>run</c> and <c>chat</c> works in a git worktree of its own.</summary>
    public bool? Worktree { get; init; }

    /// <summary>A chat writes one line after another and moves nothing, for people who have the screen read to them.</summary>
    public bool? Plain { get; init; }

    /// <summary><c>off</c>, <c>bell</c> or <c>desktop</c>: how a chat says that it asks something, or that a long turn is over. <c>bell</c> unless given.</summary>
    public string? Notifications { get; init; }

    /// <summary>Days for which a session is kept that nobody uses; older ones are removed for good when a session begins. Kept for ever unless set.</summary>
    public int? KeepSessionDays { get; init; }

    /// <summary>Whether the settings files below <c>.claude</c> are read as well; they are unless this is false.</summary>
    public bool? ReadClaudeSettings { get; init; }

    /// <summary>Only the administrator's hooks run. Counts in managed settings only.</summary>
    public bool? AllowManagedHooksOnly { get; init; }

    /// <summary>Only the administrator's rules allow anything; denials and questions of all files still count. Counts in managed settings only.</summary>
    public bool? AllowManagedPermissionRulesOnly { get; init; }

    /// <summary>Plugins that must not be used, by name: those of all files together. There are no plugins yet; what is blocked is kept and shown.</summary>
    public IReadOnlyList<string>? BlockedPlugins { get; init; }

    /// <summary>ReIN's spelling of <c>permissions.disableBypassPermissionsMode</c>.</summary>
    public bool? DisableDangerouslySkipPermissions { get; init; }

    /// <summary>ReIN's spelling of <c>providers.anthropic.apiKey</c>.</summary>
    public string? ApiKey { get; init; }

    /// <summary>ReIN's spelling of <c>providers.anthropic.baseUrl</c>.</summary>
    public string? BaseUrl { get; init; }
}

/// <summary>Models for one purpose each, as <c>provider/model</c>.</summary>
public sealed record RoleSettings
{
    /// <summary>Writes the summary when a conversation is made shorter; naming it is choosing <c>model</c> for <c>compactSummary</c>.</summary>
    public string? Compactor { get; init; }

    /// <summary>Answers prompt hooks that name no model.</summary>
    public string? Judge { get; init; }

    /// <summary>Answers turns that begin in plan mode.</summary>
    public string? Planner { get; init; }

    /// <summary>Answers guides that ask a model.</summary>
    public string? Guide { get; init; }

    /// <summary>Answers the rest of a turn when the conversation fills the window, before anything is made shorter.</summary>
    public string? Large { get; init; }

    /// <summary>Looks back at long work for <c>learningReview</c>; the session's model unless given.</summary>
    public string? Reviewer { get; init; }
}

/// <summary>One provider in a settings file.</summary>
public sealed record ProviderSettings
{
    /// <summary>The wire protocol: <c>openai</c>, <c>openai-responses</c>, <c>anthropic</c>, <c>gemini</c> or <c>ollama</c>.</summary>
    public string? Api { get; init; }

    /// <summary>Where it is served.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>The variable that holds its key.</summary>
    public string? KeyEnv { get; init; }

    /// <summary>The key itself; honoured in the person's own settings only.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A shell command that prints the key.</summary>
    public string? ApiKeyHelper { get; init; }

    /// <summary>HTTP headers beside the protocol's own.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>The model to use when none is named.</summary>
    public string? Model { get; init; }

    /// <summary>Tokens that input and output of its models may take together.</summary>
    public int? ContextWindow { get; init; }

    /// <summary>Tokens that one reply of its models may take.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary><c>auto</c>, <c>native</c> or <c>prompted</c> for its models.</summary>
    public string? Tools { get; init; }

    /// <summary>Lets its Gemini models search the web by the vendor's own search; the sources are listed under the answer.</summary>
    public bool? WebGrounding { get; init; }
}

/// <summary>What is sent to a collector. The <c>OTEL_</c> variables beat it.</summary>
public sealed record TelemetrySettings
{
    /// <summary>Turns it on.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Where the collector takes OTLP over HTTP; <c>http://localhost:4318</c> unless given.</summary>
    public string? Endpoint { get; init; }

    /// <summary>HTTP headers of each request, such as a key.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>Puts messages, arguments and results into it; they are left out otherwise.</summary>
    public bool? Content { get; init; }
}

/// <summary>Where to search the web.</summary>
public sealed record WebSearchSettings
{
    /// <summary>The address of an engine that answers as SearXNG does; it is asked first.</summary>
    public string? Url { get; init; }

    /// <summary>Engines that are read from their pages, asked in this order until one finds something: <c>duckduckgo</c>, <c>bing</c>.</summary>
    public IReadOnlyList<string>? Engines { get; init; }
}

/// <summary>How past sessions are searched.</summary>
public sealed record RecallSettings
{
    /// <summary>Whether the model may search the sessions of all projects; unless this is true, only those of the project that it works in.</summary>
    public bool? AllProjects { get; init; }

    /// <summary>The file of the SQLite library; the system's own unless given.</summary>
    public string? Sqlite { get; init; }

    /// <summary>A model that makes vectors, so that what means the same is found too. Messages of all sessions are sent there.</summary>
    public EmbeddingSettings? Embeddings { get; init; }
}

/// <summary>Where vectors are made.</summary>
public sealed record EmbeddingSettings
{
    /// <summary><c>openai</c> (also what most local servers speak; unless given) or <c>ollama</c>.</summary>
    public string? Api { get; init; }

    /// <summary>The server's address.</summary>
    public string? Url { get; init; }

    /// <summary>The name of the model there.</summary>
    public string? Model { get; init; }

    /// <summary>The variable that holds its key.</summary>
    public string? KeyEnv { get; init; }
}

/// <summary>Permission rules of one file.</summary>
public sealed record PermissionSettings
{
    /// <summary>Calls that run without asking.</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>Calls that a person decides about.</summary>
    public IReadOnlyList<string>? Ask { get; init; }

    /// <summary>Calls that never run.</summary>
    public IReadOnlyList<string>? Deny { get; init; }

    /// <summary>The mode a session starts in.</summary>
    public string? DefaultMode { get; init; }

    /// <summary>Folders beside the working folder whose files the agent may work on.</summary>
    public IReadOnlyList<string>? AdditionalDirectories { get; init; }

    /// <summary><c>disable</c>: the mode <c>bypass</c> cannot be chosen, whoever asks for it.</summary>
    public string? DisableBypassPermissionsMode { get; init; }

    /// <summary>Nothing outside the working folders is read, whatever a rule or a mode allows. True in any file counts.</summary>
    public bool? BlockReadsOutsideWorkingDirectories { get; init; }

    /// <summary>Nothing outside the working folders is written, whatever a rule or a mode allows. True in any file counts.</summary>
    public bool? BlockWritesOutsideWorkingDirectories { get; init; }

    /// <summary>What would be asked is refused. Counts in the person's, the command line's and the administrator's settings.</summary>
    public bool? DenyInsteadOfPrompting { get; init; }

    /// <summary>Paths of the table of sensitive paths that are asked about instead of refused, by path: <c>ask</c>.</summary>
    public IReadOnlyDictionary<string, string>? SensitivePaths { get; init; }

    /// <summary>Calls that show what a rule of this file means, by the rule. They are checked when the file is read; an allow rule that does not do what they say does not count.</summary>
    public IReadOnlyDictionary<string, RuleExamples>? Examples { get; init; }

    /// <summary>Entries of ReIN's list form that lack a tool or a usable decision, for the report.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Skipped { get; init; } = [];
}

/// <summary>Calls, as <c>bridle permissions explain</c> takes them.</summary>
public sealed record RuleExamples
{
    /// <summary>Calls that the rule speaks of.</summary>
    public IReadOnlyList<string>? Match { get; init; }

    /// <summary>Calls that it does not speak of.</summary>
    public IReadOnlyList<string>? NotMatch { get; init; }
}
