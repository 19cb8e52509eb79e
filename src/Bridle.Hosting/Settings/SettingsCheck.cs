using Bridle.Models;

namespace Bridle.Hosting.Settings;

/// <summary>Values that have the right JSON type and still cannot be meant.</summary>
internal static class SettingsCheck
{
    /// <summary>The ways of offering tools.</summary>
    public static readonly string[] ToolWays = ["auto", "native", "prompted"];

    /// <summary>What may be said about a sensitive path.</summary>
    public static readonly string[] PathVerdicts = ["ask", "deny"];

    /// <summary>What may become of a skill.</summary>
    public static readonly string[] SkillStates = ["on", "name-only", "user-invocable-only", "off"];

    /// <summary>The one value of a lock.</summary>
    public static readonly string[] Disable = ["disable"];

    /// <summary>Who may write the summary of a long conversation.</summary>
    public static readonly string[] SummaryWriters = ["code", "model"];

    /// <summary>How notes may be stored.</summary>
    public static readonly string[] MemoryStores = ["markdown", "jsonl"];

    /// <summary>What may happen at a limit of money.</summary>
    public static readonly string[] AtLimits = ["stop", "ask"];

    /// <summary>What <c>notifications</c> may be.</summary>
    public static readonly string[] NotificationKinds = ["off", "bell", "desktop"];

    private static readonly Dictionary<string, string> NoPaths = [];
    private static readonly Dictionary<string, Price> NoPrices = [];
    private static readonly Dictionary<string, ProviderSettings> NoProviders = [];

    private static IReadOnlyList<string> Apis => ModelApis.Names;

    /// <summary>Every value that cannot be used.</summary>
    public static IEnumerable<SettingsProblem> Problems(BridleSettings settings)
    {
        IEnumerable<SettingsProblem?> all =
        [
            OneOf("tools", settings.Tools, ToolWays),
            OneOf("notifications", settings.Notifications, NotificationKinds),
            Mode("permissions.defaultMode", settings.Permissions?.DefaultMode),
            Mode("permissionMode", settings.PermissionMode),
            OneOf("permissions.disableBypassPermissionsMode", settings.Permissions?.DisableBypassPermissionsMode, Disable),
            OneOf("instructionFiles", settings.InstructionFiles, Instructions.InstructionSearch.Choices),
            OneOf("compactSummary", settings.CompactSummary, SummaryWriters),
            settings.AutoCompactAt is < 0.3 or > 0.95 ? new("autoCompactAt", $"'autoCompactAt' is {settings.AutoCompactAt}, but must be between 0.3 and 0.95.") : null,
            .. Guides.GuideReading.Read(settings.Guides).Problems.Select(problem => new SettingsProblem("guides", problem)),
            Positive("toolSearchOver", settings.ToolSearchOver),
            OneOf("memoryStore", settings.MemoryStore, MemoryStores),
            Positive("memoryIndexBytes", settings.MemoryIndexBytes),
            .. (settings.SkillOverrides ?? NoPaths).Select(skill => OneOf($"skillOverrides.{skill.Key}", skill.Value ?? "null", SkillStates)),
            settings.SkillListTokens is < 0 or > 50_000 ? new("skillListTokens", $"'skillListTokens' is {settings.SkillListTokens}, but must be between 0 and 50000.") : null,
            Positive("maxSteps", settings.MaxSteps),
            Positive("maxTokens", settings.MaxTokens),
            Positive("keepSessionDays", settings.KeepSessionDays),
            Positive("maxTime", (decimal?)settings.MaxTime),
            Positive("approvalTimeout", (decimal?)settings.ApprovalTimeout),
            NotBelowZero("maxSessionCost", settings.MaxSessionCost),
            NotBelowZero("maxDayCost", settings.MaxDayCost),
            NotBelowZero("maxMonthCost", settings.MaxMonthCost),
            OneOf("whenSpent", settings.WhenSpent, AtLimits),
            NotBelowZero("maxCost", settings.MaxCost),
            .. Acceptance.AcceptanceReading.Read(settings.Acceptance).Problems.Select(problem => new SettingsProblem("acceptance", problem)),
            settings.SealedFiles?.Any(string.IsNullOrWhiteSpace) is true ? new("sealedFiles", "'sealedFiles' has an empty pattern, which seals nothing. Write a file, a folder or a pattern, or leave it out.") : null,
            NotNegative("acceptanceRounds", settings.AcceptanceRounds, "never goes back"),
            Address("baseUrl", settings.BaseUrl),
            Address("telemetry.endpoint", settings.Telemetry?.Endpoint),
            Address("webSearch.url", settings.WebSearch?.Url),
            .. (settings.WebSearch?.Engines ?? []).Select(engine => OneOf("webSearch.engines", engine, Tools.Web.ResultPageSearch.Names)),
            OneOf("recall.embeddings.api", settings.Recall?.Embeddings?.Api, Recall.RecallSetup.Apis),
            Address("recall.embeddings.url", settings.Recall?.Embeddings?.Url),
            OneOf("sandbox.backend", settings.Sandbox?.Backend, Sandboxes.SandboxDecision.Backends),
            .. SensorCheck.Problems(settings.Sensors),
            .. SensorCheck.Problems(settings.LanguageServers),
            NotNegative("sandbox.limits.processes", settings.Sandbox?.Limits?.Processes),
            NotNegative("sandbox.limits.memoryMb", settings.Sandbox?.Limits?.MemoryMb),
            NotNegative("sandbox.limits.cpuSeconds", settings.Sandbox?.Limits?.CpuSeconds),
            NotNegative("sandbox.limits.openFiles", settings.Sandbox?.Limits?.OpenFiles),
            NotNegative("sandbox.limits.fileSizeMb", settings.Sandbox?.Limits?.FileSizeMb),
            .. (settings.Permissions?.SensitivePaths ?? NoPaths).Select(path => OneOf($"permissions.sensitivePaths.{path.Key}", path.Value ?? "null", PathVerdicts) ?? Place($"permissions.sensitivePaths.{path.Key}", path.Key)),
            .. (settings.Prices ?? NoPrices).Select(price => Price($"prices.{price.Key}", price.Value)),
            .. (settings.Providers ?? NoProviders).SelectMany(provider => InProvider($"providers.{provider.Key}", provider.Key, provider.Value)),
        ];
        return all.OfType<SettingsProblem>();
    }

