using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Bridle.Permissions;

/// <summary>
/// A folder that git takes for a repository although it is not called <c>.git</c>: by a few names in it. Its configuration can name programs, and its working tree, so that a mere
/// look by <c>git status</c> runs them. What <c>git init --bare</c> itself writes there says nothing of that kind and is let be.
/// </summary>
internal static partial class BareRepository
{
    private const int MostBytes = 4096;
    private const int MostHooks = 100;

    // What decides what git runs. Hooks count where one is no sample.
    private static readonly string[] s_orders = ["config", "config.worktree", "commondir", "hooks"];

    /// <summary>What would be one with it: why writing the file is asked about, or null. Looks at the disk only where a name on the way is one of those few.</summary>
    public static string? WhatIsMade(string path)
    {
        for (var at = path.IndexOf('/', 1); at >= 0; at = path.IndexOf('/', at + 1))
        {
            var end = path.IndexOf('/', at + 1);
            var name = path[(at + 1)..(end < 0 ? path.Length : end)];
            if (!Shape.Knows(name))
            {
                continue;
            }

            var (shape, folder) = (new Shape(), path[..at]);
            foreach (var one in Shape.Names.Where(one => Path.Exists(Path.Join(folder, one))).Append(name))
            {
                shape.Add(one);
            }

            if (shape.IsRepository && (s_orders.Contains(name, StringComparer.OrdinalIgnoreCase) || Orders(folder, shape.Orders).Count > 0))
            {
                return $"it makes or changes {folder} as a git repository of its own, whose configuration decides what git runs there";
            }
        }

        return null;
    }

    /// <summary>Which of those names in a folder decide what git runs. What the files hold is read each time.</summary>
    public static List<GuardedPlace> Orders(string folder, IReadOnlyList<string> names) =>
        names.Count == 0 ? [] : names.Where(name => !IsHarmless(Path.Join(folder, name), name)).ToList().ConvertAll(name => new GuardedPlace(Path.Join(folder, name), Directory.Exists(Path.Join(folder, name)), Hides: false, GuardedBy.Name));

    private static bool IsHarmless(string path, string name)
    {
        try
        {
            return name.ToUpperInvariant() switch
            {
                "COMMONDIR" => false,
                "HOOKS" => new DirectoryInfo(path) is { Exists: true, LinkTarget: null } hooks && hooks.EnumerateFileSystemInfos().Take(MostHooks + 1).ToList() is { Count: <= MostHooks } found && found.TrueForAll(one => one.Name.EndsWith(".sample", StringComparison.Ordinal)),
                _ => new FileInfo(path) is { Exists: true, LinkTarget: null, Length: > 0 and <= MostBytes } && SaysNothing(File.ReadAllText(path)),
            };
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Only what git writes there by itself; whatever is spelled otherwise is not read at all.
    private static bool SaysNothing(string text) => text.Split('\n').All(line => Plain().IsMatch(line));

    [GeneratedRegex("""^(?:\[(?:core|receive|remote "[\w.-]+")\]|\t(?:repositoryformatversion|filemode|bare|ignorecase|precomposeunicode|symlinks|logallrefupdates|sharedrepository|denyNonFastforwards|mirror) = \w+|\turl = [\w/.~][\w/.@~-]*(?::[\w/.@~-]+)?|\tfetch = [+\w:/*.-]+|)$""", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    /// <summary>The names of a folder by which git knows a repository.</summary>
    public sealed class Shape
    {
        /// <summary>Those names.</summary>
        public static readonly FrozenSet<string> Names = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, ["HEAD", "objects", "refs", .. s_orders]);

        private readonly List<string> _orders = [];
        private bool _head;
        private bool _objects;
        private bool _refs;
        private bool _common;

        /// <summary>Whether git takes the folder for a repository.</summary>
        public bool IsRepository => _head && (_common || (_objects && _refs));

        /// <summary>What is in it that may decide what git runs; nothing where it is no repository.</summary>
        public IReadOnlyList<string> Orders => IsRepository ? _orders : [];

        /// <summary>Whether it is one of the names. Case makes no difference on some disks.</summary>
        public static bool Knows(string name) => name.Length is >= 4 and <= 15 && Names.Contains(name);

        /// <summary>One more name in the folder.</summary>
        public void Add(string name)
        {
            if (!Knows(name))
            {
                return;
            }

            bool Is(string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
            (_head, _objects, _refs, _common) = (_head || Is("HEAD"), _objects || Is("objects"), _refs || Is("refs"), _common || Is("commondir"));
            if (s_orders.Contains(name, StringComparer.OrdinalIgnoreCase) && !_orders.Contains(name))
            {
                _orders.Add(name);
            }
        }
    }
}
