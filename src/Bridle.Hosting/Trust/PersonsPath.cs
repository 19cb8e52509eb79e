using Bridle.Hosting.Toolchains;

namespace Bridle.Hosting.Trust;

/// <summary>
/// The folders of PATH in which programs are looked for that run as the person does, outside any confinement: hooks, container engines, helpers that print keys. Only
/// those into which no confined program can have put one: an active environment inside the workspace is passed over.
/// </summary>
internal sealed class PersonsPath(IEnumerable<string> writable)
{
    /// <summary>The variable.</summary>
    public const string Name = "PATH";

    private readonly List<string> _writable = [.. writable.Select(Real)];

    /// <summary>For work with these files.</summary>
    public static PersonsPath For(HostFiles files) => new(WritableTo(files));

    /// <summary>All that confined programs may write to, in this session or in one before: the folder with its whole repository, what settings open, and the caches of toolchains.</summary>
    public static IEnumerable<string> WritableTo(HostFiles files) =>
    [
        files.Trust.Folder, .. RealFolder.Of(files.Trust.Folder)?.Repository() is { } repository ? [repository] : Array.Empty<string>(), .. files.Layers.AdditionalDirectories,
        .. (files.Layers.Effective.Sandbox?.Filesystem?.AllowWrite ?? []).Select(path => FullPath(path, files, files.Trust.Folder)), ToolchainPlan.CachesOf(files.Environment),
    ];

    /// <summary>What is left of a PATH.</summary>
    public string Of(string path) => OperatingSystem.IsWindows() ? path : string.Join(':', path.Split(':').Where(folder => folder.StartsWith('/') && !IsWritable(folder)));

    /// <summary>A path of the settings as it is meant: from the home folder, or from the folder worked in.</summary>
    public static string FullPath(string path, HostFiles files, string folder) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? files.Environment.Home + path[1..] : path, folder));

    private bool IsWritable(string folder)
    {
        var real = Real(folder);
        return _writable.Exists(place => real == place || real.StartsWith(place + "/", StringComparison.Ordinal));
    }

    private static string Real(string folder) => RealFolder.Of(folder)?.Path ?? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
}
