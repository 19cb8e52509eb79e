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
            var judged = listed.Hook is not { } hook ? listed
                : WhyNot(hook, policy, root) is { } reason ? listed with { Standing = HookStanding.Rejected, Reason = reason }
                : WhatIsWrong(hook, policy, root) is not { } broken ? listed
                : hook.BlocksOnFailure ? listed with { Hook = hook with { Broken = broken }, Reason = $"{broken} {HookReader.Refuses}", IsBroken = true }
                : listed with { Standing = HookStanding.Rejected, Reason = broken, IsBroken = true };
            if (judged is { Standing: not HookStanding.Rejected, Hook: { } running } && !seen.TryAdd(running.SameAs, judged))
            {
                var first = seen[running.SameAs];
                judged = judged with { Standing = HookStanding.Rejected, Reason = $"the same as {first.Place} in {first.File.Path}, which runs; it runs once." };
            }

            all.Add(judged with { Use = judged.Hook is { File.IsOfProject: true } ours ? UseOf(ours, root, policy.Home) : FolderUse.Nothing });
        }

        return new(all);
    }

    /// <summary>What an approval of a project's hook is bound to: all that it says, and the content of every file of the project that its command names.</summary>
    public static string ContentOf(DeclaredHook hook, FolderUse use)
    {
        var content = new StringBuilder(hook.Identity);
        foreach (var file in use.Files)
        {
            content.Append('\n').Append(file).Append(' ').Append(Convert.ToHexStringLower(SHA256.HashData(SmallFile.Read(file, 16 * 1024 * 1024))));
        }

        return content.ToString();
    }

    private static string? WhyNot(DeclaredHook hook, HookPolicy policy, string root)
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

        if (hook.File.IsOfProject && !policy.IsApproved(ContentOf(hook, UseOf(hook, root, policy.Home))))
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

    /// <summary>The files of the project that its active hooks name: who could change one while a session is open would change what runs next as the person does.</summary>
    public IEnumerable<string> FilesThatRun(string root, string home) => Active.SelectMany(hook => UseOf(hook, root, home).Files).Distinct(StringComparer.Ordinal);

    /// <summary>What a hook takes from the project: the files that its command names, and whether they are all that it runs of it.</summary>
    public static FolderUse UseOf(DeclaredHook hook, string root, string home)
    {
        if (hook.Type is not HookType.Command || hook.Command is null)
        {
            return FolderUse.Nothing;
        }

        // A folder that is reached by a link is the folder that was trusted: what was approved under one name is approved under the other.
        var real = (RealFolder.Of(root)?.Path ?? root).TrimEnd('/');
        var place = new FolderPlace(real, home, path => Inside(path, root.TrimEnd('/'), real), HookVariables.OfFolder);
        return hook.Arguments is null ? FolderUse.OfText(HookVariables.QuoteArguments(hook.Command), place)
            : FolderUse.OfWords([.. hook.Arguments.Prepend(hook.Command).Select(word => HookVariables.Expand(word, real))], place);
    }

    private static string? Inside(string path, string root, string real) =>
        path.StartsWith(real + '/', StringComparison.Ordinal) ? path
        : path.StartsWith(root + '/', StringComparison.Ordinal) ? real + path[root.Length..]
        : RealFolder.Resolve(path) is { } target && target.StartsWith(real + '/', StringComparison.Ordinal) ? target
        : null;
}
