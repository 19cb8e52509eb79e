namespace Bridle.Permissions;

/// <summary>
/// The policy of a session as it stands now. Changes when the mode changes, when the person allows something, and when what is kept outside the session changes. Safe to use
/// concurrently.
/// </summary>
/// <param name="options">What it starts with.</param>
/// <param name="kept">Gives the rules of all grants kept outside the session as they are now; null where nothing is kept. It must not throw: what cannot be read is no rule.</param>
public sealed class PermissionsInForce(PolicyOptions options, Func<IReadOnlyList<PermissionRule>>? kept = null)
{
    private readonly Lock _lock = new();
    private const long Moment = 1000;
    private volatile PermissionPolicy _policy = new(options);
    private volatile Seen? _seen;

    /// <summary>What looks at which files a command of git would change without naming them; null where nobody can, so that it may be any.</summary>
    public IGitForesight? Foresight { get; init; }

    /// <summary>The policy now.</summary>
    public PermissionPolicy Policy => _policy;

    /// <summary>
    /// The policy now, with what is kept outside the session read again: a grant that was revoked meanwhile, by whatever process, allows nothing more, and a rule holds where a link
    /// of its path leads by now. For judging a call.
    /// </summary>
    public PermissionPolicy Renewed()
    {
        if (kept is not null)
        {
            Change(now => WithKept(now, kept()));
        }

        if (_policy.AfterLinksMoved() is { LinksBefore: var links })
        {
            Change(now => now with { LinksBefore = links });
        }

        return _policy;
    }

    /// <summary>Another mode from here on. A session that began strict stays strict in every mode.</summary>
    public void SetMode(PermissionMode mode, bool strict = false) => Change(now => now with { Mode = mode, Strict = strict || options.Strict });

    /// <summary>Adds a rule. Adding the same rule again changes nothing.</summary>
    public void Add(PermissionRule rule) =>
        Change(now => now.Rules.Any(one => Is(one, rule)) ? now : now with { Rules = [.. now.Rules, rule] });

    /// <summary>Takes back what was agreed to for the session; other grants and rules that say the same stay. Taking back what is not there changes nothing.</summary>
    public void Revoke(PermissionGrant grant) =>
        Change(now => grant.ToRule() is { } rule && now.Rules.Any(one => Is(one, rule)) ? now with { Rules = [.. now.Rules.Where(one => !Is(one, rule))] } : now);

    private static bool Is(PermissionRule one, PermissionRule other) => one.Text == other.Text && one.Verdict == other.Verdict && one.Source == other.Source;

    /// <summary>What the skills in use take away, and the folders of theirs that may be read, in the place of those before.</summary>
    public void UseSkills(IReadOnlyList<Narrowing> narrowings, IReadOnlyList<string> readable) =>
        Change(now => now.Narrowings.SequenceEqual(narrowings) && now.ReadableFolders.SequenceEqual(readable) ? now : now with { Narrowings = narrowings, ReadableFolders = readable });

    /// <summary>Opens files outside the workspace for reading; see <see cref="PolicyOptions.ReadableFiles"/>. Opening one again changes nothing.</summary>
    public void OpenFiles(IEnumerable<string> paths) =>
        Change(now => paths.Where(path => !now.ReadableFiles.Contains(path)).ToList() is { Count: > 0 } more ? now with { ReadableFiles = now.ReadableFiles.Concat(more).ToHashSet(StringComparer.Ordinal) } : now);

    /// <summary>
    /// The places of the workspace that a program should not simply have. <paramref name="fresh"/>: as they are now, as a program that is about to start needs them;
    /// else as they were a moment ago, which is enough to judge by.
    /// </summary>
    internal GuardedPlaces Guarded(bool fresh)
    {
        var (policy, seen) = (_policy, _seen);
        if (fresh || seen is null || seen.Policy != policy || Environment.TickCount64 - seen.At > Moment)
        {
            var looks = seen?.Policy == policy ? seen.Looks : new GuardedLooks(policy);
            _seen = seen = new(policy, looks, looks.Look(), Environment.TickCount64);
        }

        return seen.Places;
    }

    private static PolicyOptions WithKept(PolicyOptions now, IReadOnlyList<PermissionRule> kept)
    {
        var before = now.Rules.Where(rule => rule.Source.KeptGrant is not null).Select(rule => (rule.Text, rule.Source)).ToHashSet();
        return before.SetEquals(kept.Select(rule => (rule.Text, rule.Source))) ? now : now with { Rules = [.. kept, .. now.Rules.Where(rule => rule.Source.KeptGrant is null)] };
    }

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

    private sealed record Seen(PermissionPolicy Policy, GuardedLooks Looks, GuardedPlaces Places, long At);
}
