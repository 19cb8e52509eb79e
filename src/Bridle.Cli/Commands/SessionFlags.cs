using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Bridle.Hosting;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Sandboxes;
using Bridle.Hosting.Settings;
using Bridle.Models;

namespace Bridle.Cli.Commands;

/// <summary>The flags that say which session, which model, which limits and which permissions; the same for every command that runs turns.</summary>
/// <param name="seed">For the command line of llm-agent-harness, which names sessions in its own way.</param>
internal sealed class SessionFlags(bool seed = false)
{
    public Option<string?> Model { get; } = new("--model", "-m", "--model-name") { Description = "The model, as provider/model or a bare name", HelpName = "MODEL" };

    public Option<string?> FallbackModel { get; } = new("--fallback-model") { Description = "Models that answer when the first is overloaded or cannot be reached, separated by commas", HelpName = "MODELS" };

    public Option<string?> BaseUrl { get; } = new("--base-url") { Description = "Where the model is served", HelpName = "URL" };

    public Option<string?> Api { get; } = new("--api") { Description = $"The wire protocol: {string.Join(", ", ModelApis.Names)}", HelpName = "API" };

    public Option<bool> Local { get; } = new("--local") { Description = "Use a local OpenAI-compatible server (LOCAL_LLM_URL, LOCAL_LLM_MODEL)" };

    public Option<string?> LocalUrl { get; } = new("--local-url") { Description = "The local server's address", HelpName = "URL" };

    public Option<string?> LocalModel { get; } = new("--local-model") { Description = "The local server's model", HelpName = "NAME" };

    public Option<bool> NativeTools { get; } = new("--native-tools") { Description = "Offer tools through the protocol's own fields" };

    public Option<bool> PromptedTools { get; } = new("--prompted-tools") { Description = "Describe tools in the prompt, for models without tool calls" };

    public Option<bool> Stream { get; } = new("--stream", "-s") { Description = "Show and request the reply as it comes" };

    public Option<bool> NoStream { get; } = new("--no-stream") { Description = "Show and request the reply as a whole" };

    public Option<int?> MaxSteps { get; } = new("--max-steps") { Description = "Replies that a turn may ask for; 0 for no limit", HelpName = "N", CustomParser = GivenNumber.OrNone<int> };

    public Option<decimal?> MaxCost { get; } = new("--max-cost") { Description = "US dollars that a turn may cost", HelpName = "USD", CustomParser = GivenNumber.OrNone<decimal> };

    public Option<decimal?> MaxSessionCost { get; } = new("--max-session-cost") { Description = "US dollars that the session may cost", HelpName = "USD", CustomParser = GivenNumber.OrNone<decimal> };

    public Option<decimal?> MaxDayCost { get; } = new("--max-day-cost") { Description = "US dollars that all your sessions may cost today", HelpName = "USD", CustomParser = GivenNumber.OrNone<decimal> };

    public Option<decimal?> MaxMonthCost { get; } = new("--max-month-cost") { Description = "US dollars that all your sessions may cost this month", HelpName = "USD", CustomParser = GivenNumber.OrNone<decimal> };

    public Option<bool> AllowUnpriced { get; } = new("--allow-unpriced") { Description = "Go on with a cost limit though the model's price is unknown" };

    public Option<int?> MaxTokens { get; } = new("--max-tokens") { Description = "Tokens that one reply may have", HelpName = "N", CustomParser = GivenNumber.OrNone<int> };

    public Option<TimeSpan?> MaxTime { get; } = new("--max-time") { Description = "Time that a turn may take, such as 90s, 5m or 1h", HelpName = "TIME", CustomParser = ParseTime };

    public Option<string?> Mode { get; } = new("--mode") { Description = $"Permission mode: {string.Join(", ", ModeName.Names)}", HelpName = "MODE" };

    public Option<string?> Sandbox { get; } = new("--sandbox") { Description = "Confine commands: auto (when it works), required (or refuse to start) or off", HelpName = "HOW" };

    public Option<string?> Worktree { get; } = new("--worktree") { Description = "Work in a git worktree, which keeps changes apart and isolates nothing else; a name goes on in the one of that name", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };

    public Option<bool> Init { get; } = new("--init") { Description = "Run the Setup hooks of the project first, with the trigger init" };

    public Option<bool> Maintenance { get; } = new("--maintenance") { Description = "Run the Setup hooks of the project first, with the trigger maintenance" };

    public Option<string[]> Allow { get; } = new("--allow") { Description = "Let matching calls run, such as 'Bash(git status)'; may be repeated", HelpName = "RULE", Arity = new(1, 1_000) };

