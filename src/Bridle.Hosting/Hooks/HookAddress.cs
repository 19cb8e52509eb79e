using System.Net;
using System.Text.RegularExpressions;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Where an http hook may be sent. A person's own hook may go anywhere, also to a program on this machine: whoever wrote the settings could as well write a command. A project's
/// hook came with the project, so it goes only where the person's or the administrator's <c>allowedHttpHookUrls</c> says. When that list is given, it binds everybody.
/// </summary>
internal static class HookAddress
{
    /// <summary>Why the hook's address is not used, or null.</summary>
    public static string? WhyNot(DeclaredHook hook, HookPolicy policy)
    {
        if (policy.AllowedUrls is { } allowed)
        {
            return allowed.Any(pattern => Fits(pattern, hook.Url!)) ? null : $"{hook.Url} is not in 'allowedHttpHookUrls'.";
        }

        return hook.File.IsOfProject ? $"a project's http hook is sent only to what 'allowedHttpHookUrls' in your own settings names; {hook.Url} is not there." : null;
    }

    /// <summary>Headers with the variables in them that the hook lists and the policy allows; others become nothing.</summary>
    public static string Fill(string value, DeclaredHook hook, HookPolicy policy, Func<string, string?> variable) =>
        Regex.Replace(value, @"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))", match =>
        {
            var name = match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
            var isAllowed = hook.AllowedEnvVars.Contains(name) && (policy.AllowedEnvVars?.Contains(name) ?? !hook.File.IsOfProject);
            return isAllowed ? variable(name) ?? "" : "";
        }, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    // A star stands for anything, but never for a part of who is spoken to: the pattern's host must be whole.
    private static bool Fits(string pattern, Uri url)
    {
        var expression = $"^{Regex.Escape(pattern).Replace("\\*", "[^@]*", StringComparison.Ordinal)}$";
        return Regex.IsMatch(url.AbsoluteUri, expression, RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))
            && HostOf(pattern) is { } host && (!host.Contains('*') ? string.Equals(host, url.Authority, StringComparison.OrdinalIgnoreCase) : HostFits(host, url));
    }

    private static string? HostOf(string pattern)
    {
        var start = pattern.IndexOf("://", StringComparison.Ordinal);
        return start < 0 ? null : pattern[(start + 3)..].Split('/')[0];
    }

    private static bool HostFits(string host, Uri url) =>
        host == "*" || (host.EndsWith(":*", StringComparison.Ordinal) ? string.Equals(host[..^2], url.Host, StringComparison.OrdinalIgnoreCase)
        : host.StartsWith("*.", StringComparison.Ordinal) && !IPAddress.TryParse(url.Host, out _) && url.Authority.EndsWith(host[1..], StringComparison.OrdinalIgnoreCase));
}
