using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Providers;

/// <summary>
/// Turns flags, environment, settings, stored keys and what runs on this machine into the one provider of a session.
/// A provider that was configured is used or reported, never replaced.
/// </summary>
public sealed class ProviderResolution
{
    private readonly KnownProviders _known;
    private readonly HostEnvironment _environment;
    private readonly BridleSettings _settings;
    private readonly KeySources _keys;
    private readonly ProviderSelection _selection;
    private readonly Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> _findLocalServers;

    /// <summary>Everything it looks at comes in from outside.</summary>
    public ProviderResolution(
        KnownProviders known,
        HostEnvironment environment,
        BridleSettings settings,
        IReadOnlyDictionary<string, string> storedKeys,
        Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> findLocalServers,
        Func<string, CancellationToken, Task<FoundKey>>? runKeyHelper = null)
    {
        (_known, _environment, _settings, _findLocalServers) = (known, environment, settings, findLocalServers);
        _keys = new(environment, storedKeys, runKeyHelper);
        _selection = new(known, environment, settings, _keys, storedKeys);
    }

    /// <summary>Finds the provider for the given flags.</summary>
    public async Task<ProviderOutcome> ResolveAsync(ModelWish wish, CancellationToken cancellationToken)
    {
        if (Invalid(wish) is { } problem)
        {
            return problem;
        }

        var (selected, bare) = _selection.Select(wish);
        if (selected is not null)
        {
            return await ChooseAsync(selected, wish, cancellationToken);
        }

        var found = await _findLocalServers(cancellationToken);
        if (found.FirstOrDefault(server => server.Model is not null || bare is not null) is { } first)
        {
            var name = _known.Find(first.Server.Provider)?.Title ?? first.Server.Provider;
            var local = new Selected(first.Server.Provider, bare ?? first.Model, $"{name} answers at {first.Server.Root}");
            return await ChooseAsync(local, wish with { BaseUrl = first.Server.BaseUrl }, cancellationToken);
        }

        return bare is not null ? Unplaced(bare) : new NothingConfigured([.. found.Select(server => $"{_known.Find(server.Server.Provider)?.Title} answers at {server.Server.Root} but has no model: {server.Server.Pull}.")]);
    }

    private ProviderProblem Unplaced(string model)
    {
        var providers = string.Join(", ", _known.Providers.Select(known => known.Name));
        return model.IndexOf('/') is > 0 and var slash
            ? new($"There is no provider '{model[..slash]}', and none is configured for a model '{model}'.", $"The providers are {providers}; `bridle init` sets one up, also one of your own by --provider {model[..slash]} and --base-url.")
            : new($"No provider is configured for the model '{model}'.", $"Write it as provider/model, such as anthropic/{model}, and set that provider's key, or run `bridle init`.");
    }

    /// <summary>The provider that a wish or what is configured names, before anything is asked about it; null when all is silent.</summary>
    internal string? NamedProvider(ModelWish wish) => _selection.Select(wish).Selected?.Provider;

    private static ProviderProblem? Invalid(ModelWish wish)
    {
        foreach (var (flag, value) in new[] { ("--base-url", wish.BaseUrl), ("--local-url", wish.LocalUrl) })
        {
            if (value is not null && Address(value) is null)
            {
                return new($"{flag} is '{value}', which is not an address.", "Give an address that begins with http:// or https://.");
            }
        }

        return wish.Model is not { } model ? null
            : string.IsNullOrWhiteSpace(model) ? new("--model is empty.", "Give it as provider/model.")
            : model.EndsWith('/') ? new($"--model is '{model}', which names a provider and no model.", "Give it as provider/model.")
            : null;
    }

