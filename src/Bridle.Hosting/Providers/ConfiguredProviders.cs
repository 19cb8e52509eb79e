namespace Bridle.Hosting.Providers;

/// <summary>Every provider that could be used as things stand: those with settings, a key or an address, and the local servers that answer.</summary>
public static class ConfiguredProviders
{
    /// <summary>Finds them, in the order of the known list, the person's own after them. Providers whose key is missing are left out.</summary>
    public static async Task<IReadOnlyList<ProviderChoice>> FindAsync(
        HostFiles files, Func<CancellationToken, Task<IReadOnlyList<LocalServerFound>>> findLocalServers, CancellationToken cancellationToken)
    {
        var running = await findLocalServers(cancellationToken);
        var named = files.Layers.Effective.Providers?.Keys ?? [];
        var candidates = KnownProviders.Default.Providers.Where(known => !known.Keyless).Select(known => known.Name).Concat(named).Distinct();
        var found = new List<ProviderChoice>();
        foreach (var candidate in candidates)
        {
            // The name of the model does not matter for a list.
            var wish = new ModelWish { Model = $"{candidate}/any" };
            if (await files.ResolveAsync(wish, _ => Task.FromResult(running), cancellationToken) is ProviderChosen { Choice: { BaseUrl: not null } choice } && choice.Provider == candidate)
            {
                found.Add(choice);
            }
        }

        found.AddRange(running.Where(server => found.All(choice => choice.Provider != server.Server.Provider)).Select(server =>
            new ProviderChoice(server.Server.Provider, KnownProviders.Default.Find(server.Server.Provider)!.Api, new(server.Server.BaseUrl), server.Model ?? "any", null, "it answers")));
        return found;
    }
}
