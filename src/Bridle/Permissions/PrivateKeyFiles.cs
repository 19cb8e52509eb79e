using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Permissions;

/// <summary>
/// Finds private keys by what stands in them among the files that a call names: a tool's file is looked at again when it is opened, a command's never passes
/// that door.
/// </summary>
internal static class PrivateKeyFiles
{
    private const int Start = 1024;
    private static readonly ReadFiles<bool> s_known = new();

    public static IReadOnlyList<string> Among(IEnumerable<JudgedPath> paths, IEnumerable<JudgedCommand> commands, IFiles files)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return [.. paths.Select(one => one.Path).Concat(commands.SelectMany(command => command.Paths).Where(word => !word.OnlyRules).Select(word => word.Path))
            .Where(path => path.Kind is FileKind.File && seen.Add(path.Real))
            .Where(path => BeginsAsKey(path, files)).Select(path => path.Real)];
    }

    private static bool BeginsAsKey(ResolvedPath path, IFiles files) => s_known.Of(path.Real, files, () => Read(path, files));

    private static bool Read(ResolvedPath path, IFiles files)
    {
        try
        {
            using var stream = files.OpenRead(path);
            Span<byte> start = stackalloc byte[Start];
            return SensitivePaths.IsPrivateKey(start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)]);
        }
        catch (Exception unreadable) when (unreadable is ToolException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
