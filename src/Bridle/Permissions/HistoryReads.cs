using Bridle.Permissions.Shell;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// Holds what git prints of history to the rules that deny reading: what a file held yesterday is as much the file as what it holds now. A command goes on where it names
/// the files that it prints, and no rule speaks of those, or where it leaves out what rules speak of; else a person is asked.
/// </summary>
internal static class HistoryReads
{
    private const string LongMagic = ":(";

    // Variables that give git other settings.
    private static readonly string[] s_movers = ["GIT_CONFIG", "GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF", "HOME="];

    /// <summary>Why the command may print what a rule holds back, or null.</summary>
    public static string? WhatPrints(JudgedCommand command, CompiledRules rules)
    {
        foreach (var one in command.Reading.Commands)
        {
            var history = GitHistory.Of(one);
            if (GitSettings.Concern(history.Verb))
            {
                var settings = SettingsOf(one, command);
                history = history.Under(settings);
                command = command.Repositories == RepositoryTops.None && history.Use is not HistoryUse.None ? command with { Repositories = command.Git.Value.Tops } : command;
                if (history.Verb is "blame" or "annotate" && Revealing(settings, rules, command) is { } revealed)
                {
                    return revealed;
                }
            }

            if (history.Use is HistoryUse.None || history is { Elsewhere: false, ShowsNamedOnly: true })
            {
                continue;
            }

            var elsewhere = history.Elsewhere || command.Repositories.Linked || SetsGit(command);
            var told = new Lazy<Named>(() => NamedBy(history, command, rules.PartsOf(Verdict.Deny)));
            foreach (var entry in rules.ReadDenials)
            {
                if (Concerns(entry.Path!, history.Use, elsewhere, command) && (elsewhere || !KeepsClear(entry.Path!, history, told, command)))
                {
                    return history.Use is HistoryUse.Copies
                        ? $"'{history.What}' lays the repository's files down in another folder, where 'deny {entry.Rule.Text}' does not hold."
                        : $"'{history.What}' prints what files held at other times, also those of 'deny {entry.Rule.Text}'.{(history.Because is { } because ? $" {because}" : Advice(entry.Path!, history, command))}";
                }
            }
        }

        return null;
    }

    /// <summary>Whether a word names nothing, because git leaves out what it says.</summary>
    public static bool LeavesOut(CommandReading reading, string word) =>
        word.StartsWith(LongMagic, StringComparison.Ordinal) && Magic(word) is var (magic, _) && magic.Contains("exclude")
        && !reading.Redirects.Exists(redirect => redirect.Target.Text == word)
        && reading.Commands.Where(command => command.Texts.Contains(word)).ToList() is { Count: > 0 } having
        && having.TrueForAll(command => command.Name is "git" && command.Texts.TakeWhile(one => one != word).Contains("--"));

    // What comes into being with the command is known to nobody before.
    private static GitSettings SettingsOf(FoundCommand one, JudgedCommand command) =>
        s_movers.Any(mover => command.Text.Contains(mover, StringComparison.Ordinal) || command.Reading.Words.Exists(word => word.Text.Contains(mover, StringComparison.Ordinal)))
        || (command.Reading.Commands.Count > 1 && command.Reading.Commands.Exists(other => other.Name is "git" && GitVerbs.SetsUp(other.Texts)))
            ? GitSettings.Unknown : GitHistory.SettingsOf(one, command.Git.Value.Settings);

    // 'fatal: invalid object name: PASSWORD=…'
    private static string? Revealing(GitSettings settings, CompiledRules rules, JudgedCommand command)
    {
        foreach (var file in settings.IgnoredRevisions)
        {
            foreach (var entry in rules.ReadDenials)
            {
                if (command.Git.Value.FilesNamed(file).Any(path => entry.Path!.Matches(path.Normalised) || entry.Path!.Matches(path.Real)))
                {
                    return $"The setting blame.ignoreRevsFile makes git read '{file}', which 'deny {entry.Rule.Text}' speaks of.";
                }
            }
        }

        return null;
    }

    private static bool Concerns(PathPattern rule, HistoryUse use, bool elsewhere, JudgedCommand command) =>
        !(use is HistoryUse.Copies && rule.IsAnywhere)
        && (elsewhere || command.Repositories.Folders.Any(top => rule.MayMatchIn(top.Normalised) || rule.MayMatchIn(top.Real)));

    private static bool SetsGit(JudgedCommand command) =>
        command.Text.Contains("GIT_", StringComparison.Ordinal) || command.Reading.Words.Exists(word => word.Text.Contains("GIT_", StringComparison.Ordinal));

