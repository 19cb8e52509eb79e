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
        var moves = command.Reading.Commands.Any(one => one.Name is "pushd" or "popd" or "chroot" || (one.Name is "cd" && one.Words is not [_, { Plain: true, Text: not ['-', ..] }]) || FolderChanges.IsMovingRunner(one));
        foreach (var one in command.Reading.Commands)
        {
            var (words, name) = (one.Words, one.Name);
            var removes = Removers.Contains(name) || (name is "find" && (words.Any(word => word.Text is "-delete") || command.Reading.Commands.Any(other => other.Wrappers.Contains("find") && Removers.Contains(other.Name))));
            if (name.StartsWith("mkfs", StringComparison.Ordinal) || name is "wipefs" or "fdisk" or "parted" or "blkdiscard" || (name is "dd" && words.Any(word => word.Text.StartsWith("of=/dev/", StringComparison.Ordinal))))
            {
                return $"'{name}' overwrites a disk";
            }

            // What the text itself makes of its words stands among the commands too, each as it is then.
            if (removes && ((words.Any(word => !IsKnown(word)) && !command.Reading.Expansions.Have(one)) || (one.Direct ? command.Script.Problem : command.Reading.Unresolved) is not null))
            {
                return $"what '{name}' would remove is only known when it runs";
            }

            if (removes && moves)
            {
                return $"'{name}' runs in a folder that the command changes to";
            }

            if ((removes || Spoilers.Contains(name)) && words.Skip(1).FirstOrDefault(word => IsCritical(command, one, word, options, workingDirectory))?.Text is { } critical)
            {
                return $"'{name}' would remove or change {critical}";
            }
        }

        return null;
    }

    // A pattern is judged as the files that it matches, and with it the folder that it may empty.
    private static bool IsKnown(ShellWord word) => (word.Marks & ~(WordMarks.Tilde | WordMarks.Glob)) == 0;

    private static bool IsCritical(JudgedCommand command, FoundCommand one, ShellWord word, PolicyOptions options, string workingDirectory) =>
        command.PathsOf(word.Text).Any(path => new[] { path.Path.Normalised, path.Path.Real }.Any(path => IsCritical(path, options, workingDirectory) && !(one.Name is "find" && FindsSome(one) && (path == options.Root || path == workingDirectory))))
        || ((word.Marks & WordMarks.Glob) != 0 && Emptied(word.Text) is { } folder && IsCritical(Path.GetFullPath(folder is ['~', ..] ? options.Home + folder[1..] : folder, workingDirectory), options, workingDirectory));

    // Of 'find' that is told which files it is to find, the folder where it looks stays.
    private static bool FindsSome(FoundCommand find) => find.Texts.Index().Any(word => word.Item is "-name" or "-iname" or "-path" or "-ipath" or "-regex" && word.Index + 1 < find.Texts.Count && Emptied(find.Texts[word.Index + 1]) is null);

    // The folder of which a pattern may leave nothing: its last parts are signs for anything only. Null where a name stands in it.
    private static string? Emptied(string pattern)
    {
        var parts = pattern.TrimEnd('/').Split('/').ToList();
        var count = parts.Count;
        while (parts.Count > 0 && IsAnything(parts[^1]))
        {
            parts.RemoveAt(parts.Count - 1);
        }

        return parts.Count == count ? null : parts is [] ? "." : parts is [""] ? "/" : string.Join('/', parts);
    }

    private static bool IsAnything(string part)
    {
        var (inBrackets, isWild) = (false, false);
        foreach (var sign in part)
        {
            if (!inBrackets && char.IsLetterOrDigit(sign))
            {
                return false;
            }

            isWild |= sign is '*' or '?' or '[';
            inBrackets = sign is '[' || (inBrackets && sign is not ']');
        }

        return isWild;
    }

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
