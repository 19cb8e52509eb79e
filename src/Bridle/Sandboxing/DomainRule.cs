namespace Bridle.Sandboxing;

/// <summary>One network rule: a host, or every host below one, and the port.</summary>
/// <param name="Host">In lower case; <c>*.example.com</c> is every host below it, without itself, and <c>*</c> every host with a public address.</param>
/// <param name="Port">The one port it speaks of; null for 80 and 443.</param>
/// <param name="Source">Where it was written, as a person is told.</param>
public sealed record DomainRule(string Host, int? Port, string Source)
{
    /// <summary>
    /// The name may lead into a private network. Only for a host that the person's own configuration names, such as the mirror of a company: never for a pattern
    /// and never for this machine's own addresses.
    /// </summary>
    public bool MayBePrivate { get; init; }

    /// <summary>The rule was written for this machine itself (<c>localhost</c> or a loopback address with its port), so that reaching it is what it says.</summary>
    public bool IsThisMachine => Port is not null && (Host is "localhost" || (System.Net.IPAddress.TryParse(Host, out var address) && System.Net.IPAddress.IsLoopback(address)));

    /// <summary>
    /// Reads <c>example.com</c>, <c>*.example.com</c>, <c>example.com:8443</c> or <c>domain:example.com</c>; null with a reason when it is none, or so wide
    /// that nobody can have meant it (<c>*.com</c>). <c>*</c> alone stands for every host.
    /// </summary>
    public static DomainRule? Parse(string text, string source, out string problem)
    {
        problem = "";
        var rest = text.Trim();
        rest = rest.StartsWith("domain:", StringComparison.Ordinal) ? rest["domain:".Length..] : rest;
        int? port = null;
        var colon = rest.LastIndexOf(':');
        if (colon > 0 && (rest[colon - 1] == ']' || rest.IndexOf(':') == colon))
        {
            if (!ushort.TryParse(rest[(colon + 1)..], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                problem = $"'{text}' in {source} is no network rule: '{rest[(colon + 1)..]}' is no port.";
                return null;
            }

            (rest, port) = (rest[..colon], number);
        }

        var isPattern = rest.StartsWith("*.", StringComparison.Ordinal);
        if (rest == "*")
        {
            return new DomainRule("*", port, source);
        }

        if (isPattern && rest.IndexOf('.', 2) < 0)
        {
            problem = $"'{text}' in {source} is too wide for a network rule: name the host, or a domain such as *.example.com.";
            return null;
        }

        if (HostName.Read(isPattern ? rest[2..] : rest) is not { } host)
        {
            problem = $"'{text}' in {source} is no network rule: write a host such as example.com, or *.example.com for every host below it; no scheme, no path.";
            return null;
        }

        return new DomainRule(isPattern ? "*." + host : host, port, source);
    }

    /// <summary>Whether the rule speaks of the host, which must have gone through <see cref="HostName.Read"/>.</summary>
    public bool Matches(string host) => Host == "*" || (Host.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length > Host.Length - 1 && host.EndsWith(Host[1..], StringComparison.Ordinal) && !HostName.IsAddress(host)
        : Host == host);
}
