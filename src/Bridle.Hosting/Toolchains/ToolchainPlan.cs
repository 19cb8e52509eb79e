using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Hosting.Toolchains;

/// <summary>What a sandbox profile gives to the toolchains of a workspace, so that building and installing packages works without touching the person's own caches.</summary>
/// <param name="Names">Which toolchains.</param>
/// <param name="Mounts">The workspace's own cache, writable, and what is shown beside it.</param>
/// <param name="Environment">Variables.</param>
/// <param name="Passed">Variables of ours that are passed on.</param>
/// <param name="Registries">The hosts of their registries.</param>
/// <param name="UnixSockets">They need Unix sockets among themselves.</param>
public sealed record ToolchainPlan(
    IReadOnlyList<string> Names, IReadOnlyList<SandboxMount> Mounts, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Passed,
    DomainRules Registries, bool UnixSockets)
{
    // Where the door inside the sandbox listens.
    private const string ProxyPort = "3128";

    // Where a machine keeps the certificates that it trusts, for programs that do not look where the system does: a company's own authority is named in these.
    private static readonly string[] s_certificates =
        ["SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "GIT_SSL_CAINFO", "CARGO_HTTP_CAINFO"];

    /// <summary>The commands that fetch their packages.</summary>
    public IReadOnlyList<PackageFetching> Fetching { get; init; } = [];

    /// <summary>The hosts of the registries of each, by its name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<DomainRule>> RegistriesOf { get; init; } = new Dictionary<string, IReadOnlyList<DomainRule>>();

    /// <summary>For no toolchain.</summary>
    public static ToolchainPlan None { get; } = new([], [], new Dictionary<string, string>(), [], DomainRules.Nothing, false);

    /// <summary>
    /// Plans it, and makes the cache folder. <paramref name="wanted"/>: names from the settings; null finds out by the files of the folder.
    /// <paramref name="isTrusted"/>: the project's own configuration may name registries; <paramref name="isApproved"/>: which ones, null for all.
    /// </summary>
    public static ToolchainPlan For(HostEnvironment environment, string folder, IReadOnlyList<string>? wanted, bool isTrusted, Func<string, bool>? isApproved = null)
    {
        var chosen = Chosen(environment, folder, wanted);
        if (chosen.Count == 0)
        {
            return None;
        }

        var cache = CacheFolder(environment, folder);
        var hosts = new RegistryHosts(environment, folder, host => isTrusted && isApproved?.Invoke(host) is not false);
        var mounts = new List<SandboxMount> { new(cache, cache, Writable: true) };
        var variables = new Dictionary<string, string>();
        foreach (var toolchain in chosen)
        {
            var own = CacheTree.MakeFolder(cache, toolchain.Name);
            foreach (var (name, place) in toolchain.Caches)
            {
                variables[name] = CacheTree.MakeFolder(cache, $"{toolchain.Name}/{place}");
            }

            foreach (var shown in toolchain.Shown)
            {
                Show(environment, shown, cache, toolchain, mounts, variables);
            }

            foreach (var (name, value) in toolchain.Environment)
            {
                variables[name] = value.Replace("{cache}", own, StringComparison.Ordinal).Replace("{home}", environment.Home, StringComparison.Ordinal)
                    .Replace("{proxyHost}", "127.0.0.1", StringComparison.Ordinal).Replace("{proxyPort}", ProxyPort, StringComparison.Ordinal);
            }
        }

        return new(
            [.. chosen.Select(one => one.Name)], mounts, variables, [.. chosen.SelectMany(one => one.Passed).Concat(s_certificates).Distinct()],
            new DomainRules([.. chosen.SelectMany(hosts.Of).Distinct()], []), chosen.Any(one => one.UnixSockets))
        {
            Fetching = FetchingOf(chosen),
            RegistriesOf = chosen.ToDictionary(one => one.Name, one => (IReadOnlyList<DomainRule>)[.. hosts.Of(one)]),
        };
    }

    /// <summary>The toolchains of a folder: the ones that settings name, else those that its files show. Makes nothing.</summary>
    public static IReadOnlyList<Toolchain> Chosen(HostEnvironment environment, string folder, IReadOnlyList<string>? wanted) => wanted is null
        ? ToolchainDetection.Find(folder, Toolchain.Known, program => IsInstalled(environment, program))
        : [.. Toolchain.Known.Where(one => wanted.Contains(one.Name))];

    /// <summary>The commands of toolchains that fetch packages.</summary>
    public static IReadOnlyList<PackageFetching> FetchingOf(IEnumerable<Toolchain> toolchains) => [.. toolchains.Select(one => new PackageFetching(one.Name, one.Fetching))];

    /// <summary>
    /// The workspace's own cache, outside of everything that Bridle protects: what a confined command leaves there is read by the confined commands of the same
    /// workspace and by nothing else.
    /// </summary>
    public static string CacheFolder(HostEnvironment environment, string folder)
    {
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16];
        var caches = CachesOf(environment);
        BridleFolders.CreatePrivate(Path.GetDirectoryName(caches)!);
        return Directory.CreateDirectory(Path.Combine(caches, mark)).FullName;
    }

    /// <summary>Where the caches of all workspaces are; nothing is made.</summary>
    public static string CachesOf(HostEnvironment environment)
    {
        var root = environment["XDG_CACHE_HOME"] is { } xdg && Path.IsPathFullyQualified(xdg) ? xdg : Path.Combine(environment.Home, ".cache");
        var name = environment[BridleFolders.RootVariable] is { } given && given is not ("." or "..") && given.IndexOfAny(['/', '\\', '\0']) < 0 ? given : "bridle";
        return Path.Combine(root, name, "toolchains");
    }

    private static void Show(HostEnvironment environment, ShownFolder shown, string cache, Toolchain toolchain, List<SandboxMount> mounts, Dictionary<string, string> variables)
    {
        var source = RegistryHosts.InHome(environment, shown.Source);
        if (!Path.Exists(source))
        {
            return;
        }

        // Where the person keeps it elsewhere, their own word is passed on.
        if (shown.Variable is { } variable && !(toolchain.Passed.Contains(variable) && environment[variable] is not null))
        {
            variables[variable] = source;
        }

        if (shown.At is { } at)
        {
            var place = $"{toolchain.Name}/{at}";
            mounts.Add(new SandboxMount(source, Directory.Exists(source) ? CacheTree.MakeFolder(cache, place) : CacheTree.MakeFile(cache, place), Writable: false));
        }
    }

    internal static bool IsInstalled(HostEnvironment environment, string program) =>
        (environment["PATH"] ?? "").Split(':').Any(folder => folder.StartsWith('/') && File.Exists(Path.Combine(folder, program)));
}