    private async Task<ProviderOutcome> ChooseAsync(Selected selected, ModelWish wish, CancellationToken cancellationToken)
    {
        var known = _known.Find(selected.Provider);
        var own = OwnSettings(selected.Provider);
        var api = wish.Api ?? own?.Api ?? known?.Api ?? "openai";
        if (api == "rehearsal")
        {
            return new ProviderChosen(new(selected.Provider, api, null, selected.Model ?? "rehearsal", null, selected.Because));
        }

        var moved = wish.LocalUrl ?? wish.BaseUrl ?? (known is not null && SeedVariables.AddressVariable(known, _environment) is { } variable ? _environment[variable] : null) ?? own?.BaseUrl;
        if ((moved ?? known?.BaseUrl) is not { } written || Address(written) is not { } address)
        {
            return new ProviderProblem(
                moved is null ? $"Nothing says where the provider '{selected.Provider}' is served." : $"The address of the provider '{selected.Provider}' is '{moved}', which is not one.",
                $"Set providers.{selected.Provider}.baseUrl in your settings, or give --base-url, beginning with http:// or https://.");
        }

        var model = await ModelAsync(selected, known, own, cancellationToken);
        if (model is null)
        {
            return new ProviderProblem($"Nothing says which model of '{selected.Provider}' to use.", $"Give it with --model {selected.Provider}/NAME, or set it in your settings.");
        }

        var key = await _keys.FindAsync(selected.Provider, known, own, cancellationToken);
        if (KeyProblem(selected, known, own, moved is not null, key) is { } problem)
        {
            return problem;
        }

        return new ProviderChosen(new(selected.Provider, api, WithUsualPath(selected.Provider, address), model, key.Key ?? (selected.Provider == "local" ? "ollama" : null), selected.Because)
        {
            KeyFrom = key.From,
            Headers = own?.Headers ?? new Dictionary<string, string>(),
            ContextWindow = own?.ContextWindow,
            MaxOutputTokens = own?.MaxOutputTokens,
            Tools = own?.Tools is "auto" ? null : own?.Tools,
            WebGrounding = own?.WebGrounding is true,
            IsElsewhere = (wish.LocalUrl ?? wish.BaseUrl) is not null && known?.BaseUrl is { } usual && new Uri(usual).Host != address.Host,
        });
    }

    private async Task<string?> ModelAsync(Selected selected, KnownProvider? known, ProviderSettings? own, CancellationToken cancellationToken)
    {
        // CLAUDE_MODEL and its like beat settings; a flag or BRIDLE_MODEL beats both.
        var fromVariable = known?.ModelVariable is { } variable ? _environment[variable] : null;
        var said = selected.Because == "your settings" ? fromVariable ?? selected.Model : selected.Model ?? fromVariable;
        if ((said ?? own?.Model ?? known?.DefaultModel) is { } model)
        {
            return model;
        }

        return _known.LocalServers.Any(server => server.Provider == selected.Provider)
            ? (await _findLocalServers(cancellationToken)).FirstOrDefault(found => found.Server.Provider == selected.Provider)?.Model
            : null;
    }

    private static ProviderProblem? KeyProblem(Selected selected, KnownProvider? known, ProviderSettings? own, bool moved, FoundKey key)
    {
        if (key.Problem is { } failed)
        {
            return new(failed, $"Correct providers.{selected.Provider}.apiKeyHelper in your settings.");
        }

        if (key.Key is not null)
        {
            return null;
        }

        if (own?.KeyEnv is { } named)
        {
            return new($"There is no key for '{selected.Provider}': {named} is not set.", $"Set {named}, or store the key itself: `bridle init --provider {selected.Provider} --key-stdin`.");
        }

        return known is { Keyless: false } && !moved
            ? new($"There is no key for {known.Title}.", $"Set {string.Join(" or ", known.KeyVariables)}, or run `bridle init`. Keys are made at {known.KeysAt}.")
            : null;
    }

    private ProviderSettings? OwnSettings(string provider)
    {
        var own = _settings.Providers?.GetValueOrDefault(provider);
        return provider == "anthropic" && (_settings.ApiKey ?? _settings.BaseUrl) is not null
            ? (own ?? new()) with { ApiKey = own?.ApiKey ?? _settings.ApiKey, BaseUrl = own?.BaseUrl ?? _settings.BaseUrl }
            : own;
    }

    // A server that somebody named by host and port alone has its protocol where such servers usually have it.
    private Uri WithUsualPath(string provider, Uri address) =>
        address.AbsolutePath is "/" && address.Query.Length == 0 && _known.LocalServers.FirstOrDefault(server => server.Provider == provider) is { } usual && new Uri(usual.BaseUrl).AbsolutePath is { Length: > 1 } path
            ? new(address, path) : address;

    private static Uri? Address(string text) => Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https") ? uri : null;
}