    public Option<string[]> Deny { get; } = new("--deny") { Description = "Keep matching calls from running; may be repeated", HelpName = "RULE", Arity = new(1, 1_000) };

    public Option<string[]> Accept { get; } = new("--accept") { Description = "A command that must succeed before a turn counts as done; may be repeated", HelpName = "COMMAND", Arity = new(1, 1_000) };

    public Option<string[]> AcceptFile { get; } = new("--accept-file") { Description = "A file that must be there and not empty before a turn counts as done; may be repeated", HelpName = "PATH", Arity = new(1, 1_000) };

    public Option<string[]> Seal { get; } = new("--seal") { Description = "Files that no turn may change, such as 'tests/**'; may be repeated", HelpName = "PATTERN", Arity = new(1, 1_000) };

    public Option<string?> Folder { get; } = new("--cwd", "--project-dir") { Description = "The folder to work in", HelpName = "FOLDER" };

    public Option<string?> Settings { get; } = SettingsFlags.Settings();

    public Option<string?> SettingSources { get; } = SettingsFlags.Sources();

    public Option<bool> Trust { get; } = SettingsFlags.Trust();

    public Option<string?> SystemPrompt { get; } = new("--system-prompt") { Description = "Replaces the built-in system prompt", HelpName = "TEXT" };

    public Option<string?> Session { get; } = new("--session") { Description = "The session to go on with or to make", HelpName = "NAME" };

    public Option<string?> Resume { get; } = new("--resume", "-r", "--resume-session")
    {
        Description = seed ? "The session to go on with; without a name you choose one" : "The session to go on with; it must exist", HelpName = "NAME",
        Arity = seed ? ArgumentArity.ZeroOrOne : ArgumentArity.ExactlyOne,
    };

    public Option<bool> Continue { get; } = new("--continue") { Description = "Go on with the session that was last used in this folder" };

    public Option<bool> AcceptEdits { get; } = new("--accept-edits") { Description = "Accept changes that somebody made to the session's file" };

    /// <summary>All of them, in the order in which help lists them.</summary>
    public IReadOnlyList<Option> All =>
    [
        Model, FallbackModel, BaseUrl, Api, Local, LocalUrl, LocalModel, NativeTools, PromptedTools, Stream, NoStream, MaxSteps, MaxCost, MaxSessionCost, MaxDayCost, MaxMonthCost, AllowUnpriced, MaxTokens, MaxTime,
        Mode, Sandbox, Worktree, Init, Maintenance, Allow, Deny, Accept, AcceptFile, Seal, Folder, Settings, SettingSources, Trust, SystemPrompt,
        .. seed ? Array.Empty<Option>() : [Session], Resume, Continue, AcceptEdits,
    ];

