using System.Globalization;

namespace Bridle.Permissions;

/// <summary>What git's settings make a command print that its words do not say.</summary>
internal sealed record GitSettings
{
    /// <summary>Nothing.</summary>
    public static GitSettings None { get; } = new();

    /// <summary>Whatever settings can do: they cannot be read, or come into being with the command.</summary>
    public static GitSettings Unknown { get; } = new() { IsUnknown = true, Follows = true, StashPatch = true, ShowsSignature = true, SignatureProgram = true, Programs = true, CommitVerbose = 2, OtherFolder = true };

    /// <summary>Nobody knows what they say.</summary>
    public bool IsUnknown { get; private init; }

    /// <summary><c>log.follow</c>: the history of one file goes on under its earlier names.</summary>
    public bool Follows { get; private init; }

    /// <summary><c>stash.showPatch</c>.</summary>
    public bool StashPatch { get; private init; }

    /// <summary><c>log.showSignature</c>, or a format that shows what the program for signatures said.</summary>
    public bool ShowsSignature { get; private init; }

    /// <summary>The repository chooses what looks at signatures, or that it is shown.</summary>
    public bool SignatureProgram { get; private init; }

    /// <summary>The repository names a program that shows differences or makes text of files.</summary>
    public bool Programs { get; private init; }

    /// <summary><c>commit.verbose</c>: 1 shows what is taken up, 2 also what is not.</summary>
    public int CommitVerbose { get; private init; }

    /// <summary>The repository's files lie in another folder.</summary>
    public bool OtherFolder { get; private init; }

    /// <summary><c>blame.ignoreRevsFile</c>: files whose first wrong line is printed.</summary>
    public IReadOnlyList<string> IgnoredRevisions { get; private init; } = [];

    /// <summary>The same with one more setting, which comes behind the others.</summary>
    /// <param name="name">Its name in small letters.</param>
    /// <param name="value">Its value; null means yes.</param>
    /// <param name="ofRepository">It comes with the repository, from whoever wrote that, or from the command line.</param>
    /// <param name="perhaps">It counts under a condition only, so that it may turn on and not off.</param>
    public GitSettings With(string name, string? value, bool ofRepository, bool perhaps)
    {
        var on = value is null || !(value.Length is 0 || value.ToLowerInvariant() is "false" or "no" or "off" || (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number is 0));
        bool Set(bool before) => perhaps ? before || on : on;
        return name switch
        {
            "log.follow" => this with { Follows = Set(Follows) },
            "stash.showpatch" => this with { StashPatch = Set(StashPatch) },
            "log.showsignature" => this with { ShowsSignature = Set(ShowsSignature), SignatureProgram = SignatureProgram || (ofRepository && on) },
            "commit.verbose" => this with { CommitVerbose = Math.Max(perhaps ? CommitVerbose : 0, !on ? 0 : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level) ? level : 1) },
            "core.worktree" => this with { OtherFolder = OtherFolder || ofRepository },
            "blame.ignorerevsfile" => this with { IgnoredRevisions = value is { Length: > 0 } ? [.. IgnoredRevisions, value] : perhaps ? IgnoredRevisions : [] },
            "diff.external" => this with { Programs = Programs || (ofRepository && on) },
            _ when name.StartsWith("diff.", StringComparison.Ordinal) && (name.EndsWith(".command", StringComparison.Ordinal) || name.EndsWith(".textconv", StringComparison.Ordinal)) => this with { Programs = Programs || (ofRepository && on) },
            _ when name.StartsWith("gpg.", StringComparison.Ordinal) => this with { SignatureProgram = SignatureProgram || ofRepository },
            _ when name is "format.pretty" || name.StartsWith("pretty.", StringComparison.Ordinal) => this with { ShowsSignature = ShowsSignature || value?.Contains("%G", StringComparison.Ordinal) is true },
            _ => this,
        };
    }

    /// <summary>Whether one of them speaks of what a verb prints.</summary>
    public static bool Concern(string verb) => verb is "log" or "whatchanged" or "reflog" or "show" or "stash" or "diff" or "commit" or "blame" or "annotate" or "diff-tree" or "diff-index" or "diff-files";
}
