using Bridle.Models.Catalog;

namespace Bridle.Hosting.Providers;

/// <summary>Which model of a server's list a start takes.</summary>
/// <param name="Name">Its name at the server, or null when somebody has to choose.</param>
/// <param name="Why">Why none could be taken, for a person; null when one was.</param>
public sealed record ListedChoice(string? Name, string? Why);

/// <summary>
/// The start of llm-agent-harness: one server, a list of its models in a file, and the model used last. A model is taken from the list or chosen by a person, never guessed.
/// </summary>
/// <param name="Server">The server, or null when there is none, as for the built-in model.</param>
/// <param name="Given">The model that a flag, the environment or settings name, or null.</param>
/// <param name="Previous">The model of this server that was used last, or null.</param>
/// <param name="Problem">Why there is nothing to ask, or null.</param>
public sealed record SeedModels(InferenceServer? Server, string? Given, string? Previous, HarnessRefused? Problem)
{
    /// <summary>Whether the list decides. It does for servers that people run themselves, whose models come and go; a vendor's model is taken as it is named.</summary>
    public bool IsListed { get; private init; }

    /// <summary>Finds the server. Asks the network only whether local servers answer, and that only when nothing says which one is meant.</summary>
    /// <param name="files">What the start read.</param>
    /// <param name="request">The request with its flags.</param>
    /// <param name="onlyServers">Nothing but the three servers counts: Ollama when nothing names another.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<SeedModels> FindAsync(HostFiles files, HarnessRequest request, bool onlyServers, CancellationToken cancellationToken)
    {
        var find = request.FindLocalServers ?? HostFiles.FindLocalServersAsync;
        var named = files.Environment[SeedVariables.Provider] ?? (onlyServers ? SeedVariables.DefaultProvider : null);
        var outcome = named is null ? await files.ResolveAsync(request.Wish, find, cancellationToken) : null;
        if (named is not null && request.Wish.Model is { } wanted && files.Catalog.Find(named, wanted) is null
            && await files.ResolveAsync(request.Wish with { Current = named }, find, cancellationToken) is ProviderChosen elsewhere && elsewhere.Choice.Provider != named)
        {
            // provider/model, and that provider is configured: it was meant.
            (named, outcome) = (null, elsewhere);
        }

        // What is written down, then the habit, then a server that answers; Ollama where somebody says where that is, and where nothing says anything.
        var provider = named ?? files.Resolution(find).NamedProvider(request.Wish)
            ?? (outcome is ProviderChosen { Choice: var chosen } && (files.Environment[SeedVariables.Address] is null || chosen.FullName == files.PreviousModel) ? chosen.Provider : SeedVariables.DefaultProvider);
        if (KnownProviders.Default.Find(provider) is not { Keyless: true, Api: not "rehearsal" } || request.Wish is { Local: true } or { LocalUrl: not null } or { LocalModel: not null })
        {
            return outcome switch
            {
                ProviderProblem wrong => new(null, null, null, new("provider", wrong.Message, wrong.Advice)),
                ProviderChosen { Choice: { BaseUrl: not null } vendor } => new(new(vendor, files.Catalog, request.Time), null, null, null),
                _ => new(null, null, null, null),
            };
        }

        // Without a model of its own: that is what the list is for.
        var wish = request.Wish with { Model = $"{provider}/any", Current = provider };
        var found = outcome is ProviderChosen { Choice: var local } && local.Provider == provider ? local : await files.ResolveAsync(wish, find, cancellationToken) switch
        {
            ProviderChosen { Choice: var choice } => choice,
            _ => null,
        };
        return found is null
            ? new(null, null, null, new("provider", $"The provider '{provider}' cannot be used.", $"Check {SeedVariables.Address}, or --base-url."))
            : Of(files, request, found, provider);
    }

    /// <summary>The model for a start: one that is named and listed, else, when none is named, the one used last if it is listed.</summary>
    public ListedChoice Choose()
    {
        var listed = Server!.Models;
        bool Has(string name) => listed.Any(entry => entry.Model == name);
        return Given is { } given ? (Has(given) ? new(given, null) : new(null, $"{Server.Title} does not list the model '{given}'."))
            : Previous is not { } before ? new(null, "No model is named, and none was used before.")
            : Has(before) ? new(before, null)
            : new(null, $"No model is named, and {Server.Title} does not list the one used last, '{before}'.");
    }

    /// <summary>The wish for a model of the server.</summary>
    public ModelWish Wish(ModelWish flags, string model) =>
        flags with { Model = $"{Server!.Choice.Provider}/{model}", Current = Server.Choice.Provider, BaseUrl = Server.Choice.BaseUrl!.ToString(), Api = Server.Choice.Api };

    private static SeedModels Of(HostFiles files, HarnessRequest request, ProviderChoice choice, string provider)
    {
        var settings = files.Layers.Effective;
        var server = new InferenceServer(choice, files.Catalog, request.Time);
        var said = request.Wish.Model
            ?? new[] { files.Environment[ProviderSelection.ModelVariable], settings.Model, settings.Providers?.GetValueOrDefault(provider)?.Model }.FirstOrDefault(name => name is not null && IsOf(name, provider, server.Models));
        return new(server, said is null ? null : Bare(said, provider, server.Models), files.PreviousModel is { } before && before.StartsWith(provider + "/", StringComparison.Ordinal) ? before[(provider.Length + 1)..] : null, null) { IsListed = true };
    }

    // What the environment or settings name may be for another provider than the one that is asked now.
    private static bool IsOf(string name, string provider, IReadOnlyList<CatalogEntry> listed) =>
        name.IndexOf('/') is var slash && (slash < 0 || name[..slash] == provider || listed.Any(entry => entry.Model == name) || KnownProviders.Default.Find(name[..slash]) is null);

    // Names of models may begin like a provider's: what the list has is meant.
    private static string Bare(string name, string provider, IReadOnlyList<CatalogEntry> listed) =>
        !name.StartsWith(provider + "/", StringComparison.Ordinal) || listed.Any(entry => entry.Model == name) ? name : name[(provider.Length + 1)..];
}
