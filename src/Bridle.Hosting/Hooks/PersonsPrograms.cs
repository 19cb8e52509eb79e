using Bridle.Hosting.Trust;
using Bridle.Workspaces;

namespace Bridle.Hosting.Hooks;

/// <summary>
/// Starts programs that run as the person does, outside any confinement. They are looked for, and look for others, only in folders of PATH into which no confined
/// program can have put one: an active environment inside the workspace is passed over.
/// </summary>
internal sealed class PersonsPrograms(IProcesses inner, IEnumerable<string> writable) : IProcesses
{
    private const string Path = "PATH";
    private readonly List<string> _writable = [.. writable.Select(Real)];

    public IRunningProcess Start(ProcessSpec spec)
    {
        if (OperatingSystem.IsWindows() || (spec.Environment.GetValueOrDefault(Path) ?? Environment.GetEnvironmentVariable(Path)) is not { } path)
        {
            return inner.Start(spec);
        }

        var kept = string.Join(':', path.Split(':').Where(folder => folder.StartsWith('/') && !IsWritable(folder)));
        return inner.Start(kept == path ? spec : spec with { Environment = new Dictionary<string, string>(spec.Environment) { [Path] = kept } });
    }

    private bool IsWritable(string folder)
    {
        var real = Real(folder);
        return _writable.Exists(place => real == place || real.StartsWith(place + "/", StringComparison.Ordinal));
    }

    private static string Real(string folder) => RealFolder.Of(folder)?.Path ?? System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder));
}
