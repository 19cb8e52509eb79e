namespace Bridle.Tools.Git;

/// <summary>How git is started so that nothing of the repository's own configuration runs.</summary>
internal static class GitArguments
{
    // What has one name. Whatever stands here wins over every configuration file.
    private static readonly string[] s_fixed =
    [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.editor=:", "sequence.editor=:", "core.pager=cat", "core.askPass=false", "core.sshCommand=false",
        "core.gitProxy=false", "core.alternateRefsCommand=false", "core.untrackedCache=false", "credential.helper=", "protocol.allow=never", "submodule.recurse=false", "diff.external=",
        "commit.gpgSign=false", "tag.gpgSign=false", "tag.forceSignAnnotated=false", "push.gpgSign=false", "gpg.program=false", "gpg.ssh.program=false", "gpg.x509.program=false",
        "merge.verifySignatures=false", "interactive.diffFilter=", "safe.bareRepository=explicit", "gc.auto=0", "maintenance.auto=false", "commit.verbose=false", "commit.template=",
        "init.templateDir=", "rebase.autoSquash=false", "advice.detachedHead=false", "color.ui=false",
    ];

    /// <summary>Variables that win over every configuration.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["GIT_EDITOR"] = ":", ["GIT_SEQUENCE_EDITOR"] = ":", ["GIT_MERGE_AUTOEDIT"] = "no", ["GIT_TERMINAL_PROMPT"] = "0", ["GIT_ASKPASS"] = "false", ["SSH_ASKPASS"] = "false",
        ["GIT_PAGER"] = "cat", ["GIT_NO_LAZY_FETCH"] = "1",
    };

    /// <summary>The arguments that list every name of the configuration with where it comes from; runs nothing.</summary>
    public static IReadOnlyList<string> Listing { get; } = [.. Options([]), "config", "--list", "--show-scope", "--name-only", "-z"];

    /// <summary>The arguments of a verb, once it is known what the configuration names.</summary>
    public static IReadOnlyList<string> For(string verb, IReadOnlyList<string> arguments, IEnumerable<string> more) => [.. Options(more), verb, .. arguments];

    /// <summary>
    /// What must be overridden because the repository itself sets it, from the listing of the configuration; or why the repository is not worked on.
    /// A filter is required then, so that content is refused and never stored without it; what the person's own configuration sets stays (git-lfs).
    /// </summary>
    public static (IReadOnlyList<string> Overrides, string? Refusal) Of(string listing)
    {
        var overrides = new SortedSet<string>(StringComparer.Ordinal);
        var words = listing.Split('\0');
        for (var i = 0; i + 1 < words.Length; i += 2)
        {
            var (scope, name) = (words[i], words[i + 1]);
            if (scope is not ("local" or "worktree"))
            {
                continue;
            }

            if (name is "core.worktree")
            {
                return ([], "This repository's configuration moves its files elsewhere (core.worktree); the Git tool does not work on it.");
            }

            var (section, key) = (name.Split('.')[0], name[(name.LastIndexOf('.') + 1)..]);
            if (name.Contains('=', StringComparison.Ordinal) && (section, key) is ("filter", _) or ("diff" or "merge" or "trailer", "driver" or "command" or "cmd" or "textconv"))
            {
                return ([], $"This repository's configuration has the name '{name}', which cannot be overridden; the Git tool does not work on it.");
            }

            overrides.UnionWith((section, key) switch
            {
                ("filter", "clean" or "smudge" or "process" or "required") => Filter(name[..name.LastIndexOf('.')]),
                ("diff", "command" or "textconv") => [$"{name}="],
                ("merge", "driver") when name.Split('.').Length > 2 => [$"{name}=false"],
                ("trailer", "command" or "cmd") => [$"{name}="],
                ("gpg", "program" or "defaultkeycommand") => [$"{name}=false"],
                ("credential", "helper") => [$"{name}="],
                _ => [],
            });
        }

        return ([.. overrides], null);
    }

    private static string[] Filter(string name) => [$"{name}.clean=", $"{name}.smudge=", $"{name}.process=", $"{name}.required=true"];

    private static IEnumerable<string> Options(IEnumerable<string> more) => ["--no-pager", .. s_fixed.Concat(more).SelectMany(one => new[] { "-c", one })];
}