    private static IEnumerable<SettingsProblem?> InProvider(string path, string name, ProviderSettings? provider) =>
        name.Length == 0 || name.Contains('/') ? [new(path, $"'{path}': a provider's name is not empty and has no slash.")]
        : provider is null ? [new(path, $"'{path}' is null; write an object or leave it out.")]
        : [
            OneOf($"{path}.api", provider.Api, Apis),
            Address($"{path}.baseUrl", provider.BaseUrl),
            OneOf($"{path}.tools", provider.Tools, ToolWays),
            Positive($"{path}.contextWindow", provider.ContextWindow),
            Positive($"{path}.maxOutputTokens", provider.MaxOutputTokens),
        ];

    private static SettingsProblem? Price(string path, Price? price) =>
        price is null or { Input: < 0 } or { Output: < 0 } ? new(path, $"'{path}' must be a price that is not below zero.") : null;

    private static SettingsProblem? Mode(string path, string? value) =>
        value is null || ModeName.Parse(value) is not null ? null : new(path, $"'{path}' is '{value}', but must be one of {string.Join(", ", ModeName.Names)}.");

    internal static SettingsProblem? OneOf(string path, string? value, IReadOnlyList<string> allowed) =>
        value is null || allowed.Contains(value) ? null : new(path, $"'{path}' is '{value}', but must be one of {string.Join(", ", allowed)}.");

    // Relative to what, nobody could say: the settings of a person hold in every folder.
    private static SettingsProblem? Place(string path, string value) =>
        value.StartsWith('/') || value is "~" || value.StartsWith("~/", StringComparison.Ordinal) || (OperatingSystem.IsWindows() && Path.IsPathFullyQualified(value)) ? null
            : new(path, $"'{path}': '{value}' is relative; write the whole path, from / or from ~.");

    internal static SettingsProblem? Positive(string path, decimal? value) => value <= 0 ? new(path, $"'{path}' is {value}, but must be above zero.") : null;

    private static SettingsProblem? NotBelowZero(string path, decimal? value) => value < 0 ? new(path, $"'{path}' is {value}, but must not be below zero.") : null;

    private static SettingsProblem? NotNegative(string path, long? value, string zero = "no limit") => value < 0 ? new(path, $"'{path}' is {value}, but must not be below zero (0 means {zero}).") : null;

    private static SettingsProblem? Address(string path, string? value) =>
        value is null || (Uri.TryCreate(value.Replace("{query}", "q", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"))
            ? null
            : new(path, $"'{path}' is '{value}', but must be an address that begins with http:// or https://.");
}
