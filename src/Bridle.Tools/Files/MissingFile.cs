using Bridle.Messages;
using Bridle.Workspaces;

namespace Bridle.Tools.Files;

/// <summary>What to say about a path where nothing stands.</summary>
internal static class MissingFile
{
    /// <summary>Names the nearest entry of the folder, or says that the folder is missing too.</summary>
    public static string Message(CallScope scope, ResolvedPath path)
    {
        var message = $"{path.Given} does not exist (working directory: {scope.WorkingDirectory}).";
        var folder = Path.GetDirectoryName(path.Real);
        if (string.IsNullOrEmpty(folder))
        {
            return message;
        }

        var parent = scope.Files.Resolve(folder, scope.WorkingDirectory);
        if (parent.Kind is not FileKind.Directory)
        {
            return message + " Its folder does not exist either.";
        }

        return Similar(scope.Files, parent, Path.GetFileName(path.Real)) is { } name ? $"{message} Did you mean {Path.Join(Path.GetDirectoryName(path.Given), name)}?" : message;
    }

    private static string? Similar(IFiles files, ResolvedPath folder, string name)
    {
        try
        {
            var stem = Path.GetFileNameWithoutExtension(name);
            var names = files.List(folder).Select(entry => entry.Name).ToArray();
            return names.FirstOrDefault(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase))
                ?? names.FirstOrDefault(other => stem.Length > 2 && string.Equals(Path.GetFileNameWithoutExtension(other), stem, StringComparison.OrdinalIgnoreCase));
        }
        catch (ToolException)
        {
            return null;
        }
    }
}
