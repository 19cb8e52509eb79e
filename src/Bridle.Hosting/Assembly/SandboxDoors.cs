using Bridle.Hosting.Networking;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Toolchains;
using Bridle.Hosting.Trust;
using Bridle.Permissions;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Hosting.Assembly;

/// <summary>What makes confinement usable: the hosts that confined programs may reach, and the toolchains' own caches. Dispose when the session ends.</summary>
internal sealed class SandboxDoors : IAsyncDisposable
{
    private readonly ConfinedNetwork? _network;
    private readonly ToolchainPlan _toolchains;

    private readonly UnaskedNetworks? _unasked;

    private SandboxDoors(ConfinedNetwork? network, ToolchainPlan toolchains, UnaskedNetworks? unasked) => (_network, _toolchains, _unasked) = (network, toolchains, unasked);

    /// <summary>The hosts that were asked for in vain; null without a proxy.</summary>
    public RefusedHosts? Refused => _network?.Refused;

    /// <summary>What commands may reach that nobody was asked about.</summary>
    public UnaskedNetwork? Unasked => _unasked is { } networks ? new(_toolchains.Fetching, networks.For) : null;

    /// <summary>The toolchains that were found or asked for.</summary>
    public IReadOnlyList<string> Toolchains => _toolchains.Names;

    /// <summary>Opens them for a session.</summary>
    public static SandboxDoors Open(HarnessRequest request, HostFiles files, string root, List<string> notices)
    {
        var allow = files.Layers.ManagedAllowOnly ? [] : request.Allow;
        var flags = allow.Select(text => new WrittenRule("allow", text, SettingsOrigin.CommandLine, "the command line"))
            .Concat(request.Deny.Select(text => new WrittenRule("deny", text, SettingsOrigin.CommandLine, "the command line")));
        return Open(files.Environment, root, files.Layers.Effective.Sandbox, [.. files.Layers.Rules, .. flags], files.Trust.IsTrusted, request.Time, notices, host => files.Trust.MayRun(ProjectPrograms.Registry, host));
    }

    /// <summary>
    /// Opens them for a workspace. <paramref name="rules"/> are the permission rules of all layers: a <c>WebFetch(domain:…)</c> rule speaks of programs as well, and one
    /// of a project opens something only once it is trusted, and a registry that it names once that very host was (<paramref name="isApproved"/>). What is wrong with a rule goes to <paramref name="notices"/>.
    /// </summary>
    public static SandboxDoors Open(HostEnvironment environment, string root, SandboxSettings? settings, IReadOnlyList<WrittenRule> rules, bool isTrusted, TimeProvider time, List<string> notices, Func<string, bool>? isApproved = null)
    {
        var toolchains = ToolchainPlan.For(environment, root, settings?.Toolchains, isTrusted, isApproved: isApproved);
        notices.AddRange((settings?.Toolchains ?? []).Where(name => Toolchain.Known.All(one => one.Name != name))
            .Select(name => $"sandbox.toolchains names '{name}', which is not known. There are {string.Join(", ", Toolchain.Known.Select(one => one.Name))}."));
        var domains = Domains(settings, rules, isTrusted, notices);
        var network = ConfinedNetwork.Open(domains.With(toolchains.Registries), time);
        return new(network, toolchains, network is null ? null : new UnaskedNetworks(toolchains, domains.Deny, time, network.Refused));
    }

    /// <summary>The profile with what they add to it.</summary>
    public SandboxProfile AddTo(SandboxProfile profile) => profile with
    {
        Network = profile.Network is SandboxNetwork.Nothing && _network is { } network ? network.Network : profile.Network,
        Mounts = [.. profile.Mounts, .. _toolchains.Mounts],
        UnixSockets = profile.UnixSockets || _toolchains.UnixSockets,
        PassedVariables = [.. profile.PassedVariables, .. _toolchains.Passed],
        Environment = new Dictionary<string, string>([.. _toolchains.Environment.Where(one => !profile.Environment.ContainsKey(one.Key)), .. profile.Environment]),
    };

    public async ValueTask DisposeAsync()
    {
        if (_unasked is not null)
        {
            await _unasked.DisposeAsync();
        }

        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }

    /// <summary>The network rules of settings and permission rules.</summary>
    internal static DomainRules Domains(SandboxSettings? settings, IReadOnlyList<WrittenRule> rules, bool isTrusted, List<string> notices)
    {
        var (allow, deny) = (new List<DomainRule>(), new List<DomainRule>());
        void Add(List<DomainRule> to, string text, string source, bool mayBePrivate = false)
        {
            if (DomainRule.Parse(text, source, out var problem) is not { } rule)
            {
                notices.Add(problem);
            }
            else if (mayBePrivate && rule.Host.Contains('*', StringComparison.Ordinal))
            {
                notices.Add($"'{text}' in {source} must be one host, without '*'; it is ignored.");
            }
            else
            {
                to.Add(rule with { MayBePrivate = mayBePrivate });
            }
        }

        foreach (var text in settings?.Network?.AllowedDomains ?? [])
        {
            Add(allow, text, "sandbox.network.allowedDomains");
        }

        foreach (var text in settings?.Network?.PrivateDomains ?? [])
        {
            Add(allow, text, "sandbox.network.privateDomains", mayBePrivate: true);
        }

        foreach (var text in settings?.Network?.DeniedDomains ?? [])
        {
            Add(deny, text, "sandbox.network.deniedDomains");
        }

        foreach (var rule in rules)
        {
            var verdict = PolicyAssembly.VerdictOf(rule);
            foreach (var host in verdict is Verdict.Ask ? [] : PermissionRule.Parse(rule.Text, verdict, PolicyAssembly.SourceOf(rule, isTrusted)).Rule?.Hosts ?? [])
            {
                Add(verdict is Verdict.Deny ? deny : allow, host, rule.Source);
            }
        }

        return new(allow, deny);
    }
}
