using Bridle.Hosting.Providers;
using Bridle.Models;

namespace Bridle.Hosting.Assembly;

/// <summary>Finds other models for a session that runs, and the server that its model is on.</summary>
internal sealed class ModelSearch(HarnessRequest request, HostFiles files, ProviderChoice? first)
{
    /// <summary>The model of that name, or why there is none. A name that the current provider lists is that model, whatever its left part says: names may hold slashes.</summary>
    public async Task<(IModel? Model, HarnessRefused? Problem)> FindModelAsync(string? current, string name, CancellationToken cancellationToken)
    {
        var wish = new ModelWish { Model = current is not null && files.Catalog.Find(current, name) is not null ? $"{current}/{name}" : name, Current = current };
        if (await OfTheStartAsync(wish, name, cancellationToken) is { } flags)
        {
            wish = flags;
        }
        else if (first is { BaseUrl: { } moved } && await ResolveAsync(wish, cancellationToken) is ProviderChosen { Choice: var same } && same.Provider == first.Provider && same.BaseUrl != moved)
        {
            // Another model of the server that the start named, wherever that is.
            wish = wish with { Model = same.FullName, BaseUrl = moved.ToString(), Api = first.Api };
        }

        var (model, _, problem) = await Composition.PickModelAsync(request with { Model = null, Wish = wish, RehearseWhenUnconfigured = false }, files, [], cancellationToken);
        return model is not null && BudgetAssembly.Unpriced(request, files, model.Info) is { } unpriced ? (null, unpriced) : (model, problem);
    }

    // What the command line said of the server holds for every model of the same provider; without it there may be no key for it, or another protocol.
    private async Task<ModelWish?> OfTheStartAsync(ModelWish plain, string name, CancellationToken cancellationToken)
    {
        var flags = request.Wish;
        var local = flags.Local || flags.LocalUrl is not null || flags.LocalModel is not null;
        if (first is null || (flags is { BaseUrl: null, Api: null } && !local)
            || files.Resolution(HostFiles.FindLocalServersAsync).NamedProvider(plain) is { } named && named != first.Provider)
        {
            return null;
        }

        var model = name.StartsWith(first.Provider + "/", StringComparison.Ordinal) && files.Catalog.Find(first.Provider, name) is null ? name[(first.Provider.Length + 1)..] : name;
        var wish = flags with { Model = $"{first.Provider}/{model}", Current = first.Provider, Local = local, LocalModel = null };
        return await ResolveAsync(wish, cancellationToken) is ProviderChosen { Choice: var choice } && choice.Provider == first.Provider && choice.Model == model ? wish : null;
    }

    /// <summary>The server that a model is on, or null when it was given or its provider cannot be used any more.</summary>
    public async Task<InferenceServer?> FindServerAsync(ModelInfo model, CancellationToken cancellationToken)
    {
        if (first is null)
        {
            return null;
        }

        // The one of the start may have been moved by a flag.
        var choice = first.Provider == model.Provider ? first
            : await ResolveAsync(new() { Model = model.FullName }, cancellationToken) is ProviderChosen chosen ? chosen.Choice
            : null;
        return choice is null ? null : new(choice, files.Catalog, request.Time);
    }

    /// <summary>The full names of the models in the stored list, those of one provider first.</summary>
    public IReadOnlyList<string> Known(string provider) =>
        [.. files.Catalog.Entries.OrderByDescending(entry => entry.Provider == provider).Select(entry => $"{entry.Provider}/{entry.Model}")];

    private Task<ProviderOutcome> ResolveAsync(ModelWish wish, CancellationToken cancellationToken) =>
        files.ResolveAsync(wish, request.FindLocalServers ?? HostFiles.FindLocalServersAsync, cancellationToken);
}
