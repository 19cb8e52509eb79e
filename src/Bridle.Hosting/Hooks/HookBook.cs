using System.Security.Cryptography;
using System.Text;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Permissions;

namespace Bridle.Hosting.Hooks;

/// <summary>What decides which declared hooks run.</summary>
public sealed record HookPolicy
{
    /// <summary>Whether the person trusts the folder.</summary>
    public bool FolderIsTrusted { get; init; }

    /// <summary>Whether this content of the project, a hook with all that it runs, was approved.</summary>
    public Func<string, bool> IsApproved { get; init; } = _ => false;

    /// <summary>The file that turns all hooks off, or null; managed hooks are turned off by a managed file only.</summary>
    public HookFile? DisabledBy { get; init; }

    /// <summary>Only managed hooks run.</summary>
    public bool ManagedOnly { get; init; }

    /// <summary>Addresses that http hooks may be sent to, with <c>*</c> for anything; null for all, but for a project's hooks.</summary>
    public IReadOnlyList<string>? AllowedUrls { get; init; }

    /// <summary>Variables that headers may hold; null for those that the hook lists, but for a project's hooks.</summary>
    public IReadOnlyList<string>? AllowedEnvVars { get; init; }

    /// <summary>The person's home folder, which <c>~</c> stands for.</summary>
    public string Home { get; init; } = "/";

    /// <summary>The folders beside the workspace that confined commands may write; real paths.</summary>
    public IReadOnlyList<string> Writable { get; init; } = [];
}

/// <summary>Every hook of every file, with what becomes of it: strongest layer first, each once.</summary>
/// <param name="Hooks">All of them, also those that do not run.</param>
public sealed record HookBook(IReadOnlyList<ListedHook> Hooks)
{
    /// <summary>The hooks that run when their event happens.</summary>
    public IEnumerable<DeclaredHook> Active => Hooks.Where(one => one.Standing is HookStanding.Active).Select(one => one.Hook!);

    /// <summary>Reads the files and decides.</summary>
    /// <param name="files">The files, in any order.</param>
    /// <param name="policy">What decides.</param>
    /// <param name="root">The folder that is worked in.</param>
    public static HookBook Of(IEnumerable<HookFile> files, HookPolicy policy, string root)
    {
        var seen = new Dictionary<string, ListedHook>(StringComparer.Ordinal);
        var all = new List<ListedHook>();
        foreach (var listed in files.OrderBy(file => (int)file.Origin).SelectMany(HookReader.Read))
        {
            var use = listed.Hook is { } one ? UseOf(one, root, policy) : FolderUse.Nothing;
            var judged = listed.Hook is not { } hook ? listed
                : WhyNot(hook, use, policy, root) is { } reason ? listed with { Standing = HookStanding.Rejected, Reason = reason }
                : WhatIsWrong(hook, policy, root) is not { } broken ? listed
                : hook.BlocksOnFailure ? listed with { Hook = hook with { Broken = broken }, Reason = $"{broken} {HookReader.Refuses}", IsBroken = true }
                : listed with { Standing = HookStanding.Rejected, Reason = broken, IsBroken = true };
            if (judged is { Standing: not HookStanding.Rejected, Hook: { } running } && !seen.TryAdd(running.SameAs, judged))
            {
                var first = seen[running.SameAs];
                judged = judged with { Standing = HookStanding.Rejected, Reason = $"the same as {first.Place} in {first.File.Path}, which runs; it runs once." };
            }

            all.Add(judged with { Use = use, Inside = judged.Hook is { } inside ? WhyInside(inside, use, root, policy) : null });
        }

        return new(all);
    }

    /// <summary>
    /// What an approval of a hook is bound to: all that it says, and the content of every file of the project that a project's command names; of a person's own, of those that it runs.
    /// </summary>
    public static string ContentOf(DeclaredHook hook, FolderUse use)
    {
        var content = new StringBuilder(hook.Identity);
        foreach (var file in hook.File.IsOfProject ? use.Files : use.Runs)
        {
            content.Append('\n').Append(file).Append(' ').Append(Convert.ToHexStringLower(SHA256.HashData(SmallFile.Read(file, 16 * 1024 * 1024))));
        }

        return content.ToString();
    }

    private static string? WhyNot(DeclaredHook hook, FolderUse use, HookPolicy policy, string root)
    {
        var isManaged = hook.File.Origin is SettingsOrigin.Managed;
        if (policy.DisabledBy is { } off && (!isManaged || off.Origin is SettingsOrigin.Managed))
        {
            return $"all hooks are turned off by 'disableAllHooks' in {off.Path}.";
        }

        if (policy.ManagedOnly && !isManaged)
        {
            return "the administrator allows managed hooks only (allowManagedHooksOnly).";
        }

        if (hook.File.IsOfProject && !policy.FolderIsTrusted)
        {
            return $"the folder {root} is not trusted. Look at the hook, then `bridle trust`.";
        }

        if (hook.File.IsOfProject && !policy.IsApproved(ContentOf(hook, use)))
        {
            return "it was not approved as it stands now: it is new, or it or a file it runs has changed. Look at it, then `bridle trust`.";
        }

        return null;
    }

