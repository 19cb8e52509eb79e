using System.Text;
using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Search;

/// <summary>
/// The ignore files that apply in a folder: its own and those of every folder above it. The kinds are asked in the order
/// <c>.rgignore</c>, <c>.ignore</c>, <c>.gitignore</c>, <c>.git/info/exclude</c>, each from the nearest folder outwards; git's own kinds
/// end at the folder that holds <c>.git</c>.
/// </summary>
internal sealed class IgnoreStack
{
    private const int MostBytes = 1024 * 1024;
    private static readonly string[] s_names = [".rgignore", ".ignore", ".gitignore", ".git/info/exclude"];
    private const int FirstOfGit = 2;

    private readonly IgnoreStack? _parent;
    private readonly string _folder;
    private readonly IgnoreRules?[] _rules;
    private readonly bool _holdsGit;

    private IgnoreStack(IgnoreStack? parent, string folder, IgnoreRules?[] rules, bool holdsGit)
    {
        _parent = parent;
        _folder = folder;
        _rules = rules;
        _holdsGit = holdsGit;
    }

    /// <summary>The stack for a folder, with everything above it that the door lets through.</summary>
    public static IgnoreStack For(IFiles files, ResolvedPath folder)
    {
        var above = Path.GetDirectoryName(folder.Real);
        var parent = above is null ? null : For(files, files.Resolve(above, above));
        return Load(parent, files, folder);
    }

    /// <summary>The stack for a folder in this one.</summary>
    public IgnoreStack Enter(IFiles files, ResolvedPath folder, IReadOnlyList<FileEntry> entries) =>
        entries.Any(entry => entry.Name is ".rgignore" or ".ignore" or ".gitignore" or ".git")
            ? Load(this, files, folder)
            : new IgnoreStack(this, folder.Real, new IgnoreRules?[s_names.Length], holdsGit: false);

    /// <summary>Judges an entry of the folder.</summary>
    public IgnoreVerdict Judge(string path, bool isFolder)
    {
        for (var kind = 0; kind < s_names.Length; kind++)
        {
            for (var at = this; at is not null; at = at._parent)
            {
                var verdict = at._rules[kind]?.Judge(Relative(at._folder, path), isFolder) ?? IgnoreVerdict.None;
                if (verdict is not IgnoreVerdict.None)
                {
                    return verdict;
                }

                if (kind >= FirstOfGit && at._holdsGit)
                {
                    break;
                }
            }
        }

        return IgnoreVerdict.None;
    }

    private static string Relative(string folder, string path) => path[(folder.EndsWith('/') ? folder.Length : folder.Length + 1)..];

    private static IgnoreStack Load(IgnoreStack? parent, IFiles files, ResolvedPath folder)
    {
        var rules = new IgnoreRules?[s_names.Length];
        for (var i = 0; i < s_names.Length; i++)
        {
            rules[i] = Read(files, folder, s_names[i]) is { } text ? IgnoreRules.Parse(text) : null;
        }

        return new IgnoreStack(parent, folder.Real, rules, HoldsGit(files, folder));
    }

    private static bool HoldsGit(IFiles files, ResolvedPath folder)
    {
        try
        {
            return files.Resolve(".git", folder.Real).Kind is not FileKind.Missing;
        }
        catch (ToolException)
        {
            return false;
        }
    }

    private static string? Read(IFiles files, ResolvedPath folder, string name)
    {
        try
        {
            var path = files.Resolve(name, folder.Real);
            if (path.Kind is not FileKind.File)
            {
                return null;
            }

            using var stream = files.OpenRead(path);
            var buffer = new byte[MostBytes];
            return Encoding.UTF8.GetString(buffer, 0, stream.ReadAtLeast(buffer, MostBytes, throwOnEndOfStream: false));
        }
        catch (ToolException)
        {
            return null;
        }
    }
}
