namespace Bridle.Sandboxing;

/// <summary>What confined programs may reach: a host needs a rule that allows it and none that denies it. Empty means nothing. Immutable.</summary>
/// <param name="Allow">Hosts that may be reached.</param>
/// <param name="Deny">Hosts that may not, whatever allows them; on every port unless the rule names one.</param>
public sealed record DomainRules(IReadOnlyList<DomainRule> Allow, IReadOnlyList<DomainRule> Deny)
{
    /// <summary>Nothing may be reached.</summary>
    public static DomainRules Nothing { get; } = new([], []);

    /// <summary>Whether anything may be reached at all.</summary>
    public bool IsEmpty => Allow.Count == 0;

    /// <summary>Judges a host and port as a program asked for them.</summary>
    public DomainVerdict Judge(string asked, int port)
    {
        if (HostName.Read(asked) is not { } host)
        {
            return new(null, null, $"'{Shown(asked)}' is not a host name that is passed on");
        }

        if (Deny.FirstOrDefault(rule => rule.Matches(host) && (rule.Port is null || rule.Port == port)) is { } denied)
        {
            return new(host, null, $"the rule '{denied.Host}' in {denied.Source} denies it");
        }

        var named = Allow.Where(rule => rule.Matches(host)).ToList();
        if (named.Count == 0)
        {
            return new(host, null, "no network rule names it");
        }

        // The rule that says most: this machine on purpose, then a private network on purpose.
        var allowed = named.Where(rule => rule.Port == port || (rule.Port is null && port is 80 or 443))
            .OrderByDescending(rule => rule.IsThisMachine).ThenByDescending(rule => rule.MayBePrivate).FirstOrDefault();
        return allowed is null ? new(host, null, $"port {port} of it is not named by a rule; only 80 and 443 are open without") : new(host, allowed, "");
    }

    /// <summary>Both together.</summary>
    public DomainRules With(DomainRules more) => new([.. Allow, .. more.Allow], [.. Deny, .. more.Deny]);

    private static string Shown(string text) =>
        string.Concat(text.Take(80).Select(c => c is > ' ' and < '\x7f' ? c.ToString() : "?")) + (text.Length > 80 ? "…" : "");
}

/// <summary>What the rules say about one host.</summary>
/// <param name="Host">The host as it is compared and resolved; null when it is no host name.</param>
/// <param name="Rule">The rule that allows it; null when it is refused.</param>
/// <param name="Reason">Why it is refused; empty when it is not.</param>
public sealed record DomainVerdict(string? Host, DomainRule? Rule, string Reason);
