namespace Bridle.Workspaces;

/// <summary>
/// Starts programs that are trusted with more than the calls of a session are. A bare name is looked up, and what it starts looks for others, only in folders of PATH
/// into which no call can have put one: an active environment inside the workspace is passed over, and so is a link that leads into it.
/// </summary>
internal sealed class OutsidePrograms(IProcesses inner, IReadOnlyList<string> writable, string? searched) : IProcesses
{
    private const string Path = "PATH";

    public IRunningProcess Start(ProcessSpec spec)
    {
        if (OperatingSystem.IsWindows() || (spec.Environment.GetValueOrDefault(Path) ?? searched ?? Environment.GetEnvironmentVariable(Path)) is not { } path)
        {
            return inner.Start(spec);
        }

        var kept = path.Split(':').Where(folder => folder.StartsWith('/') && !IsWritable(folder)).ToList();
        var found = spec.Program.Contains('/', StringComparison.Ordinal) ? null : kept.Select(folder => System.IO.Path.Combine(folder, spec.Program)).FirstOrDefault(IsProgram);
        return inner.Start(spec with { Program = found ?? spec.Program, Environment = new Dictionary<string, string>(spec.Environment) { [Path] = string.Join(':', kept) } });
    }

    private bool IsProgram(string file) => File.Exists(file) && LinuxProcessCalls.Access(file, 1) == 0 && !IsWritable(file);

    private bool IsWritable(string path)
    {
        var real = Real(path);
        return writable.Any(place => Real(place) is var folder && (real == folder || real.StartsWith(folder.TrimEnd('/') + '/', StringComparison.Ordinal)));
    }

    private static string Real(string path) => PathResolution.TryReal(path, out var real) ? real : path;
}
