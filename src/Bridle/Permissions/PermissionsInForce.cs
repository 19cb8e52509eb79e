namespace Bridle.Permissions;

/// <summary>The policy of a session as it stands now. Changes when the mode changes and when the person allows something for the session. Safe to use concurrently.</summary>
public sealed class PermissionsInForce(PolicyOptions options)
{
    private readonly Lock _lock = new();
    private volatile PermissionPolicy _policy = new(options);

    /// <summary>The policy now.</summary>
    public PermissionPolicy Policy => _policy;

    /// <summary>Another mode from here on. A session that began strict stays strict in every mode.</summary>
    public void SetMode(PermissionMode mode, bool strict = false) => Change(now => now with { Mode = mode, Strict = strict || options.Strict });

    /// <summary>Adds a rule. Adding the same rule again changes nothing.</summary>
    public void Add(PermissionRule rule) =>
        Change(now => now.Rules.Any(one => one.Text == rule.Text && one.Verdict == rule.Verdict && one.Source == rule.Source) ? now : now with { Rules = [.. now.Rules, rule] });

    private void Change(Func<PolicyOptions, PolicyOptions> change)
    {
        lock (_lock)
        {
            var options = change(_policy.Options);
            if (!ReferenceEquals(options, _policy.Options))
            {
                _policy = new PermissionPolicy(options);
            }
        }
    }
}
