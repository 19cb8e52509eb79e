namespace Bridle.Hosting.Settings;

/// <summary>Values that have the right JSON type and still cannot be meant.</summary>
internal static class SettingsCheck
{
    private static IReadOnlyList<string> Apis => Models.ModelApis.Names;
    private static readonly string[] ToolWays = ["auto", "native", "prompted"];

    /// <summary>The first value that cannot be used, in words, or null.</summary>
    public static string? FirstProblem(BridleSettings settings) =>
        OneOf("tools", settings.Tools, ToolWays)
        ?? Mode("permissions.defaultMode", settings.Permissions?.DefaultMode)
        ?? Mode("permissionMode", settings.PermissionMode)
        ?? Positive("maxSteps", settings.MaxSteps)
        ?? Positive("maxTokens", settings.MaxTokens)
        ?? Positive("maxTime", (decimal?)settings.MaxTime)
        ?? (settings.MaxCost < 0 ? $"'maxCost' is {settings.MaxCost}, but must not be below zero." : null)
        ?? Address("baseUrl", settings.BaseUrl)
        ?? Address("webSearch.url", settings.WebSearch?.Url)
        ?? settings.WebSearch?.Engines?.Select(engine => OneOf("webSearch.engines", engine, Tools.Web.ResultPageSearch.Names)).FirstOrDefault(problem => problem is not null)
        ?? settings.Prices?.Where(price => price.Value is null or { Input: < 0 } or { Output: < 0 }).Select(price => $"'prices.{price.Key}' must be a price that is not below zero.").FirstOrDefault()
        ?? settings.Providers?.Select(provider => InProvider($"providers.{provider.Key}", provider.Key, provider.Value)).FirstOrDefault(problem => problem is not null);

    private static string? InProvider(string path, string name, ProviderSettings? provider) =>
        name.Length == 0 || name.Contains('/') ? $"'{path}': a provider's name is not empty and has no slash."
        : provider is null ? $"'{path}' is null; write an object or leave it out."
        : OneOf($"{path}.api", provider.Api, Apis)
            ?? Address($"{path}.baseUrl", provider.BaseUrl)
            ?? OneOf($"{path}.tools", provider.Tools, ToolWays)
            ?? Positive($"{path}.contextWindow", provider.ContextWindow)
            ?? Positive($"{path}.maxOutputTokens", provider.MaxOutputTokens);

    private static string? Mode(string path, string? value) =>
        value is null || ModeName.Parse(value) is not null ? null : $"'{path}' is '{value}', but must be one of {string.Join(", ", ModeName.Names)}.";

    private static string? OneOf(string path, string? value, IReadOnlyList<string> allowed) =>
        value is null || allowed.Contains(value) ? null : $"'{path}' is '{value}', but must be one of {string.Join(", ", allowed)}.";

    private static string? Positive(string path, decimal? value) => value <= 0 ? $"'{path}' is {value}, but must be above zero." : null;

    private static string? Address(string path, string? value) =>
        value is null || (Uri.TryCreate(value.Replace("{query}", "q", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https"))
            ? null
            : $"'{path}' is '{value}', but must be an address that begins with http:// or https://.";
}
