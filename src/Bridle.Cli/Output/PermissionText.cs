using System.Globalization;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Permissions;

namespace Bridle.Cli.Output;

/// <summary>What may run and why, as text for a person. Nothing in a rule, a path or a command can change the screen.</summary>
internal static class PermissionText
{
    /// <summary>The rules, the grants, and what the mode gives.</summary>
    public static void List(CommandIo io, PermissionOverview overview)
    {
        var options = overview.Policy.Options;
        io.Tell($"Mode {PermissionModes.NameOf(options.Mode)}{(options.Strict ? " (strict)" : "")} in {Plain(options.Root)}, {(options.Trusted ? "trusted" : "not trusted")}: {Gives(options)}");
        foreach (var folder in options.AdditionalDirectories)
        {
            io.Tell($"{Plain(folder)} counts as inside.");
        }

        io.Out.WriteLine();
        var rules = options.Rules.Where(rule => rule.Source.Layer is not RuleLayer.Session).ToList();
        if (rules.Count == 0)
        {
            io.Tell("There are no rules.");
        }
        else
        {
            Columns.Write(io, ["VERDICT", "RULE", "LAYER", "FROM"], [.. rules.OrderByDescending(rule => rule.Verdict)
                .Select(rule => (string[])[rule.Verdict.ToString().ToLowerInvariant(), Plain(rule.Text), NameOf(rule.Source.Layer), Plain(rule.Source.Name)])]);
        }

        io.Out.WriteLine();
        if (overview.Grants.Count == 0)
        {
            io.Tell("Nothing was granted.");
        }
        else
        {
            Columns.Write(io, ["GRANT", "ACTOR", "MAY", "FOR", "SINCE"], [.. overview.Grants
                .Select(grant => (string[])[Plain(grant.Id), Plain(grant.Actor), Plain(grant.RuleText), LifetimeOf(grant.Lifetime), grant.GivenAt.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)])]);
        }

        foreach (var notice in overview.Notices)
        {
            io.TellError($"bridle: {VisibleText.Of(notice)}");
        }
    }

    /// <summary>The verdict about one call and what stands behind it.</summary>
    public static void Explain(CommandIo io, string asked, Explanation why)
    {
        var verdict = why.Judgement.Verdict.ToString().ToLowerInvariant();
        io.Tell($"{Plain(asked)}: {verdict}. {Plain(why.Judgement.Reason)}");
        if (why.Tree.Count > 0)
        {
            io.Out.WriteLine("\nRead as:");
            foreach (var line in why.Tree)
            {
                io.Out.WriteLine($"  {Plain(line)}");
            }
        }

        io.Out.WriteLine("\nParts:");
        foreach (var part in why.Parts)
        {
            io.Tell($"  {part.Kind} {Plain(part.Text)}: {Plain(part.Says)}", 4);
        }

        io.Out.WriteLine(why.Hits.Count == 0 ? "\nNo rule speaks of it." : "\nRules that speak of it:");
        foreach (var hit in why.Hits)
        {
            io.Tell($"  {(hit.Decides ? "*" : " ")} {Plain(hit.Rule.Label)}: {Plain(hit.What)}{(hit.Decides ? " (decides)" : "")}", 6);
        }

        if (why.Suggested.Count > 0)
        {
            io.Out.WriteLine(why.Suggested.Count == 1 ? "\nThis rule would allow it:" : "\nThese rules together would allow it:");
            foreach (var rule in why.Suggested)
            {
                io.Out.WriteLine($"  allow {Plain(rule)}");
            }
        }
    }

    private static string Gives(PolicyOptions options) => options.Mode switch
    {
        PermissionMode.AcceptEdits => "looking and changing files inside the workspace is free.",
        PermissionMode.Plan => "looking only; every effect is refused.",
        PermissionMode.DontAsk => "looking inside the workspace is free; what would be asked is refused.",
        PermissionMode.Bypass => "everything runs, except what deny and ask rules, sensitive files and critical removals hold back.",
        _ => "looking inside the workspace is free; everything else is asked.",
    };

    private static string NameOf(RuleLayer layer) => layer switch
    {
        RuleLayer.Managed => "managed", RuleLayer.CommandLine => "command line", RuleLayer.ProjectLocal => "project, local", RuleLayer.Project => "project", RuleLayer.User => "user", _ => "session",
    };

    private static string LifetimeOf(GrantLifetime lifetime) => lifetime switch { GrantLifetime.Project => "this project", GrantLifetime.Always => "always", _ => "the session" };

    private static string Plain(string text) => VisibleText.Exactly(text).Replace('\n', '␊');
}
