namespace Bridle.Hosting.Settings;

/// <summary>What counts of a project's own file.</summary>
/// <param name="Counts">The settings that count.</param>
/// <param name="Never">Keys that no project may set.</param>
/// <param name="Untrusted">Keys that would count if the folder were trusted.</param>
internal sealed record ProjectShare(BridleSettings Counts, IReadOnlyList<string> Never, IReadOnlyList<string> Untrusted);

/// <summary>
/// A project's own files come with the project, from whoever wrote it. They may always make things stricter: denials, questions, stricter modes, lower limits.
/// What makes things looser counts when a person has trusted the folder. Where requests go, with which keys, at which prices, and what confines the agent is never theirs to say.
/// </summary>
internal static class ProjectSettings
{
    /// <summary>What of the file counts over the settings below it.</summary>
    public static ProjectShare Of(BridleSettings file, BridleSettings below, bool trusted)
    {
        var never = new List<string>();
        Leave(file, never);
        var sieve = new Sieve(trusted);
        var counts = new BridleSettings
        {
            Model = sieve.Wait("model", file.Model),
            FallbackModel = sieve.Wait("fallbackModel", file.FallbackModel),
            Roles = sieve.Wait("roles", file.Roles),
            SystemPrompt = sieve.Wait("systemPrompt", file.SystemPrompt),
            Tools = sieve.Wait("tools", file.Tools),
            AutoCompactEnabled = sieve.Wait("autoCompactEnabled", file.AutoCompactEnabled is { } auto ? (auto ? "true" : "false") : null) is { } text ? text is "true" : null,
            AutoCompactAt = sieve.Wait("autoCompactAt", file.AutoCompactAt is null ? null : "") is null ? null : file.AutoCompactAt,
            PointToEarlierReads = sieve.Wait("pointToEarlierReads", file.PointToEarlierReads is null ? null : "") is null ? null : file.PointToEarlierReads,
            InstructionFiles = sieve.Wait("instructionFiles", file.InstructionFiles),
            InstructionExcludes = sieve.Wait("instructionExcludes", file.InstructionExcludes),
            ClaudeMdExcludes = sieve.Wait("claudeMdExcludes", file.ClaudeMdExcludes),
            Guides = file.Guides is { } guides && sieve.Wait("guides", "some") is not null ? guides : null,
            CompactSummary = sieve.Wait("compactSummary", file.CompactSummary),
            ToolSearchOver = sieve.Wait("toolSearchOver", file.ToolSearchOver is null ? null : "") is null ? null : file.ToolSearchOver,
            SkillOverrides = sieve.Wait("skillOverrides", file.SkillOverrides),
            SkillListTokens = sieve.Wait("skillListTokens", file.SkillListTokens is null ? null : "") is null ? null : file.SkillListTokens,
            Env = Variables(sieve.Wait("env", file.Env), never),
            Hooks = file.Hooks is { } hooks && sieve.Wait("hooks", "some") is not null ? hooks : null,
            AutoMemoryEnabled = file.AutoMemoryEnabled is true ? (sieve.Wait("autoMemoryEnabled", "true") is null ? null : true) : file.AutoMemoryEnabled,
            ExperienceEnabled = file.ExperienceEnabled is true ? (sieve.Wait("experienceEnabled", "true") is null ? null : true) : file.ExperienceEnabled,
            LearningReview = file.LearningReview is true ? (sieve.Wait("learningReview", "true") is null ? null : true) : file.LearningReview,
            MemoryIndexBytes = sieve.Limit("memoryIndexBytes", file.MemoryIndexBytes, below.MemoryIndexBytes ?? Bridle.Memory.MemoryIndex.DefaultBytes),
            Acceptance = file.Acceptance is { } checks && sieve.Wait("acceptance", "some") is not null ? checks : null,
            AcceptanceRounds = sieve.Wait("acceptanceRounds", file.AcceptanceRounds is null ? null : "") is null ? null : file.AcceptanceRounds,
            SealedFiles = file.SealedFiles,
            BlockedPlugins = file.BlockedPlugins,
            Sensors = sieve.Wait("sensors", file.Sensors),
            LanguageServers = sieve.Wait("languageServers", file.LanguageServers),
            MaxSteps = sieve.Limit("maxSteps", file.MaxSteps, below.MaxSteps),
            MaxCost = sieve.Limit("maxCost", file.MaxCost, below.MaxCost),
            MaxSessionCost = Tightened("maxSessionCost", file.MaxSessionCost, below.MaxSessionCost, never),
            MaxDayCost = Tightened("maxDayCost", file.MaxDayCost, below.MaxDayCost, never),
            MaxMonthCost = Tightened("maxMonthCost", file.MaxMonthCost, below.MaxMonthCost, never),
            MaxTime = sieve.Limit("maxTime", file.MaxTime, below.MaxTime),
            MaxTokens = sieve.Limit("maxTokens", file.MaxTokens, below.MaxTokens),
            Sandbox = SandboxTightening.Of(file.Sandbox, below.Sandbox, never),
            DisableDangerouslySkipPermissions = file.DisableDangerouslySkipPermissions is true ? true : null,
            PermissionMode = sieve.Mode("permissionMode", file.PermissionMode),
            Permissions = file.Permissions is { } permissions
                ? permissions with
                {
                    Allow = sieve.Wait("permissions.allow", permissions.Allow is { Count: > 0 } allow ? allow : null),
                    AdditionalDirectories = sieve.Wait("permissions.additionalDirectories", permissions.AdditionalDirectories is { Count: > 0 } folders ? folders : null),
                    DefaultMode = sieve.Mode("permissions.defaultMode", permissions.DefaultMode),
                    SensitivePaths = null,
                    DenyInsteadOfPrompting = null,
                }
                : null,
        };
        return new(counts, never, sieve.Untrusted);
    }

