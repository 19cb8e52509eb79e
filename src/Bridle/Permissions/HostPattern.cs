using System.Net;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>Host names as rules name them, and addresses that lead into the own network.</summary>
internal static class HostPattern
{
    public static string Normalise(string host) => host.TrimEnd('.').ToLowerInvariant();

    /// <summary><c>*</c> is every host, <c>*.example.com</c> every host below it, another <c>*</c> stays within one label.</summary>
    public static bool Matches(string pattern, string host)
    {
        host = Normalise(host);
        if (pattern == "*")
        {
            return true;
        }

        if (pattern.StartsWith("*.", StringComparison.Ordinal))
        {
            return host.EndsWith(pattern[1..], StringComparison.Ordinal) && host.Length > pattern.Length - 1;
        }

        var (labels, parts) = (host.Split('.'), pattern.Split('.'));
        return labels.Length == parts.Length && labels.Zip(parts).All(pair => Wildcard.Matches(pair.Second, pair.First, StringComparison.Ordinal));
    }

    /// <summary>Reads a web address; null with a reason when it is none that may be fetched.</summary>
    public static Uri? Read(string text, out string problem)
    {
        problem = "";
        if (text.Any(c => c is '\\' or <= ' ' or '\x7f') || !Uri.TryCreate(text, UriKind.Absolute, out var address))
        {
            problem = "it is not a web address";
        }
        else if (address.Scheme is not ("http" or "https"))
        {
            problem = $"only http and https can be fetched, not {address.Scheme}";
        }
        else if (address.UserInfo.Length > 0)
        {
            problem = "it carries a user name, which can hide the real host";
        }
        else if (address.Host.Length == 0)
        {
            problem = "it has no host";
        }
        else if (IsOwnNetwork(address.Host))
        {
            problem = $"{address.Host} lies in a private network or is this machine";
        }
        else
        {
            return address;
        }

        return null;
    }

    /// <summary>Whether the host is, by its spelling alone, this machine or a private network. Names are checked again when they are connected to.</summary>
    public static bool IsOwnNetwork(string host)
    {
        host = Normalise(host.Trim('[', ']'));
        if (host is "localhost" || host.EndsWith(".localhost", StringComparison.Ordinal) || host.EndsWith(".internal", StringComparison.Ordinal) || host.EndsWith(".local", StringComparison.Ordinal))
        {
            return true;
        }

        return IPAddress.TryParse(host, out var ip) && !PublicAddresses.Contains(ip);
    }
}
