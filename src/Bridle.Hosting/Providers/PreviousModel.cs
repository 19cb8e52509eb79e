using System.Text;
using Bridle.Events;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Providers;

/// <summary>
/// The model that answered last. It is taken again when nothing names a model, as long as its provider can still be used; it is a habit, not a setting,
/// so whatever somebody wrote down comes before it, and it is dropped without a word when it cannot be kept.
/// </summary>
internal static class PreviousModel
{
    /// <summary>The full name, or null when there is none.</summary>
    public static string? Read(string file)
    {
        try
        {
            return File.Exists(file) && File.ReadAllText(file).Trim() is { Length: > 0 and < 500 } name && name.Contains('/') && !name.Any(char.IsControl) ? name : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether nothing but a habit could say which model to use.</summary>
    public static bool Counts(ModelWish wish, HostEnvironment environment, BridleSettings settings) =>
        wish == new ModelWish()
        && environment[ProviderSelection.ModelVariable] is null && settings.Model is null
        && settings.Providers?.Values.Any(provider => provider.Model is not null) is not true
        && KnownProviders.Default.Providers.All(provider => provider.ModelVariable is not { } variable || environment[variable] is null);

    /// <summary>Whether the choice can be kept: it is the model that was meant, and a server on this machine that nobody configured answers.</summary>
    public static async Task<bool> HoldsAsync(
        ProviderChoice choice, string name, HostFiles files, Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> findLocalServers, CancellationToken cancellationToken)
    {
        if (choice.FullName != name || choice.Api == "rehearsal")
        {
            return false;
        }

        var known = KnownProviders.Default.Find(choice.Provider);
        var configured = known is { Keyless: false } || files.Layers.Effective.Providers?.ContainsKey(choice.Provider) is true
            || (known is not null && SeedVariables.AddressVariable(known, files.Environment) is { } variable && files.Environment[variable] is not null);
        return configured || (await findLocalServers(cancellationToken)).Any(server => server.Server.Provider == choice.Provider);
    }
}

/// <summary>Keeps the name of the model that answered, for the next start.</summary>
internal sealed class PreviousModelKeeper(string file) : IEventSink
{
    private bool _own = true;
    private string? _asked;
    private string? _kept;

    public ValueTask EmitAsync(SessionEvent sessionEvent, CancellationToken cancellationToken)
    {
        switch (sessionEvent)
        {
            case Recorded { Event: RunStarted started }:
                _own = started.Role is null;
                break;
            case Recorded { Event: ModelStoodIn }:
                _own = false;
                break;
            case Recorded { Event: ModelRequested requested }:
                _asked = requested.Api == "rehearsal" || !_own ? null : requested.Model;
                break;
            case Recorded { Event: ModelReplied } when _asked is { } name && name != (_kept ??= PreviousModel.Read(file)):
                PrivateFile.Replace(file, Encoding.UTF8.GetBytes(name + "\n"));
                _kept = name;
                break;
        }

        return ValueTask.CompletedTask;
    }
}
