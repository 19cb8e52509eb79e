using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Permissions;

/// <summary>Finds what stands behind a verdict. It asks the same parts of the engine that judged and decides nothing itself.</summary>
internal sealed class Explaining(PermissionPolicy policy, CompiledRules rules, PathGuard guard, CallToJudge call)
{
    private const string NoRule = "no rule allows it";

    /// <summary>The explanation of a verdict.</summary>
    public Explanation Of(Judgement judgement)
    {
        var hits = Hits().DistinctBy(hit => (hit.Rule, hit.What)).Select(hit => hit with { Decides = hit.Rule.Label == judgement.Rule }).ToList();
        return new(judgement, [.. call.Commands.SelectMany(command => ShellOutline.Lines(command.Script))], [.. Parts()], hits, judgement.Verdict is Verdict.Ask ? Suggested() : []);
    }

    private IEnumerable<RuleHit> Hits()
    {
        foreach (var verdict in (Verdict[])[Verdict.Deny, Verdict.Ask])
        {
            foreach (var entry in rules.Of(verdict))
            {
                if (CompiledRules.Touches(entry, call) is { } what)
                {
                    yield return new RuleHit(entry.Rule, what, false);
                }
            }
        }

        foreach (var entry in rules.For(call.Actor).Of(Verdict.Allow))
        {
            foreach (var what in Allowed(entry))
            {
                yield return new RuleHit(entry.Rule, what, false);
            }
        }
    }

    private IEnumerable<string> Allowed(CompiledRules.Entry entry) => entry.Term.Scope switch
    {
        RuleScope.Tool or RuleScope.Subject => AllowRules.IsWhole(entry.Term, call) ? [call.Tool] : [],
        RuleScope.Command when call.HearsCommands(entry.Term) => call.Commands.SelectMany(command => entry.Term.Command!.IsExactly(command.Text) ? [command.Text] : command.Direct.Where(one => Covers(entry, one)).Select(TextOf)),
        RuleScope.Host when entry.Term.Names(call.Tool) => call.Addresses.Where(address => AllowRules.OfAddress([entry], call.Tool, address) is not null),
        RuleScope.Reads or RuleScope.Writes => call.Paths.Where(path => CompiledRules.Allows(entry, path.Path, path.Access, call.Tool)).Select(path => path.Path.Given)
            .Concat(call.Commands.SelectMany(command => Targets(command).Where(target => target.Kinds.Any(kind => CompiledRules.Allows(entry, target.Path.Path, kind, call.Tool))).Select(target => target.Path.Word))),
        _ => [],
    };

    private IEnumerable<ExplainedPart> Parts()
    {
        foreach (var command in call.Commands)
        {
            foreach (var one in command.Reading.Commands)
            {
                yield return new("command", TextOf(one), Says(command, one));
            }

            foreach (var (path, kinds) in Targets(command))
            {
                foreach (var kind in kinds)
                {
                    yield return new(kind is FileAccessKind.Write ? "write" : "read", path.Word, Says(new JudgedPath(path.Path, kind)));
                }
            }
        }

        foreach (var path in call.Paths)
        {
            yield return new(path.Access is FileAccessKind.Write ? "write" : "read", path.Path.Given, Says(path));
        }

        foreach (var address in call.Addresses)
        {
            yield return new("address", address, HostPattern.Read(address, out var problem) is { } uri ? $"the host is {uri.IdnHost}" : $"refused: {problem}");
        }
    }

    private string Says(JudgedCommand command, FoundCommand one)
    {
        var under = one.Direct ? "" : $" (run by {string.Join(", ", one.Wrappers)})";
        foreach (var verdict in (Verdict[])[Verdict.Deny, Verdict.Ask])
        {
            if (rules.Of(verdict).FirstOrDefault(entry => call.HearsCommands(entry.Term) && entry.Term.Command!.Hits(one.Texts)) is { Rule: { } rule })
            {
                return $"{rule.Label}{under}";
            }
        }

        if (!one.Direct)
        {
            return $"looked through for deny and ask rules{under}";
        }

        var allowing = rules.For(call.Actor);
        var cover = new CommandAllowance(allowing, call, command, policy.Options).CoverOf(one, allowing.Of(Verdict.Allow).FirstOrDefault(entry => AllowRules.IsWhole(entry.Term, call)).Rule);
        return cover switch { { Rule: { } allowed } => allowed.Label, { Covers: true } => cover.Because, _ => NoRule };
    }

    private string Says(JudgedPath path) =>
        PathGuard.Malformed(path.Path) ?? guard.WhatDenies(path.Path, path.Access)
        ?? rules.Touching(Verdict.Deny, path.Path, path.Access)?.Label ?? rules.Touching(Verdict.Ask, path.Path, path.Access)?.Label
        ?? guard.WhatAsks(path.Path, path.Access) ?? rules.For(call.Actor).Allowing(path.Path, path.Access, call.Tool)?.Label
        ?? (path.Path.InsideRoot ? "inside the workspace" : "outside the workspace");

    // Each candidate is tried: only what turns the question into a yes is suggested, alone where that is enough.
    private IReadOnlyList<string> Suggested()
    {
        string[] whole = [RuleFor.Call(call)];
        if (Answers(whole))
        {
            return whole;
        }

        string[] parts = [.. call.Commands.SelectMany(command => command.Direct.Where(one => Says(command, one) == NoRule).Select(one => RuleFor.Command(call, TextOf(one)))
            .Concat(Targets(command).SelectMany(target => target.Kinds.Select(kind => RuleFor.Path(target.Path.Path, kind))))).Distinct()];
        return parts.Length > 0 && Answers(parts) ? parts : [];
    }

    private bool Answers(IReadOnlyList<string> texts)
    {
        var added = texts.Select(text => PermissionRule.Parse(text, Verdict.Allow, new RuleSource(RuleLayer.User, "suggested"))).ToList();
        return added.All(one => one is { Rule: not null, Problems: [] })
            && new PermissionPolicy(policy.Options with { Rules = [.. policy.Options.Rules, .. added.Select(one => one.Rule!)] }).Judge(call).Verdict is Verdict.Allow;
    }

    private static bool Covers(CompiledRules.Entry entry, FoundCommand one) => entry.Term.Command!.Allows(one.Words).Covers || entry.Term.Command.Allows(AllowedWrappers.Strip(one.Words)).Covers;

    private static IEnumerable<(WordPath Path, FileAccessKind[] Kinds)> Targets(JudgedCommand command) =>
        command.Reading.Redirects.Where(redirect => !redirect.NamesNoFile && redirect.Target.Text is not "/dev/null")
            .SelectMany(redirect => command.PathsOf(redirect.Target.Text).Select(path => (path, (FileAccessKind[])[.. redirect.Reads ? [FileAccessKind.Read] : Array.Empty<FileAccessKind>(), .. redirect.Writes ? [FileAccessKind.Write] : Array.Empty<FileAccessKind>()])));

    private static string TextOf(FoundCommand one) => string.Join(' ', one.Texts);
}
