using System.Globalization;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>How long a grant holds.</summary>
public enum GrantLifetime
{
    /// <summary>To the end of the session; kept in its log.</summary>
    Session,

    /// <summary>For work in one folder; kept in the harness's own state.</summary>
    Project,

    /// <summary>Until it is revoked; kept in the harness's own state.</summary>
    Always,
}

/// <summary>Something a person agreed to beyond one call. Immutable.</summary>
/// <param name="Id">Names it, for listing and revoking.</param>
/// <param name="Actor">Who may use it: <see cref="MainActor"/>, or a skill or agent by name. Nobody else's calls are covered.</param>
/// <param name="Capability">The tool, as rules name it.</param>
/// <param name="Pattern">What of the tool, as it stands in a rule's parentheses; null for every call.</param>
/// <param name="Lifetime">How long it holds.</param>
/// <param name="GivenAt">When it was given.</param>
public sealed record PermissionGrant(string Id, string Actor, string Capability, string? Pattern, GrantLifetime Lifetime, DateTimeOffset GivenAt)
{
    /// <summary>The actor of calls that no skill and no agent of its own makes.</summary>
    public const string MainActor = "main";

    /// <summary>The folder that a grant for a project holds for, links resolved; null for the others.</summary>
    public string? Folder { get; init; }

    /// <summary>The allow rule that it stands for.</summary>
    public string RuleText => Pattern is null ? Capability : $"{Capability}({Pattern})";

    /// <summary>Whether it holds for work in the folder.</summary>
    public bool HoldsIn(string folder) => Lifetime is not GrantLifetime.Project || (Folder is { Length: > 0 } mine && mine == folder);

    /// <summary>Whether it allows the same to the same.</summary>
    internal bool SaysTheSame(PermissionGrant other) => (Actor, RuleText) == (other.Actor, other.RuleText);

    /// <summary>The rule, or null when the text is none that may allow: a grant that cannot be read opens nothing.</summary>
    public PermissionRule? ToRule() => PermissionRule.Parse(RuleText, Verdict.Allow, Source) is { Rule: { } rule, Problems: [] } ? rule : null;

    /// <summary>Makes a grant of the text of a rule.</summary>
    public static PermissionGrant Of(string id, string actor, string rule, GrantLifetime lifetime, DateTimeOffset givenAt)
    {
        var open = rule.IndexOf('(');
        return open > 0 && rule.EndsWith(')')
            ? new(id, actor, rule[..open], rule[(open + 1)..^1], lifetime, givenAt)
            : new(id, actor, rule, null, lifetime, givenAt);
    }

    private RuleSource Source => Lifetime is GrantLifetime.Session
        ? SessionGrants.Source with { Actor = Actor }
        : new RuleSource(RuleLayer.Session, string.Create(CultureInfo.InvariantCulture, $"grant {Id}, {(Lifetime is GrantLifetime.Project ? "this project" : "always")}")) { Actor = Actor, KeptGrant = Id };
}
