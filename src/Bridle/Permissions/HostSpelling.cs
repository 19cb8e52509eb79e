using System.Globalization;
using System.Net;
using System.Text;

namespace Bridle.Permissions;

/// <summary>The host of a web rule as people write it: <c>example.com</c>, <c>*.example.com</c>, <c>docs-*.example.com</c>, <c>example.com:8443</c>, <c>bücher.de</c>.</summary>
internal static class HostSpelling
{
    /// <summary>The host as addresses name it, with its port where there is one; null with what is wrong. An allow rule must name a host by the letters that travel.</summary>
    public static string? Read(string text, bool tightens, out string problem)
    {
        problem = "";
        if (Canonical(text) is not { } host)
        {
            problem = $"'{text}' is no host: write example.com, or *.example.com for every host below it; no scheme, no path.{(Meant(text) is { } meant ? $" Did you mean 'WebFetch(domain:{meant})'?" : "")}";
            return null;
        }

        if (!tightens && !Ascii.IsValid(text))
        {
            problem = $"an allow rule names a host by plain letters, because others look alike. Did you mean 'WebFetch(domain:{host})'?";
            return null;
        }

        return host;
    }

    /// <summary>Whether a rule that tightens speaks of the address.</summary>
    public static bool Names(string specifier, Uri address)
    {
        var (host, port) = Parted(specifier);
        return (port is null || port == address.Port) && HostPattern.Matches(host, address.IdnHost);
    }

    private static string? Canonical(string text)
    {
        var (name, port) = Parted(text);
        var below = name.StartsWith("*.", StringComparison.Ordinal);
        var host = name == "*" ? name : below ? Plain(name[2..]) : name is not ['[', ..] && PathSpelling.IsWild(name) ? Wild(name) : Plain(name);
        return host is null || (below && host.Contains(':')) ? null
            : $"{(below ? "*." : "")}{(port is not null && host.Contains(':') ? $"[{host}]" : host)}{(port is null ? "" : string.Create(CultureInfo.InvariantCulture, $":{port}"))}";
    }

    // A star stays within its label.
    private static string? Wild(string name)
    {
        name = HostPattern.Normalise(name);
        return name.Split('.').All(label => label.Length > 0 && !label.Contains("**", StringComparison.Ordinal) && label.All(c => char.IsAsciiLetterOrDigit(c) || "-_*?[]!".Contains(c))) ? name : null;
    }

    // As an address is read, so that both come to the same letters; a number that would be read as another address is no name.
    private static string? Plain(string name)
    {
        var inner = name is ['[', .., ']'] ? name[1..^1] : name;
        if (inner.Contains(':'))
        {
            return inner.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IPAddress.TryParse(inner, out var number) ? number.ToString() : null;
        }

        name = name.EndsWith('.') ? name[..^1] : name;
        return name.Split('.').All(label => label.Length > 0 && label.All(c => !char.IsAscii(c) || char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            && Uri.TryCreate($"https://{name}/", UriKind.Absolute, out var address)
            && HostPattern.Normalise(address.IdnHost) is var host && (!Ascii.IsValid(name) || host == HostPattern.Normalise(name)) && Ascii.IsValid(host) ? host : null;
    }

    // The brackets of an address of IPv6 with a port fall away: hosts are compared without them.
    private static (string Host, int? Port) Parted(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && (text[colon - 1] == ']' || text.IndexOf(':') == colon)
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? (text[colon - 1] == ']' && text[0] == '[' ? text[1..(colon - 1)] : text[..colon], port) : (text, null);
    }

    private static string? Meant(string text)
    {
        var rest = text.IndexOf("://", StringComparison.Ordinal) is var scheme and >= 0 ? text[(scheme + 3)..] : text;
        rest = rest.Split('/', '?', '#')[0].Split('@')[^1];
        rest = rest.StartsWith('.') ? $"*{rest}" : rest.StartsWith("**.", StringComparison.Ordinal) ? rest[1..] : rest;
        return Canonical(rest);
    }
}
