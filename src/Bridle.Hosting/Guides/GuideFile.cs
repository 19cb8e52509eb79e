using System.Text;
using Bridle.Hosting.Instructions;
using Bridle.Hosting.Trust;
using Bridle.Permissions;

namespace Bridle.Hosting.Guides;

/// <summary>The words of a guide that stand in a file. What may hold a secret is never read.</summary>
internal static class GuideFile
{
    public const int MostBytes = 256 * 1024;

    /// <summary>Where the file lies: from the home folder, the root, or the folder of the settings that name it (the working folder for a project's).</summary>
    public static string PathOf(DeclaredGuide guide, string home) =>
        guide.Said.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(home, guide.Said[2..]) : Path.GetFullPath(Path.Combine(guide.Folder, guide.Said));

    /// <summary>How it is put to the model, or why not.</summary>
    public static (string? Told, string Problem) Read(DeclaredGuide guide, HostFiles files, string root)
    {
        var path = PathOf(guide, files.Environment.Home);
        if (!File.Exists(path) || RealFolder.Resolve(path) is not { } real)
        {
            return (null, $"there is no file {path}");
        }

        // A folder that nobody trusts may hold a link, and what that leads to is not what the guide meant.
        if (!files.Trust.IsTrusted && IsIn(path, files.Trust.Folder) && !IsIn(real, RealFolder.Resolve(files.Trust.Folder) ?? files.Trust.Folder))
        {
            return (null, $"{path} leads out of the project, whose folder is not trusted");
        }

        if (SensitivePaths.HoldsSecrets(real))
        {
            return (null, $"{path} may hold a secret, so it is not shown to a model");
        }

        if (DeniedReads.For(files, root).Of(path) is { } denied)
        {
            return (null, $"{path} is not shown to a model. {denied.TrimEnd('.')}");
        }

        try
        {
            var bytes = SmallFile.Read(real, MostBytes);
            return bytes.AsSpan().Contains((byte)0) ? (null, $"{path} is no text")
                : (InstructionGuides.Told(new(real, "guide", GuideText.Cut(GuideText.Clean(Encoding.UTF8.GetString(bytes).TrimStart('\ufeff')), guide.MostTokens, $"{real}{InstructionGuides.Frame}"))), "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path} cannot be read ({e.Message})");
        }
    }

    private static bool IsIn(string path, string folder) => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);
}