    /// <summary>Puts them on a command, with the checks that need no file and no network.</summary>
    /// <param name="command">Gets them.</param>
    /// <param name="choosesSession">Without it the command names the session in its own way.</param>
    public void AddTo(Command command, bool choosesSession = true)
    {
        Api.CompletionSources.Add([.. ModelApis.Names]);
        Mode.CompletionSources.Add([.. ModeName.Names]);
        Sandbox.CompletionSources.Add([.. SandboxDecision.Flags]);
        foreach (var option in All.Where(option => choosesSession || (option != Session && option != Resume && option != Continue)))
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>The request that the flags make.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="context">The surroundings.</param>
    /// <param name="stream">Whether to stream when no flag says so.</param>
    public HarnessRequest Read(ParseResult parsed, CommandContext context, bool stream)
    {
        var environment = context.Environment;
        return new(environment, FolderArgument.Full(parsed.GetValue(Folder), environment))
        {
            Wish = new()
            {
                Model = parsed.GetValue(Model), BaseUrl = parsed.GetValue(BaseUrl), Api = parsed.GetValue(Api)?.ToLowerInvariant(),
                Local = parsed.GetValue(Local), LocalUrl = parsed.GetValue(LocalUrl), LocalModel = parsed.GetValue(LocalModel),
            },
            FallbackModels = parsed.GetValue(FallbackModel)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            Tools = parsed.GetValue(NativeTools) ? "native" : parsed.GetValue(PromptedTools) ? "prompted" : null,
            Stream = parsed.GetValue(Stream) || (!parsed.GetValue(NoStream) && stream),
            MaxSteps = parsed.GetValue(MaxSteps),
            MaxCost = parsed.GetValue(MaxCost),
            MaxSessionCost = parsed.GetValue(MaxSessionCost),
            MaxDayCost = parsed.GetValue(MaxDayCost),
            MaxMonthCost = parsed.GetValue(MaxMonthCost),
            AllowUnpriced = parsed.GetValue(AllowUnpriced),
            MaxTokens = parsed.GetValue(MaxTokens),
            MaxTime = parsed.GetValue(MaxTime),
            Mode = parsed.GetValue(Mode),
            Sandbox = parsed.GetValue(Sandbox),
            Worktree = parsed.GetResult(Worktree) is { Implicit: false } ? parsed.GetValue(Worktree) ?? "" : null,
            Setup = parsed.GetValue(Init) ? "init" : parsed.GetValue(Maintenance) ? "maintenance" : null,
            Allow = parsed.GetValue(Allow) ?? [],
            Deny = parsed.GetValue(Deny) ?? [],
            AcceptCommands = parsed.GetValue(Accept) ?? [],
            AcceptFiles = parsed.GetValue(AcceptFile) ?? [],
            Seal = parsed.GetValue(Seal) ?? [],
            Settings = parsed.GetValue(Settings),
            SettingSources = SettingsFlags.SourcesOf(parsed.GetValue(SettingSources)),
            TrustFolder = parsed.GetValue(Trust),
            SystemPrompt = parsed.GetValue(SystemPrompt),
            SessionName = parsed.GetValue(Resume) ?? (seed ? null : parsed.GetValue(Session)),
            Resume = parsed.GetValue(Resume) is not null,
            Latest = parsed.GetValue(Continue),
            AcceptEdits = parsed.GetValue(AcceptEdits),
            FindLocalServers = context.FindLocalServers,
            Warn = text => context.Io.TellError($"bridle: {Terminals.VisibleText.Of(text)}"),
        };
    }

    private void Check(CommandResult result)
    {
        void Exclude(Option<bool> one, Option<bool> other)
        {
            if (result.Sound(one) && result.Sound(other))
            {
                result.AddError($"{one.Name} and {other.Name} exclude each other.");
            }
        }

        // Values that are no numbers are reported by the parser itself.
        void Least(Option option, bool zero = false)
        {
            if (result.GetResult(option) is { Tokens: [var token] } && decimal.TryParse(token.Value, NumberStyles.Number, CultureInfo.InvariantCulture, out var value) && (value < 0 || (value == 0 && !zero)))
            {
                result.AddError($"{option.Name} must {(zero ? "not be below" : "be above")} zero.");
            }
        }

        foreach (var demand in (Option[])[Accept, AcceptFile, Seal])
        {
            if (result.GetResult(demand) is { } given && given.Tokens.Any(token => string.IsNullOrWhiteSpace(token.Value)))
            {
                result.AddError($"{demand.Name} is empty; say what is demanded, or leave it out.");
            }
        }

        Exclude(NativeTools, PromptedTools);
        Exclude(Stream, NoStream);
        Exclude(Init, Maintenance);
        Least(MaxSteps, zero: true);
        Least(MaxTokens);
        Least(MaxCost);
        Least(MaxSessionCost, zero: true);
        Least(MaxDayCost, zero: true);
        Least(MaxMonthCost, zero: true);
        var goingOn = new Option[] { Session, Resume, Continue }.Where(option => (!seed || option != Session) && result.GetResult(option) is { Implicit: false }).ToList();
        if (goingOn.Count > 1)
        {
            result.AddError($"{goingOn[0].Name} and {goingOn[1].Name} exclude each other.");
        }

        if (result.Sound(Api) is { } api && !ModelApis.TryParse(api, out _))
        {
            result.AddError($"--api is '{api}', but must be one of {string.Join(", ", ModelApis.Names)}.");
        }

        if (result.Sound(Sandbox) is { } sandbox && !SandboxDecision.Flags.Contains(sandbox))
        {
            result.AddError($"--sandbox is '{sandbox}', but must be one of {string.Join(", ", SandboxDecision.Flags)}.");
        }

        if (result.Sound(Mode) is { } mode && ModeName.Parse(mode) is null)
        {
            result.AddError($"--mode is '{mode}', but must be one of {string.Join(", ", ModeName.Names)}.");
        }
    }

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var (number, unit) = text.Length > 0 && char.IsLetter(text[^1]) ? (text[..^1], text[^1]) : (text, 's');
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3_600, _ => 0 };
        if (seconds > 0 && double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * seconds is > 0 and < 31_536_000)
        {
            return TimeSpan.FromSeconds(value * seconds);
        }

        result.AddError($"--max-time is '{text}', but must be a time such as 90s, 5m or 1h.");
        return null;
    }
}
