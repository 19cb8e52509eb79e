using Bridle.Hosting.Grants;
using Bridle.Hosting.Settings;
using Bridle.Permissions;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>Makes a policy of settings, flags and grants. The same for a session and for what <c>bridle permissions</c> shows.</summary>
internal static class PolicyAssembly
{
    // Tools that a session has only where there is something for them to do; rules may name them all the same.
    private static readonly string[] Occasional = ["Skill", "ToolSearch", CallTool.Name];

    /// <summary>The options of the policy. What is wrong with a rule, and what does not count, goes into the notices.</summary>
    public static PolicyOptions Options(
        HarnessRequest request, HostFiles files, ModeChoice mode, string root, IReadOnlyList<PermissionGrant> granted, IReadOnlySet<string> tools, List<string> notices)
    {
        tools = tools.Union(Occasional).ToHashSet(StringComparer.Ordinal);
        var rules = new List<PermissionRule>();
        if (files.Layers.ManagedAllowOnly)
        {
            if (request.Allow.Count > 0 || granted.Count > 0)
            {
                notices.Add("The administrator's settings let only their own rules allow anything; --allow and what was allowed earlier do not count.");
            }
        }
        else
        {
            rules.AddRange(RulesOf([.. granted, .. Kept(request, files, root, notices)]));
        }

        foreach (var rule in Written(request, files))
        {
            var read = PermissionRule.Parse(rule.Text, rule.Verdict, rule.Source);
            notices.AddRange(read.Problems);
            if (read.Rule is { } good)
            {
                rules.AddRange(AsShown(good, rule.Examples, files.Environment.Home, root, notices));
                notices.AddRange(good.UnknownTools(tools).Select(unknown => Unknown(good, unknown, tools)));
            }
        }

        notices.AddRange(files.Layers.Layers.SelectMany(layer => ExampleCheck.Orphans(layer.Written.Permissions).Select(rule => $"{layer.Path}: permissions.examples names the rule '{rule}', which is not in this file.")));

        var settings = files.Layers;
        var moved = settings.SensitivePaths.DistinctBy(path => Expand(path, files.Environment.Home)).ToList();
        return new PolicyOptions
        {
            Root = root,
            Home = files.Environment.Home,
            Mode = mode.Mode,
            Strict = mode.Strict,
            Trusted = files.Trust.ForThisRun || files.Trust.Store.IsTrusted(root),
            Rules = [.. rules, .. moved.SelectMany(path => Refused(path, files.Environment.Home)), .. FilesOfHooks(files)],
            AskedInsteadOfRefused = [.. moved.Where(path => path.Verdict == "ask").Select(path => Expand(path, files.Environment.Home)).SelectMany(path => new[] { path, Trust.RealFolder.Of(path)?.Path ?? path }).Distinct()],
            AdditionalDirectories = [.. settings.AdditionalDirectories.Select(folder => Trust.RealFolder.Of(folder)?.Path ?? folder)],
            BlockReadsOutside = settings.BlockReadsOutside,
            BlockWritesOutside = settings.BlockWritesOutside,
            DenyInsteadOfPrompting = settings.Effective.Permissions?.DenyInsteadOfPrompting ?? false,
            AllowConfined = files.Layers.Effective.Sandbox?.AutoAllow ?? request.ConfinedUnasked,
            AllowUnconfined = Unconfined(files.Layers, notices),
            NeverUnconfined = files.Layers.Effective.Sandbox?.AllowUnsandboxedCommands is false,
            HarnessFolders = [files.Folders.Data, files.Folders.State, files.Folders.Config],
        };
    }

    // What a hook runs decides as the person does, also where it is confined: who changes it, by whatever tool, is asked. The table asks for what lies in folders that it names.
    private static IEnumerable<PermissionRule> FilesOfHooks(HostFiles files)
    {
        var (root, home) = (Trust.RealFolder.Of(files.Trust.Folder)?.Path ?? files.Trust.Folder, files.Environment.Home);
        foreach (var (file, hook) in Hooks.HookFiles.Read(files).Book.Guarded.Where(one => !FolderUse.IsHeld(root, one.Key)))
        {
            var named = hook.File.Path.StartsWith(home + "/", StringComparison.Ordinal) ? "~" + hook.File.Path[home.Length..] : hook.File.Path;
            if (PermissionRule.OfWriting(file, Verdict.Ask, new RuleSource(RuleLayer.Project, $"a hook runs it: {hook.Event} in {named}")) is { } rule)
            {
                yield return rule;
            }
        }
    }

    // A project's own file never gets here: see SandboxTightening.
    private static List<PermissionRule> Unconfined(LayeredSettings layers, List<string> notices)
    {
        var counting = layers.ManagedAllowOnly ? layers.Layers.Where(layer => layer.IsManaged).Select(layer => layer.Counts.Sandbox) : [layers.Effective.Sandbox];
        var texts = counting.OfType<SandboxSettings>().SelectMany(one => (one.AllowUnconfined ?? []).Select(text => ("allowUnconfined", text)).Concat((one.ExcludedCommands ?? []).Select(text => ("excludedCommands", text))));
        var rules = new List<PermissionRule>();
        foreach (var (key, text) in texts)
        {
            var written = text.StartsWith("Bash(", StringComparison.Ordinal) ? text : $"Bash({text})";
            var read = PermissionRule.Parse(written, Verdict.Allow, new RuleSource(RuleLayer.User, $"sandbox.{key}"));
            notices.AddRange(read.Problems);
            rules.AddRange(read.Rule is { } good ? [good] : Array.Empty<PermissionRule>());
        }

        return rules;
    }

