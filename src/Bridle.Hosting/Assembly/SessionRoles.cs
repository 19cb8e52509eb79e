using System.Collections.Concurrent;
using Bridle.Models;

namespace Bridle.Hosting.Assembly;

/// <summary>The models of a session beside the one that answers: those that stand in for it, and those for one purpose each, found when they are first needed.</summary>
internal sealed class SessionRoles(HarnessRequest request, HostFiles files, ModelSearch search, IModel main)
{
    private readonly ConcurrentDictionary<string, IModel?> _found = new();

    /// <summary>The models that may stand in, as flags and settings name them.</summary>
    public static IReadOnlyList<string> Fallbacks(HarnessRequest request, HostFiles files) => [.. (request.FallbackModels ?? files.Layers.Effective.FallbackModel ?? []).Distinct()];

    /// <summary>The models by role, as settings name them.</summary>
    public static IReadOnlyList<(string Role, string? Name)> Named(HostFiles files)
    {
        var roles = files.Layers.Effective.Roles;
        return [("compactor", roles?.Compactor), ("judge", roles?.Judge), ("planner", roles?.Planner), ("guide", roles?.Guide), ("large", roles?.Large), ("reviewer", roles?.Reviewer)];
    }

    /// <summary>Finds those that must be known before they are needed. One that cannot be used is said and left out: the session can do without.</summary>
    public async Task<RoleModels> FindAsync(List<string> notices, CancellationToken cancellationToken)
    {
        var fallbacks = new List<IModel>();
        foreach (var name in Fallbacks(request, files))
        {
            fallbacks.AddRange(await FindAsync(name, "fallback model", notices.Add, cancellationToken) is { } one ? [one] : Array.Empty<IModel>());
        }

        var roles = files.Layers.Effective.Roles;
        var larger = roles?.Large is { } large ? await FindAsync(large, "large model", notices.Add, cancellationToken) : null;
        if (larger is { Info.ContextWindow: null })
        {
            notices.Add($"The window of the large model {larger.Info.FullName} is not known, so it is never taken. Set contextWindow of its provider.");
        }

        return new()
        {
            Fallbacks = fallbacks,
            Larger = larger,
            Compactor = roles?.Compactor is null ? null : token => LaterAsync("compactor", roles.Compactor, token),
            Planner = roles?.Planner is null ? null : token => LaterAsync("planner", roles.Planner, token),
        };
    }

    /// <summary>The model that a prompt hook asks: by its name, else the judge, else the session's own. Null when there is none of that name.</summary>
    public async Task<IModel?> AskedAsync(string? name, CancellationToken cancellationToken) =>
        name is not null ? (await search.FindModelAsync(null, name, cancellationToken)).Model
        : await JudgeAsync(cancellationToken) ?? main;

    /// <summary>The model that judges; null when settings name none, or it cannot be used.</summary>
    public async ValueTask<IModel?> JudgeAsync(CancellationToken cancellationToken) =>
        files.Layers.Effective.Roles?.Judge is { } judge ? await LaterAsync("judge", judge, cancellationToken) : null;

    /// <summary>The model that guides ask; null when settings name none, or it cannot be used.</summary>
    public async ValueTask<IModel?> GuideAsync(CancellationToken cancellationToken) =>
        files.Layers.Effective.Roles?.Guide is { } guide ? await LaterAsync("guide", guide, cancellationToken) : null;

    /// <summary>The model that looks back at long work; null when settings name none, or it cannot be used.</summary>
    public async ValueTask<IModel?> ReviewerAsync(CancellationToken cancellationToken) =>
        files.Layers.Effective.Roles?.Reviewer is { } reviewer ? await LaterAsync("reviewer", reviewer, cancellationToken) : null;

    private async ValueTask<IModel?> LaterAsync(string role, string name, CancellationToken cancellationToken)
    {
        return _found.TryGetValue(role, out var known) ? known : _found[role] = await FindAsync(name, role, text => request.Warn?.Invoke(text), cancellationToken);
    }

    private async Task<IModel?> FindAsync(string name, string role, Action<string> tell, CancellationToken cancellationToken)
    {
        var (model, problem) = await search.FindModelAsync(main.Info.Provider, name, cancellationToken);
        if (model is null)
        {
            tell($"The {role} '{name}' cannot be used: {problem!.Message} {problem.Advice}".TrimEnd());
        }

        return model;
    }
}
