namespace Bridle.Hosting.Settings;

/// <summary>
/// A project's own files come with the project, from whoever wrote it. They may make things stricter and nothing else:
/// denials, questions, stricter modes and lower limits count, every other key is left out and named.
/// </summary>
internal static class ProjectSettings
{
    /// <summary>What of the file counts over the settings below it, and the keys that do not.</summary>
    public static (BridleSettings Tighter, IReadOnlyList<string> Ignored) Tighten(BridleSettings file, BridleSettings below)
    {
        var ignored = new List<string>();
        void Leave(string key, object? value)
        {
            if (value is not null)
            {
                ignored.Add(key);
            }
        }

        Leave("model", file.Model);
        Leave("systemPrompt", file.SystemPrompt);
        Leave("providers", file.Providers);
        Leave("tools", file.Tools);
        Leave("webSearch", file.WebSearch);
        Leave("prices", file.Prices);
        Leave("env", file.Env);
        Leave("apiKey", file.ApiKey);
        Leave("baseUrl", file.BaseUrl);
        Leave("permissions.allow", file.Permissions?.Allow is { Count: > 0 } allow ? allow : null);

        var tighter = new BridleSettings
        {
            MaxSteps = Lower("maxSteps", file.MaxSteps, below.MaxSteps, ignored),
            MaxCost = Lower("maxCost", file.MaxCost, below.MaxCost, ignored),
            MaxTime = Lower("maxTime", file.MaxTime, below.MaxTime, ignored),
            MaxTokens = Lower("maxTokens", file.MaxTokens, below.MaxTokens, ignored),
            PermissionMode = Stricter("permissionMode", file.PermissionMode, ignored),
            Permissions = file.Permissions is { } permissions
                ? permissions with { Allow = null, DefaultMode = Stricter("permissions.defaultMode", permissions.DefaultMode, ignored) }
                : null,
        };
        return (tighter, ignored);
    }

    private static T? Lower<T>(string key, T? wanted, T? below, List<string> ignored)
        where T : struct, IComparable<T>
    {
        if (wanted is { } value && below is { } limit && value.CompareTo(limit) > 0)
        {
            ignored.Add($"{key} (above your own {limit})");
            return null;
        }

        return wanted;
    }

    private static string? Stricter(string key, string? spelling, List<string> ignored)
    {
        if (spelling is null || ModeName.Parse(spelling) is { Tightens: true })
        {
            return spelling;
        }

        // A person who chose 'plan' for everything keeps it, also where the project says 'default'.
        ignored.Add($"{key}: {spelling}");
        return null;
    }
}
