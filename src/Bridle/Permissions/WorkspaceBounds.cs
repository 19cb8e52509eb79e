using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>What counts as inside: the workspace and the folders that settings add to it. And what is refused outside of both, where settings say so.</summary>
internal sealed class WorkspaceBounds(PolicyOptions options)
{
    private static readonly string[] Free = ["/dev/null", "/dev/zero", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty"];

    /// <summary>The call with its paths in added folders counted as inside, and the session's own outputs where they are only read.</summary>
    public CallToJudge Place(CallToJudge call) => options.AdditionalDirectories.Count == 0 && options.ReadableFiles.Count == 0 ? call : call with
    {
        Paths = [.. call.Paths.Select(path => path with { Path = Place(path.Path, path.Access) })],
        Commands = [.. call.Commands.Select(command => new JudgedCommand(command.Script, command.Reading, [.. command.Paths.Select(word => word with { Path = Place(command, word) })], command.TooManyWords)
        {
            Folders = command.Folders, CopiesUnseen = command.CopiesUnseen, Repositories = command.Repositories, Git = command.Git,
        })],
    };

    /// <summary>The path, counted as inside when its real place is in an added folder or it is an output of the session that is only read.</summary>
    public ResolvedPath Place(ResolvedPath path, FileAccessKind access) =>
        !path.InsideRoot && ((access is FileAccessKind.Read && IsOwnOutput(path)) || options.AdditionalDirectories.Any(folder => IsIn(path.Real, folder))) ? path with { InsideRoot = true } : path;

    /// <summary>Whether the path is a long output that this session has put beside its log.</summary>
    public bool IsOwnOutput(ResolvedPath path) => options.ReadableFiles.Contains(path.Real);

    private ResolvedPath Place(JudgedCommand command, WordPath word) => Place(word.Path, IsOwnOutput(word.Path) ? CommandEffects.AccessOf(command, word) : FileAccessKind.Write);

    /// <summary>Whether a folder is the workspace, an added one, or in one of them.</summary>
    public bool Holds(string folder) => IsIn(folder, options.Root) || options.AdditionalDirectories.Any(added => IsIn(folder, added));

    /// <summary>Whether the path is only read and really lies in a folder that is open for that, or is a file that is.</summary>
    public bool Lends(JudgedPath path) => path.Access is FileAccessKind.Read && (IsOwnOutput(path.Path) || options.ReadableFolders.Any(folder => IsIn(path.Path.Real, folder)));

    /// <summary>Why a path of the call lies out of bounds, or null.</summary>
    public string? WhatDenies(CallToJudge call)
    {
        if (!options.BlockReadsOutside && !options.BlockWritesOutside)
        {
            return null;
        }

        return call.Paths.Select(path => WhatDenies(path.Path, path.Access)).FirstOrDefault(reason => reason is not null)
            ?? call.Commands.Select(WhatDenies).FirstOrDefault(reason => reason is not null);
    }

    /// <summary>Why the path may not be used that way, or null.</summary>
    public string? WhatDenies(ResolvedPath path, FileAccessKind access) => path.InsideRoot || Free.Contains(path.Normalised) ? null
        : access is FileAccessKind.Read && options.BlockReadsOutside ? $"{path.Given} lies outside the workspace, and the setting blockReadsOutsideWorkingDirectories refuses that."
        : access is FileAccessKind.Write && options.BlockWritesOutside ? $"{path.Given} lies outside the workspace, and the setting blockWritesOutsideWorkingDirectories refuses that."
        : null;

    // A word is taken for a path when something is there or when it has the shape of one; what the command does with it counts as writing unless it is known to look only.
    private string? WhatDenies(JudgedCommand command)
    {
        var programs = command.Direct.Select(one => one.Texts[0]).ToHashSet(StringComparer.Ordinal);
        return command.Paths.Where(word => word.Path.Kind is not FileKind.Missing || word.Word.Contains('/'))
            .Where(word => word.Redirected || !programs.Contains(word.Word))
            .Select(word => WhatDenies(word.Path, CommandEffects.AccessOf(command, word)) ?? (options.BlockWritesOutside && GitMayWrite(command) ? WhatDenies(word.Path, FileAccessKind.Write) : null))
            .FirstOrDefault(reason => reason is not null);
    }

    // git works where -C or --git-dir points, and most of its verbs write there.
    private static bool GitMayWrite(JudgedCommand command) =>
        command.Reading.Commands.Any(one => one.Name is "git" && !CommandEffects.OnlyLooks(one));

    private static bool IsIn(string path, string folder)
    {
        folder = folder.TrimEnd('/');
        return folder.Length > 0 && path.StartsWith(folder, StringComparison.Ordinal) && (path.Length == folder.Length || path[folder.Length] == '/');
    }
}
