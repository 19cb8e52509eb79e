using Bridle.Permissions.Shell;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// Holds what git prints of history to the rules that deny reading: what a file held yesterday is as much the file as what it holds now. A command goes on where it names
/// the files that it prints, and no rule speaks of those, or where it leaves out what rules speak of; else a person is asked.
/// </summary>
internal static class HistoryReads
{
    private const string LongMagic = ":(";

    /// <summary>Why the command may print what a rule holds back, or null.</summary>
    public static string? WhatPrints(JudgedCommand command, CompiledRules rules)
    {
        foreach (var one in command.Reading.Commands)
        {
            var history = GitHistory.Of(one);
            if (history.Use is HistoryUse.None || history is { Elsewhere: false, ShowsNamedOnly: true })
            {
                continue;
            }

            var elsewhere = history.Elsewhere || command.Repositories.Linked || SetsGit(command);
            foreach (var entry in rules.ReadDenials)
            {
                if (Concerns(entry.Path!, history.Use, elsewhere, command) && (elsewhere || !KeepsClear(entry.Path!, history, command)))
                {
                    return history.Use is HistoryUse.Copies
                        ? $"'{history.What}' lays the repository's files down in another folder, where 'deny {entry.Rule.Text}' does not hold."
                        : $"'{history.What}' prints what files held at other times, also those of 'deny {entry.Rule.Text}'.{Advice(entry.Path!, history, command)}";
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

    private static bool Concerns(PathPattern rule, HistoryUse use, bool elsewhere, JudgedCommand command) =>
        !(use is HistoryUse.Copies && rule.IsAnywhere)
        && (elsewhere || command.Repositories.Folders.Any(top => rule.MayMatchIn(top.Normalised) || rule.MayMatchIn(top.Real)));

    private static bool SetsGit(JudgedCommand command) =>
        command.Text.Contains("GIT_", StringComparison.Ordinal) || command.Reading.Words.Exists(word => word.Text.Contains("GIT_", StringComparison.Ordinal));

    private static bool KeepsClear(PathPattern rule, GitHistory history, JudgedCommand command)
    {
        if (history.Use is HistoryUse.Copies)
        {
            return false;
        }

        if (history.Verb is "diff" && !history.Words.Contains("--") && history.Operands.ToList() is { Count: > 0 } files && files.TrueForAll(word => GitHistory.IsNamedFile(word) && IsClear(rule, FilesOf(word, command), command)))
        {
            return true;
        }

        // Without '--' a word is a file where there is one, else a commit.
        var (commits, paths) = Split(history, command);
        if (!(history with { Words = [.. history.Words.Where(word => word is ['-', _, ..] || commits.Contains(word))] }).CanBeLimited)
        {
            return false;
        }

        var (left, named) = (paths.Where(IsLeftOut).ToList(), paths.Where(path => !IsLeftOut(path)).ToList());
        return (named.Count > 0 && named.TrueForAll(path => path.AsSpan().IndexOfAny("*?[\\:") < 0 && IsClear(rule, command.PathsOf(path).Select(one => one.Path), command)))
            || (left.Count > 0 && command.Repositories.Folders.Where(top => rule.MayMatchIn(top.Normalised) || rule.MayMatchIn(top.Real)).All(top => rule.LeftOutBy(top.Normalised) is { } wanted && wanted.All(one => left.Exists(given => Same(given, one)))));
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

    // A file that is there is meant by its name; what is not there may have been a folder once.
    private static bool IsClear(PathPattern rule, IEnumerable<ResolvedPath> paths, JudgedCommand command) => paths.SelectMany(command.Repositories.Everywhere).ToList() is { Count: > 0 } all
        && all.TrueForAll(path => path.Kind is FileKind.File ? !rule.Matches(path.Normalised) && !rule.Matches(path.Real) : !rule.MayMatchIn(path.Normalised) && !rule.MayMatchIn(path.Real));

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
}