    // One that blocks on failure is kept though its program is missing: a guard that is gone must not open the gate.
    private static string? WhatIsWrong(DeclaredHook hook, HookPolicy policy, string root) => hook.Type switch
    {
        HookType.Http => HookAddress.WhyNot(hook, policy),
        HookType.Command when !hook.BlocksOnFailure && MissingProgram(hook, policy, root) is { } missing => missing,
        _ => null,
    };

    private static string? MissingProgram(DeclaredHook hook, HookPolicy policy, string root)
    {
        // Shell text may do anything; only a plain path that it runs in any case can be looked up.
        var word = hook.Arguments is null ? FirstProgram.Of(hook.Command!, new(root, policy.Home, path => path, HookVariables.OfFolder)).FirstOrDefault() : HookVariables.Expand(hook.Command!, root);
        return word is not null && Path.IsPathFullyQualified(word) && !File.Exists(word) ? $"the program {word} does not exist." : null;
    }

    /// <summary>
    /// The files of the project that active hooks name, and all hooks of the project itself: who could change one while a session is open would change what runs next as the person does, in
    /// this session or in another one that trusts the folder.
    /// </summary>
    public IEnumerable<string> FilesThatRun => Running.Concat(Hooks.Where(one => one is { Hook: not null, File.IsOfProject: true })).SelectMany(one => one.Use.Files).Distinct(StringComparer.Ordinal);

    /// <summary>
    /// The files of the project whose change a person is asked about, each with a hook that runs it: what it decides would be decided by who changes them, also where it runs inside the
    /// sandbox. Those that are not there yet are among them.
    /// </summary>
    public IReadOnlyDictionary<string, ListedHook> Guarded
    {
        get
        {
            var found = new SortedDictionary<string, ListedHook>(StringComparer.Ordinal);
            foreach (var one in Running)
            {
                foreach (var file in (one.File.IsOfProject ? one.Use.Files : one.Use.Runs).Concat(one.Use.Missing))
                {
                    found.TryAdd(file, one);
                }
            }

            return found;
        }
    }

    private IEnumerable<ListedHook> Running => Hooks.Where(one => one.Standing is HookStanding.Active);

    /// <summary>
    /// Why a hook runs inside the sandbox, where there is one, in words that go on "it …"; null for one that does not. A project's does where its words do not tell all that it runs. A
    /// person's own does where a command could have made what it runs: then nobody wants that, while <c>make</c> in it is what the person wrote.
    /// </summary>
    public static string? WhyInside(DeclaredHook hook, FolderUse use, string root, HookPolicy policy)
    {
        if (hook.Type is not HookType.Command)
        {
            return null;
        }

        if (hook.File.IsOfProject)
        {
            return use.Open;
        }

        var real = RootOf(root);
        return use.Loose ?? (use.Runs.Where(file => !FolderUse.IsHeld(real, file)).ToList() is { Count: > 0 } free && !policy.IsApproved(ContentOf(hook, use))
            ? $"runs {string.Join(", ", free.Select(file => Path.GetRelativePath(real, file)))}, which nobody approved as it stands (`bridle trust` does)" : null);
    }

    /// <summary>What a hook takes from the project: the files that its command names, and whether they are all that it runs of it.</summary>
    public static FolderUse UseOf(DeclaredHook hook, string root, HookPolicy policy)
    {
        if (hook.Type is not HookType.Command || hook.Command is null)
        {
            return FolderUse.Nothing;
        }

        // A folder that is reached by a link is the folder that was trusted: what was approved under one name is approved under the other.
        var real = RootOf(root);
        var place = new FolderPlace(real, policy.Home, path => Inside(path, root.TrimEnd('/'), real, policy.Writable), HookVariables.OfFolder) { OnlyKnown = hook.File.IsOfProject, Others = policy.Writable };
        return hook.Arguments is null ? FolderUse.OfText(HookVariables.QuoteArguments(hook.Command), place)
            : FolderUse.OfWords([.. hook.Arguments.Prepend(hook.Command).Select(word => HookVariables.Expand(word, real))], place);
    }

    private static string RootOf(string root) => (RealFolder.Of(root)?.Path ?? root).TrimEnd('/');

    private static string? Inside(string path, string root, string real, IReadOnlyList<string> others)
    {
        bool IsIn(string one) => others.Prepend(real).Any(folder => one.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal));
        return IsIn(path) ? path
            : path.StartsWith(root + '/', StringComparison.Ordinal) ? real + path[root.Length..]
            : RealFolder.Resolve(path) is { } target && IsIn(target) ? target
            : null;
    }
}
