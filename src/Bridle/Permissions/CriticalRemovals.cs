using System.Collections.Frozen;
using Bridle.Permissions.Shell;

namespace Bridle.Permissions;

/// <summary>Commands that would remove something nobody means to remove. No allow rule, no hook and no mode lets them run unasked.</summary>
internal static class CriticalRemovals
{
    private static readonly FrozenSet<string> Removers = FrozenSet.Create("rm", "rmdir", "unlink", "shred", "srm", "rimraf", "trash", "wipe");

    private static readonly FrozenSet<string> Spoilers = FrozenSet.Create("mv", "chmod", "chown", "chgrp", "truncate");

    /// <summary>What the command would remove, in words, or null.</summary>
    public static string? Find(JudgedCommand command, PolicyOptions options, string workingDirectory)
    {
        var moves = command.Reading.Commands.Any(one => one.Name is "cd" or "pushd" or "popd" or "chroot" || FolderChanges.IsMovingRunner(one));
        foreach (var (words, name) in command.Reading.Commands.Select(one => (one.Words, one.Name)))
        {
            var removes = Removers.Contains(name) || (name is "find" && (words.Any(word => word.Text is "-delete") || command.Reading.Commands.Any(other => other.Wrappers.Contains("find") && Removers.Contains(other.Name))));
            if (name.StartsWith("mkfs", StringComparison.Ordinal) || name is "wipefs" or "fdisk" or "parted" or "blkdiscard" || (name is "dd" && words.Any(word => word.Text.StartsWith("of=/dev/", StringComparison.Ordinal))))
            {
                return $"'{name}' overwrites a disk";
            }

            if (removes && (words.Any(word => word.Marks is not (WordMarks.None or WordMarks.Tilde)) || command.Reading.Unresolved is not null))
            {
                return $"what '{name}' would remove is only known when it runs";
            }

            if (removes && moves)
            {
                return $"'{name}' runs in a folder that the command changes to";
            }

            if ((removes || Spoilers.Contains(name)) && words.Skip(1).FirstOrDefault(word => IsCritical(command, word.Text, options, workingDirectory))?.Text is { } critical)
            {
                return $"'{name}' would remove or change {critical}";
            }
        }

        return null;
    }

    private static bool IsCritical(JudgedCommand command, string word, PolicyOptions options, string workingDirectory) =>
        command.PathsOf(word).Any(path => new[] { path.Path.Normalised, path.Path.Real }.Any(one => IsCritical(one, options, workingDirectory)));

    private static bool IsCritical(string path, PolicyOptions options, string workingDirectory)
    {
        var names = PathPattern.Split(path);
        return names.Length <= 1
            || SensitivePaths.IsProtectedFolder(names[^1])
            || names is ["home" or "Users", _]
            || Contains(path, options.Home) || Contains(path, options.Root) || Contains(path, workingDirectory);
    }

    private static bool Contains(string folder, string path) => path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