    private static void Leave(BridleSettings file, List<string> never)
    {
        void Named(string key, bool given)
        {
            if (given)
            {
                never.Add(key);
            }
        }

        Named("providers", file.Providers is not null);
        Named("webSearch", file.WebSearch is not null);
        Named("memoryStore", file.MemoryStore is not null);
        Named("recall", file.Recall is not null);
        Named("prices", file.Prices is not null);
        Named("apiKey", file.ApiKey is not null);
        Named("baseUrl", file.BaseUrl is not null);
        Named("disableAllHooks", file.DisableAllHooks is not null);
        Named("allowedHttpHookUrls", file.AllowedHttpHookUrls is not null);
        Named("httpHookAllowedEnvVars", file.HttpHookAllowedEnvVars is not null);
        Named("telemetry", file.Telemetry is not null);
        Named("whenSpent", file.WhenSpent is not null);
        Named("plain", file.Plain is not null);
        Named("notifications", file.Notifications is not null);
        Named("keepSessionDays", file.KeepSessionDays is not null);
        Named("worktree", file.Worktree is not null);
        Named("readClaudeSettings", file.ReadClaudeSettings is not null);
        Named("allowManagedHooksOnly", file.AllowManagedHooksOnly is not null);
        Named("allowManagedPermissionRulesOnly", file.AllowManagedPermissionRulesOnly is not null);
        Named("disableDangerouslySkipPermissions: false", file.DisableDangerouslySkipPermissions is false);
        Named("permissions.denyInsteadOfPrompting", file.Permissions?.DenyInsteadOfPrompting is not null);
        Named("approvalTimeout", file.ApprovalTimeout is not null);
        Named("permissions.sensitivePaths", file.Permissions?.SensitivePaths is { Count: > 0 });
    }

    // What all of a person's sessions may cost is the person's: no project raises it, trusted or not.
    private static decimal? Tightened(string key, decimal? wanted, decimal? own, List<string> never)
    {
        if (wanted is not { } value || own is not { } most || value <= most)
        {
            return wanted;
        }

        never.Add($"{key} (above your own {most})");
        return null;
    }

    private static Dictionary<string, string>? Variables(IReadOnlyDictionary<string, string>? given, List<string> never)
    {
        if (given is null)
        {
            return null;
        }

        never.AddRange(given.Keys.Where(name => !ProjectVariables.MayReachPrograms(name)).Select(name => $"env.{name}"));
        return given.Where(variable => ProjectVariables.MayReachPrograms(variable.Key)).ToDictionary(variable => variable.Key, variable => variable.Value);
    }

    /// <summary>Lets through what counts, and notes what would count if the folder were trusted.</summary>
    private sealed class Sieve(bool trusted)
    {
        public List<string> Untrusted { get; } = [];

        public T? Wait<T>(string key, T? value)
            where T : class
        {
            if (value is not null && !trusted)
            {
                Untrusted.Add(key);
            }

            return trusted ? value : null;
        }

        public T? Limit<T>(string key, T? wanted, T? limit)
            where T : struct, IComparable<T>
        {
            if (trusted || wanted is not { } value || limit is not { } most || value.CompareTo(most) <= 0)
            {
                return wanted;
            }

            Untrusted.Add($"{key} (above your own {most})");
            return null;
        }

        public string? Mode(string key, string? spelling)
        {
            // A person who chose 'plan' for everything keeps it, also where an untrusted project says 'default'.
            if (spelling is null || trusted || ModeName.Parse(spelling) is { Tightens: true })
            {
                return spelling;
            }

            Untrusted.Add($"{key}: {spelling}");
            return null;
        }
    }
}
