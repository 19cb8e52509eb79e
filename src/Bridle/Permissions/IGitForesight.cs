namespace Bridle.Permissions;

/// <summary>
/// Looks, before a command of git runs, at which files of the work tree it would change although its words do not name them: what <c>reset --hard</c>, <c>stash</c> or <c>merge</c> do. Asked only
/// while a rule that denies or asks speaks of files.
/// </summary>
public interface IGitForesight
{
    /// <summary>What the command would change. Must not throw: what it cannot find out, it says so.</summary>
    /// <param name="folder">Where the command works: an absolute path.</param>
    /// <param name="words">The command; its first word is git.</param>
    GitChange Of(string folder, IReadOnlyList<string> words);

    /// <summary>The same for a command of which nothing is known but that it works in that folder.</summary>
    GitChange Unknown(string folder);
}

/// <summary>The files that a command of git would change.</summary>
/// <param name="IsKnown">Whether these are all of them; else they are the files of the repository, and any of them may be changed, and others made.</param>
/// <param name="Top">The top folder of the work tree.</param>
/// <param name="Files">The files, as absolute paths; a folder ends with a slash, and everything in it is meant.</param>
public sealed record GitChange(bool IsKnown, string Top, IReadOnlyList<string> Files)
{
    /// <summary>Where that is not known, what else is there: files that the repository does not have.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>It changes nothing that its words do not name.</summary>
    public static GitChange Nothing { get; } = new(true, "/", []);
}
