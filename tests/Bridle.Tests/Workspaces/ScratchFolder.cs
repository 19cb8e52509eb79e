namespace Bridle.Tests.Workspaces;

/// <summary>A real folder that is gone after the test.</summary>
internal sealed class ScratchFolder : IDisposable
{
    public ScratchFolder() => Path = Directory.CreateTempSubdirectory("bridle-workspace-").FullName;

    public string Path { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string File(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        System.IO.File.WriteAllText(this[name], text);
        return this[name];
    }

    public string Program(string name, string text)
    {
        var path = File(name, text);
        Mode(name, 0x1ED);
        return path;
    }

    public void Mode(string name, int mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(this[name], (UnixFileMode)mode);
        }
    }

    public string Folder(string name) => Directory.CreateDirectory(this[name]).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
