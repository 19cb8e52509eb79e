using System.Text;
using System.Text.RegularExpressions;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Toolchains;

/// <summary>The hosts that a toolchain's packages come from: the usual ones, and those that are configured.</summary>
internal sealed class RegistryHosts(HostEnvironment environment, string folder, Func<string, bool> isApproved)
{
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// A rule for each. A host from our table or from the person's own configuration may lead into a private network, as the mirror of a company does;
    /// one that a project names may not, and counts only when the person has approved it: the model writes the files that name it.
    /// </summary>
    public IEnumerable<DomainRule> Of(Toolchain toolchain) => OfPerson(toolchain).Concat(OfProject(toolchain).Where(rule => isApproved(NameOf(rule))));

    /// <summary>What a project's own files name beyond what is open anyway: each host as it is approved, and the file.</summary>
    public static IEnumerable<(string Host, string File)> NamedByProject(HostEnvironment environment, string folder)
    {
        var hosts = new RegistryHosts(environment, folder, _ => true);
        return Toolchain.Known.SelectMany(one => hosts.OfProject(one).Where(rule => !hosts.OfPerson(one).Any(open => open.Host == rule.Host && open.Port == rule.Port)))
            .Select(rule => (NameOf(rule), rule.Source)).Distinct();
    }

    private static string NameOf(DomainRule rule) => rule.Port is { } port ? $"{rule.Host}:{port}" : rule.Host;

    private IEnumerable<DomainRule> OfPerson(Toolchain toolchain)
    {
        foreach (var host in toolchain.Hosts)
        {
            yield return new DomainRule(host, null, $"the registries of {toolchain.Name}") { MayBePrivate = true };
        }

        foreach (var source in toolchain.Sources)
        {
            foreach (var (address, from) in Own(source))
            {
                if (Rule(address, from) is { } rule)
                {
                    yield return rule with { MayBePrivate = true };
                }
            }
        }
    }

    private IEnumerable<DomainRule> OfProject(Toolchain toolchain) =>
        toolchain.Sources.SelectMany(source => source.ProjectFiles.SelectMany(file => Addresses(Read(Path.Combine(folder, file)), source.Pattern).Select(address => Rule(address, file))))
            .OfType<DomainRule>().Where(rule => !rule.IsThisMachine);

    private IEnumerable<(string Address, string From)> Own(RegistrySource source)
    {
        foreach (var file in source.Files)
        {
            foreach (var address in Addresses(Read(InHome(environment, file)), source.Pattern))
            {
                yield return (address, file);
            }
        }

        foreach (var variable in source.Variables)
        {
            foreach (var address in (environment[variable] ?? "").Split([' ', ',', '|', '\n'], StringSplitOptions.RemoveEmptyEntries))
            {
                yield return (address, variable);
            }
        }
    }

    /// <summary>A path that may begin with <c>~/</c>.</summary>
    public static string InHome(HostEnvironment environment, string path) => path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(environment.Home, path[2..]) : path;

    private static IEnumerable<string> Addresses(string text, string pattern)
    {
        // Most of these files are not there, or name no address; the engine for patterns is not loaded for their sake.
        var found = new List<string>();
        if (!text.Contains("://", StringComparison.Ordinal))
        {
            return found;
        }

        try
        {
            foreach (Match match in Regex.Matches(text, pattern, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, s_patience))
            {
                found.Add(match.Groups[1].Value);
            }
        }
        catch (RegexMatchTimeoutException)
        {
            // A file that takes so long was made for it; what was found until then counts.
        }

        return found;
    }

    private static DomainRule? Rule(string address, string from)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || HostName.Read(uri.Host) is not { } host)
        {
            return null;
        }

        // A usual port is named for this machine alone, whose rules need one.
        var isHere = host is "localhost" || uri.IsLoopback;
        return new DomainRule(host, uri.IsDefaultPort && !isHere ? null : uri.Port, from);
    }

    private static string Read(string path)
    {
        try
        {
            return SmallFile.Length(path) is > 0 and <= MostBytes ? Encoding.UTF8.GetString(SmallFile.Read(path, MostBytes)) : "";
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
