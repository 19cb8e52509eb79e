using Bridle.Hosting.Providers;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Models.Catalog;

namespace Bridle.Hosting;

/// <summary>What a start reads before it decides anything: folders, settings, stored keys, the model list. Also what <c>doctor</c> shows.</summary>
/// <param name="Environment">The surroundings, with the variables that settings add.</param>
/// <param name="Folders">Where things are.</param>
/// <param name="Layers">The settings.</param>
/// <param name="Keys">The stored keys by provider.</param>
/// <param name="Catalog">The models that providers listed.</param>
/// <param name="Notices">What should be said, one line each.</param>
/// <param name="Problem">Why nothing may be started, or null.</param>
public sealed record HostFiles(
    HostEnvironment Environment, BridleFolders Folders, LayeredSettings Layers, IReadOnlyDictionary<string, string> Keys, ModelCatalog Catalog,
    IReadOnlyList<string> Notices, HarnessRefused? Problem)
{
    /// <summary>The full name of the model that answered last, taken when nothing names a model; null for none.</summary>
    public string? PreviousModel { get; init; }

    /// <summary>Which files count beside the administrator's and the flag's.</summary>
    public IReadOnlySet<SettingsOrigin> Sources { get; init; } = SettingsPlaces.AllSources;

    /// <summary>The deny rules of the command line.</summary>
    public IReadOnlyList<string> DeniedByFlags { get; init; } = [];

    /// <summary>Whether the folder is trusted, and what of it may run.</summary>
    public required WorkingTrust Trust { get; init; }

    /// <summary>What to say of a folder to work in that is none.</summary>
    internal static string NoFolder(string folder) => File.Exists(folder) ? $"{folder} is a file, not a folder." : $"The folder {folder} does not exist.";

    /// <summary>Reads it all for work in a folder. Writes nothing.</summary>
    public static HostFiles Read(HostEnvironment environment, string folder) => Read(new(environment, folder));

    /// <summary>Reads it all for a request. Writes nothing.</summary>
    public static HostFiles Read(HarnessRequest request)
    {
        var (environment, folder) = (request.Environment, request.Folder);
        var folders = BridleFolders.For(environment);
        var trust = new WorkingTrust(FolderTrust.Read(folders.State), folder, request.TrustFolder);
        var places = new SettingsPlaces(environment, folders, folder) { CommandLine = request.Settings, Sources = request.SettingSources ?? SettingsPlaces.AllSources, Trusts = trust.Store.IsTrusted };
        var layers = LayeredSettings.Load(places, trust.IsTrusted);
        var (keys, keyProblem) = new Credentials(folders.Credentials).Read();
        var surroundings = environment.With(layers.OwnVariables);
        var dotEnv = DotEnv.Read(trust, surroundings, KnownProviders.Default);
        surroundings = surroundings.With(dotEnv.Variables);
        var notices = new[] { folders.Notice, trust.Store.Problem }.OfType<string>().Concat(dotEnv.Notices).Concat(layers.Notices);
        var problem = layers.Errors.Count > 0 ? new HarnessRefused("settings", string.Join(' ', layers.Errors), "") : keyProblem is not null ? new HarnessRefused("settings", keyProblem, "")
            : WireSettings.Problem(surroundings) is { } variable ? new HarnessRefused("settings", variable, "Correct it, or unset it.") : null;
        var read = new HostFiles(surroundings, folders, layers, keys, new ModelCatalog(folders.ModelList), [.. notices], problem)
        {
            PreviousModel = Providers.PreviousModel.Read(folders.PreviousModel),
            Trust = trust,
            Sources = places.Sources,
            DeniedByFlags = request.Deny,
        };
        return read with { Problem = read.Problem ?? Hooks.HookFiles.Problem(read) };
    }

    /// <summary>Picks the provider from all that.</summary>
    public async Task<ProviderOutcome> ResolveAsync(
        ModelWish wish, Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> findLocalServers, CancellationToken cancellationToken)
        => await ResolveAsync(wish, findLocalServers, Resolution(findLocalServers), cancellationToken);

    internal async Task<ProviderOutcome> ResolveAsync(
        ModelWish wish, Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> findLocalServers, ProviderResolution resolution, CancellationToken cancellationToken)
    {
        if (PreviousModel is { } before && Providers.PreviousModel.Counts(wish, Environment, Layers.Effective)
            && await resolution.ResolveAsync(new() { Model = before }, cancellationToken) is ProviderChosen { Choice: var choice }
            && await Providers.PreviousModel.HoldsAsync(choice, before, this, findLocalServers, cancellationToken))
        {
            return new ProviderChosen(choice with { Because = "being used last" });
        }

        return await resolution.ResolveAsync(wish, cancellationToken);
    }

    internal ProviderResolution Resolution(
        Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> findLocalServers, Func<string, CancellationToken, Task<FoundKey>>? runKeyHelper = null) =>
        new(KnownProviders.Default, Environment, Layers.Effective, Keys, findLocalServers, runKeyHelper ?? ((command, token) => KeySources.RunHelperAsync(command, PersonsPath.For(this), token)));

    /// <summary>Looks for local servers where they usually are.</summary>
    public static Task<IReadOnlyList<LocalServerFound>> FindLocalServersAsync(CancellationToken cancellationToken) =>
        new LocalServerSearch(KnownProviders.Default.LocalServers).FindAsync(cancellationToken);
}
