using System.Text;
using System.Text.RegularExpressions;
using Bridle.Sandboxing;

namespace Bridle.Hosting.Toolchains;

/// <summary>The hosts that a toolchain's packages come from: the usual ones, and those that are configured.</summary>
internal sealed class RegistryHosts(HostEnvironment environment, string folder, bool isTrusted)
{
    private const int MostBytes = 256 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// A rule for each. A host from our table or from the person's own configuration may lead into a private network, as the mirror of a company does;
    /// one that a project names may not, and counts only in a trusted folder.
    /// </summary>
    public IEnumerable<DomainRule> Of(Toolchain toolchain)
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

            foreach (var file in isTrusted ? source.ProjectFiles : [])
            {
                foreach (var address in Addresses(Read(Path.Combine(folder, file)), source.Pattern))
                {
                    if (Rule(address, file) is { IsThisMachine: false } rule)
                    {
                        yield return rule;
                    }
                }
            }
        }
    }

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
        var found = new List<string>();
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