    /// <summary>What people agreed to for longer than a session, as far as it holds here.</summary>
    public static IReadOnlyList<PermissionGrant> Kept(HarnessRequest request, HostFiles files, string root, List<string> notices)
    {
        if (request.InMemory)
        {
            return [];
        }

        var (grants, problem) = new KeptGrants(files.Folders.Grants).Read();
        notices.AddRange(problem is null ? [] : [problem]);
        return [.. grants.Where(grant => grant.HoldsIn(root))];
    }

    /// <summary>What grants allow; one that is no rule allows nothing.</summary>
    public static IReadOnlyList<PermissionRule> RulesOf(IEnumerable<PermissionGrant> grants) => [.. grants.Select(grant => grant.ToRule()).OfType<PermissionRule>()];

    // A rule that does not do what its examples say is not what its author meant, and fails to the strict side.
    private static IReadOnlyList<PermissionRule> AsShown(PermissionRule rule, RuleExamples? examples, string home, string root, List<string> notices)
    {
        if (examples is null)
        {
            return [rule];
        }

        var broken = ExampleCheck.Of(rule, examples, new LocalFiles(root), new PolicyOptions { Root = root, Home = home, HarnessFolders = [] });
        notices.AddRange(broken.Select(example => $"{example.Text} {ExampleCheck.Outcome(rule, broken)}"));
        return ExampleCheck.Instead(rule, broken);
    }

    private static IEnumerable<(string Text, Verdict Verdict, RuleSource Source, RuleExamples? Examples)> Written(HarnessRequest request, HostFiles files)
    {
        foreach (var rule in files.Layers.Rules)
        {
            yield return (rule.Text, VerdictOf(rule), SourceOf(rule, files.Trust.IsTrusted), rule.Examples);
        }

        var flags = new RuleSource(RuleLayer.CommandLine, "the command line");
        foreach (var text in files.Layers.ManagedAllowOnly ? [] : request.Allow)
        {
            yield return (text, Verdict.Allow, flags, null);
        }

        foreach (var text in request.Deny)
        {
            yield return (text, Verdict.Deny, flags, null);
        }

        foreach (var pattern in AcceptanceAssembly.Patterns(request, files.Layers))
        {
            yield return ($"Edit({pattern})", Verdict.Deny, new RuleSource(RuleLayer.CommandLine, AcceptanceAssembly.Source), null);
        }
    }

    /// <summary>The rules that refuse files, without those that refuse a whole tool.</summary>
    public static IReadOnlyList<PermissionRule> FileDenials(HostFiles files)
    {
        var written = files.Layers.Rules.Where(rule => VerdictOf(rule) is Verdict.Deny).Select(rule => new { rule.Text, Source = SourceOf(rule, files.Trust.IsTrusted) })
            .Concat(files.DeniedByFlags.Select(text => new { Text = text, Source = new RuleSource(RuleLayer.CommandLine, "the command line") }));
        return
        [
            .. written.Where(rule => rule.Text.Contains('(')).Select(rule => PermissionRule.Parse(rule.Text, Verdict.Deny, rule.Source).Rule).OfType<PermissionRule>().Where(rule => rule.SpeaksOfFiles),
            .. files.Layers.SensitivePaths.DistinctBy(path => Expand(path, files.Environment.Home)).SelectMany(path => Refused(path, files.Environment.Home)),
        ];
    }

    private static IEnumerable<PermissionRule> Refused(MovedPath moved, string home) =>
        moved.Verdict == "deny" && PermissionRule.OfPath(Expand(moved, home), Verdict.Deny, new RuleSource(RuleLayer.User, $"permissions.sensitivePaths in {moved.Source}")) is { } rule ? [rule] : [];

    private static string Expand(MovedPath moved, string home) => moved.Path is "~" || moved.Path.StartsWith("~/", StringComparison.Ordinal) ? home + moved.Path[1..] : moved.Path;

    private static string Unknown(PermissionRule rule, string tool, IReadOnlySet<string> tools) =>
        $"Rule '{rule.Text}' in {rule.Source.Name} names the tool '{tool}', which does not exist.{(NearestName.Of(tool, tools) is { } near ? $" Did you mean '{near}'?" : "")}";

    /// <summary>What the rule says.</summary>
    public static Verdict VerdictOf(WrittenRule rule) => rule.Verdict switch { "allow" => Verdict.Allow, "ask" => Verdict.Ask, _ => Verdict.Deny };

    /// <summary>Where the rule comes from. An untrusted project's allow rules are not among the rules at all; were one, the policy would leave it out by this.</summary>
    public static RuleSource SourceOf(WrittenRule rule, bool folderIsTrusted) => new(
        rule.Origin switch
        {
            SettingsOrigin.Managed => RuleLayer.Managed,
            SettingsOrigin.User => RuleLayer.User,
            SettingsOrigin.Project => RuleLayer.Project,
            SettingsOrigin.ProjectLocal => RuleLayer.ProjectLocal,
            _ => RuleLayer.CommandLine,
        },
        rule.Source,
        rule.Folder)
    { FolderIsTrusted = folderIsTrusted };
}