    private static bool KeepsClear(PathPattern rule, GitHistory history, Lazy<Named> told, JudgedCommand command)
    {
        if (history.Use is HistoryUse.Copies)
        {
            return false;
        }

        if (history is { Verb: "diff", IsWidened: false } && !history.Words.Contains("--") && history.Operands.ToList() is { Count: > 0 } files && files.TrueForAll(word => GitHistory.IsNamedFile(word) && IsClear(rule, FilesOf(word, command), command)))
        {
            return true;
        }

        var (canBeLimited, left, named, areFar) = told.Value;
        return canBeLimited
            && ((areFar && rule.Part.Length > 0)
                || (named.Count > 0 && named.TrueForAll(path => path is not null && IsClear(rule, path)))
                || (left.Count > 0 && command.Repositories.Folders.Where(top => rule.MayMatchIn(top.Normalised) || rule.MayMatchIn(top.Real)).All(top => rule.LeftOutBy(top.Normalised) is { } wanted && wanted.All(one => left.Exists(given => Same(given, one))))));
    }

    // The same for each rule, and looked up on the disk, so once for a command. Without '--' a word is a file where there is one, else a commit.
    private static Named NamedBy(GitHistory history, JudgedCommand command, PathParts parts)
    {
        var (commits, paths) = Split(history, command);
        List<List<ResolvedPath>?> files = [.. paths.Where(path => !IsLeftOut(path)).Select(path => path.AsSpan().IndexOfAny("*?[\\:") < 0 ? Everywhere(command.PathsOf(path).Select(one => one.Path), command) : null)];
        return new(
            (history with { Words = [.. history.Words.Where(word => word is ['-', _, ..] || commits.Contains(word))] }).CanBeLimited,
            [.. paths.Where(IsLeftOut)],
            files,
            files.Count > 0 && files.TrueForAll(all => all is { Count: > 0 } && all.TrueForAll(path => path.Kind is FileKind.File && parts.AreFarFrom(path))));
    }

    private static (List<string> Commits, List<string> Paths) Split(GitHistory history, JudgedCommand command)
    {
        if (history.Words.Contains("--"))
        {
            return ([.. history.Operands], [.. history.Words.SkipWhile(word => word != "--").Skip(1)]);
        }

        bool IsFile(string word) => command.PathsOf(word).ToList() is { Count: > 0 } found && found.TrueForAll(one => one.Path.Kind is FileKind.File) && command.Reading.Commands.TrueForAll(CommandEffects.OnlyLooks);
        return ([.. history.Operands.Where(word => !IsFile(word))], [.. history.Operands.Where(IsFile)]);
    }

    private static bool IsClear(PathPattern rule, IEnumerable<ResolvedPath> paths, JudgedCommand command) => IsClear(rule, Everywhere(paths, command));

    // A file that is there is meant by its name; what is not there may have been a folder once.
    private static bool IsClear(PathPattern rule, List<ResolvedPath> all) => all.Count > 0
        && all.TrueForAll(path => path.Kind is FileKind.File ? !rule.Matches(path.Normalised) && !rule.Matches(path.Real) : !rule.MayMatchIn(path.Normalised) && !rule.MayMatchIn(path.Real));

    private static List<ResolvedPath> Everywhere(IEnumerable<ResolvedPath> paths, JudgedCommand command) => [.. paths.SelectMany(command.Repositories.Everywhere)];

    private static IEnumerable<ResolvedPath> FilesOf(string word, JudgedCommand command) => command.Paths.Where(path => path.Word == word && !path.Whole).Select(path => path.Path);

    private static bool IsLeftOut(string path) => path.StartsWith(LongMagic, StringComparison.Ordinal) && Magic(path) is var (magic, _) && magic.Contains("exclude");

    private static bool Same(string given, string wanted) => Magic(given) is var (one, path) && Magic(wanted) is var (other, rest) && path == rest && one.SetEquals(other);

    private static (HashSet<string> Magic, string Path)? Magic(string pathspec) =>
        pathspec.IndexOf(')', StringComparison.Ordinal) is > 1 and var end ? ([.. pathspec[LongMagic.Length..end].Split(',')], pathspec[(end + 1)..]) : null;

    private static string Advice(PathPattern rule, GitHistory history, JudgedCommand command)
    {
        if (!(history with { Words = [] }).CanBeLimited)
        {
            return "";
        }

        var left = command.Repositories.Folders is [var top] ? rule.LeftOutBy(top.Normalised) : null;
        return $" Behind '--', name files that the rule says nothing of{(left is null ? "" : $", or add {string.Join(' ', left.Select(one => $"'{one}'"))}")}; name commits so that they can be nothing else (HEAD~1, main^{{commit}}).";
    }

    /// <summary>What a command says of the files that it prints.</summary>
    /// <param name="CanBeLimited">Whether naming files limits what it prints.</param>
    /// <param name="Left">The pathspecs that leave something out.</param>
    /// <param name="Files">Of each other pathspec, what it names; null where it is a pattern.</param>
    /// <param name="AreFar">They are files, and no rule with a text of its own can match one.</param>
    private sealed record Named(bool CanBeLimited, List<string> Left, List<List<ResolvedPath>?> Files, bool AreFar);
}
