using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Providers;

/// <summary>Which provider, and which model of it if one was named.</summary>
internal sealed record Selected(string Provider, string? Model, string Because);

/// <summary>
/// Decides which provider a session uses: a flag, the environment's model variables, settings, a key in the environment, a stored key.
/// Local servers are asked only when all of these are silent, and by the caller.
/// </summary>
internal sealed class ProviderSelection(KnownProviders known, HostEnvironment environment, BridleSettings settings, KeySources keys, IReadOnlyDictionary<string, string> stored)
{
    /// <summary>The general model variable.</summary>
    public const string ModelVariable = "BRIDLE_MODEL";

    /// <summary>The choice of the flags, else of what is configured; null when all is silent. May name a model without a provider.</summary>
    public (Selected? Selected, string? Bare) Select(ModelWish wish)
    {
        if (wish.Local || wish.LocalUrl is not null || wish.LocalModel is not null)
        {
            var model = wish.LocalModel ?? (wish.Model?.StartsWith("local/", StringComparison.Ordinal) == true ? wish.Model["local/".Length..] : wish.Model);
            return (new("local", model, "--local"), null);
        }

        if (wish.Model is { } named)
        {
            return Split(named, "--model", wish);
        }

        if (wish.BaseUrl is not null || wish.Api is not null)
        {
            return (Moved(wish, null), null);
        }

        return (Configured(), Bare());
    }

    /// <summary>What holds when the command line is silent.</summary>
    public Selected? Configured()
    {
        if (environment[ModelVariable] is { } variable && Split(variable, ModelVariable, new()) is { Selected: { } byVariable })
        {
            return byVariable;
        }

        return Underlying(fromSettings: true);
    }

    /// <summary>A model named in the environment or in settings that no provider is known for, or null.</summary>
    private string? Bare() => environment[ModelVariable] ?? settings.Model;

    private Selected? Underlying(bool fromSettings)
    {
        var anthropic = known.Find("anthropic");
        if (anthropic?.ModelVariable is { } claude && environment[claude] is { } model && IsConfigured("anthropic"))
        {
            return new("anthropic", model, claude);
        }

        if (fromSettings && settings.Model is { } named && Split(named, "your settings", new()) is { Selected: { } bySettings })
        {
            return bySettings;
        }

        if (settings.Providers?.Keys.FirstOrDefault(name => settings.Providers[name].Model is not null || settings.Providers.Count == 1) is { } own)
        {
            return new(own, null, "your settings");
        }

        foreach (var provider in known.Providers.Where(provider => !provider.Keyless))
        {
            if (keys.VariableFor(provider, null) is { } key)
            {
                return new(provider.Name, null, key);
            }
        }

        if (known.Providers.FirstOrDefault(provider => !provider.Keyless && Address(provider) is not null) is { } moved)
        {
            return new(moved.Name, null, moved.BaseUrlVariable!);
        }

        var first = known.Providers.Select(provider => provider.Name).FirstOrDefault(stored.ContainsKey) ?? (settings.ApiKey is not null ? "anthropic" : null);
        return first is null ? null : new(first, null, stored.ContainsKey(first) ? "the keys stored by bridle init" : "your settings");
    }

    /// <summary>Splits at the first slash when the left part is a configured provider; else the whole is a name for the current provider.</summary>
    private (Selected? Selected, string? Bare) Split(string name, string because, ModelWish wish)
    {
        var slash = name.IndexOf('/');
        var left = slash > 0 ? name[..slash] : null;
        if (left is null && name == "rehearsal")
        {
            return (new("rehearsal", name, because), null);
        }

        if (left is not null && IsConfigured(left))
        {
            return (new(left, name[(slash + 1)..], because), null);
        }

        if (wish.BaseUrl is not null || wish.Api is not null)
        {
            return (wish.Current is { } of ? new(of, left == of ? name[(slash + 1)..] : name, because) : Moved(wish, name), null);
        }

        // The current provider: for the flag it may come from settings, for settings it may not come from themselves.
        var current = wish.Current is { } given ? new(given, null, because) : because == "--model" ? Configured() : Underlying(fromSettings: false);
        if (left is not null && known.Find(left) is not null && (current is null || !TakesSlashes(current.Provider)))
        {
            return (new(left, name[(slash + 1)..], because), null);
        }

        return current is null ? (null, name) : (new(current.Provider, name, because), null);
    }

    /// <summary>The provider meant by an address or a protocol alone: the current one if it speaks that protocol, else the protocol's namesake.</summary>
    private Selected Moved(ModelWish wish, string? model)
    {
        var because = wish.BaseUrl is not null ? "--base-url" : "--api";
        if (Configured() is { } current && (wish.Api is null || ApiOf(current.Provider) == wish.Api))
        {
            return new(current.Provider, model ?? current.Model, because);
        }

        var namesake = wish.Api switch { "anthropic" => "anthropic", "gemini" => "gemini", "ollama" => "ollama", _ => "openai" };
        return new(namesake, model, because);
    }

    private string? ApiOf(string provider) => settings.Providers?.GetValueOrDefault(provider)?.Api ?? known.Find(provider)?.Api;

    private bool TakesSlashes(string provider) => known.Find(provider)?.SlashNames ?? true;

    private bool IsConfigured(string name) =>
        settings.Providers?.ContainsKey(name) == true
        || stored.ContainsKey(name)
        || (known.Find(name) is { } provider
            && (provider.Keyless || keys.Has(name, provider, null) || Address(provider) is not null || (name == "anthropic" && settings.ApiKey is not null)));

    private string? Address(KnownProvider provider) => SeedVariables.AddressVariable(provider, environment) is { } variable ? environment[variable] : null;
}
