using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What the commands of git in one call would change without naming it, looked up once. For one thread.</summary>
/// <param name="git">What looks; null where nobody can, so that every such command may change anything.</param>
internal sealed class GitForeseen(IGitForesight? git)
{
    private readonly IGitForesight _git = git ?? new NoForesight();

    // Variables that give git other settings, or another repository.
    private static readonly string[] s_movers = ["GIT_", "HOME="];

    private readonly Dictionary<string, IReadOnlyList<(string Command, GitChange Change)>> _known = new(StringComparer.Ordinal);

    /// <summary>The rule that denies a file which the call would change so, as a verdict; null where none does.</summary>
    public Judgement? WhatDenies(CallToJudge call, CompiledRules rules) => rules.HasFileRules && Touched(Verdict.Deny, call, rules) is var (rule, file, command)
        ? new Judgement(Verdict.Deny, $"The rule 'deny {rule.Text}' ({rule.Source.Name}) refuses {file}, which '{command}' would change.", rule.Label)
        : null;

    /// <summary>The same for a rule that asks, and where nobody knows what is changed.</summary>
    public Judgement? WhatAsks(CallToJudge call, CompiledRules rules)
    {
        if (!rules.HasFileRules)
        {
            return null;
        }

        if (Touched(Verdict.Ask, call, rules) is var (asked, changed, command))
        {
            return new Judgement(Verdict.Ask, $"The rule 'ask {asked.Text}' ({asked.Source.Name}) speaks of {changed}, which '{command}' would change.", asked.Label) { Firm = true };
        }

        // Where a shell is confined, the sandbox holds what nobody can foresee: such a file cannot be written there.
        return !(call.RunsShell && call.Confined) && Uncertain(call, rules) is var (rule, at, what)
            ? new Judgement(Verdict.Ask, $"Which files '{what}' changes cannot be told before it runs, and '{rule.Verdict.ToString().ToLowerInvariant()} {rule.Text}' ({rule.Source.Name}) may speak of one of them{(at is null or "" ? "" : $", such as {at}")}.") { Firm = true }
            : null;
    }

    // The rule with that verdict that speaks of a file which the call would change so, the file, and the command.
    private (PermissionRule Rule, string File, string Command)? Touched(Verdict verdict, CallToJudge call, CompiledRules rules)
    {
        var parts = rules.PartsOf(verdict);
        foreach (var (command, change) in Of(call).Where(one => one.Change.IsKnown))
        {
            foreach (var file in change.Files)
            {
                if (RuleFor(verdict, file, parts, rules) is { } rule)
                {
                    return (rule, Shown(file, change), command);
                }
            }
        }

        return null;
    }

    // The rule that may speak of a file which the call changes, where nobody knows which those are, with that file, or null for one that is not there yet.
    private (PermissionRule Rule, string? File, string Command)? Uncertain(CallToJudge call, CompiledRules rules)
    {
        foreach (var (command, change) in Of(call).Where(one => !one.Change.IsKnown))
        {
            foreach (var verdict in (Verdict[])[Verdict.Deny, Verdict.Ask])
            {
                var parts = rules.PartsOf(verdict);
                if (change.Files.Select(file => (File: file, Rule: RuleFor(verdict, file, parts, rules))).FirstOrDefault(one => one.Rule is not null) is { Rule: { } rule } found)
                {
                    return (rule, Shown(found.File, change), command);
                }

                // What git does not have it seldom touches, so that of rules for such files and for places that are not there yet those for writing count.
                var writes = rules.Of(verdict).Where(entry => entry is { Path: not null, Term.Scope: RuleScope.Writes }).ToList();
                if (writes.Count > 0 && change.Others.FirstOrDefault(file => writes.Exists(entry => IsMeant(entry.Path!, file))) is { } other)
                {
                    return (writes.First(entry => IsMeant(entry.Path!, other)).Rule, Shown(other, change), command);
                }

                if (writes.FirstOrDefault(entry => !entry.Path!.IsAnywhere && entry.Path.MayMatchIn(change.Top)).Rule is { } later)
                {
                    return (later, null, command);
                }
            }
        }

        return null;
    }

    private IEnumerable<(string Command, GitChange Change)> Of(CallToJudge call) => call.Commands.SelectMany(command =>
    {
        if (!_known.TryGetValue(command.Text, out var found))
        {
            _known[command.Text] = found = [.. Look(command)];
        }

        return found;
    });

    // What the command itself changes before, in git or around it, nobody has seen yet.
    private IEnumerable<(string Command, GitChange Change)> Look(JudgedCommand command)
    {
        var changing = command.Reading.Commands.Where(one => one.Name is "git" && GitWorkTree.MayChange(one.Texts)).ToList();
        if (changing.Count == 0)
        {
            yield break;
        }

        var isSure = changing.Count == 1 && command.Script.Problem is null && IsPlainList(command.Script) && !s_movers.Any(mover => command.Text.Contains(mover, StringComparison.Ordinal))
            && command.Reading.Commands.Where(one => one.Name is "git" && one != changing[0]).All(one => CommandEffects.OnlyLooks(one) || (GitVerbs.VerbAt(one.Texts) is var verb && verb < one.Texts.Count && one.Texts[verb] is "add"));
        foreach (var one in changing)
        {
            var isPlain = isSure && one.Direct && one.Words.All(word => word.Marks is WordMarks.None);
            foreach (var folder in command.Folders)
            {
                var change = isPlain ? _git.Of(folder, one.Texts) : _git.Unknown(folder);
                yield return (string.Join(' ', one.Texts), change);
            }
        }
    }

    private static bool IsPlainList(ShellScript script) => ShellWalk.All(script.Body).OfType<ShellStatement>().All(one => one is SimpleCommand or AndOr or Pipeline);

    private static PermissionRule? RuleFor(Verdict verdict, string file, PathParts parts, CompiledRules rules)
    {
        if (file.EndsWith('/'))
        {
            return rules.Of(verdict).FirstOrDefault(entry => entry.Path is { } pattern && IsMeant(pattern, file)).Rule;
        }

        var path = new ResolvedPath(file, file, file, true, FileKind.File);
        return parts.AreAll && parts.AreFarFrom(path) ? null : rules.Touching(verdict, path, FileAccessKind.Write);
    }

    private static bool IsMeant(PathPattern pattern, string file) => file.EndsWith('/') ? pattern.MayMatchIn(file.Length > 1 ? file.TrimEnd('/') : file) : pattern.Matches(file);

    private static string Shown(string file, GitChange change) => file.TrimEnd('/') == change.Top.TrimEnd('/') ? "" : file.StartsWith(change.Top.TrimEnd('/') + "/", StringComparison.Ordinal) ? file[(change.Top.TrimEnd('/').Length + 1)..] : file;
}
