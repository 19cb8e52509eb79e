using Bridle.Hosting.Toolchains;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Networking;

/// <summary>The networks of commands that nobody was asked about, each opened when the first command needs it. Safe to use concurrently.</summary>
internal sealed class UnaskedNetworks(ToolchainPlan toolchains, IReadOnlyList<DomainRule> denied, TimeProvider time, RefusedHosts told) : IAsyncDisposable
{
    private readonly Dictionary<string, ConfinedNetwork> _open = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>The registries of those toolchains and nothing else; what denials close stays closed.</summary>
    public SandboxNetwork For(IReadOnlyList<string> names)
    {
        var key = string.Join(',', names);
        lock (_lock)
        {
            if (!_open.TryGetValue(key, out var network))
            {
                var rules = new DomainRules([.. names.SelectMany(name => toolchains.RegistriesOf.GetValueOrDefault(name) ?? []).Distinct()], denied);
                if (ConfinedNetwork.OpenForUnasked(rules, time, told) is not { } opened)
                {
                    return SandboxNetwork.None;
                }

                _open[key] = network = opened;
            }

            return network.Network;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var network in _open.Values)
        {
            await network.DisposeAsync();
        }
    }
}
