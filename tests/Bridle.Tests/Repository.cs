using System.Runtime.CompilerServices;

namespace Bridle.Tests;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    /// <summary>The folder that holds Bridle.slnx.</summary>
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string source = "")
    {
        var folder = new DirectoryInfo(Path.GetDirectoryName(source)!);
        while (!File.Exists(Path.Combine(folder.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException($"No repository above {source}.");
        }

        return folder.FullName;
    }
}
