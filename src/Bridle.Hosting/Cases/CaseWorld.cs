using System.Diagnostics;
using System.Text.Json;
using Bridle.Permissions;

namespace Bridle.Hosting.Cases;

/// <summary>
/// The world that cases happen in: a scratch folder on disk with the files that commands usually speak of, and what a case sets up itself. Removed when disposed.
/// </summary>
internal sealed class CaseWorld : IDisposable
{
    // What stands in every workspace, and around it.
    private static readonly string[] WorkspaceFiles = [".env", "f.txt", "a.txt", "src/a.cs", ".git/config", "sub/b.txt"];

    private static readonly string[] OtherFiles = ["/etc/passwd", "/etc/hostname", "/usr/bin/touch", "/tmp/old"];

    private readonly string _folder = Directory.CreateTempSubdirectory("bridle-cases-").FullName;

    private CaseWorld(string root, string home)
    {
        foreach (var file in WorkspaceFiles.Select(file => $"{root}/{file}").Concat(OtherFiles))
        {
            WriteFile(file, "x");
        }

        Make(home);
        Link($"{root}/envlink", ".env");
        Link("/proc/self/cwd", root);
        Files = new ScratchFiles(_folder, root, home);
    }

    /// <summary>The files as the case sees them.</summary>
    public ScratchFiles Files { get; }

    /// <summary>The policy of a case in its world: its rules follow the links that lie there.</summary>
    public PermissionPolicy PolicyOf(PolicyOptions options) => new(options with { FollowLinks = () => path => Files.Resolve(path, options.Root).Real });

    /// <summary>Makes the world of a case. Throws <see cref="FormatException"/> for a step that is none.</summary>
    public static CaseWorld Of(JudgeCase one, string root, string home)
    {
        var world = new CaseWorld(root, home);
        try
        {
            world.SetUp(one, root);
            return world;
        }
        catch
        {
            world.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void SetUp(JudgeCase one, string root)
    {
        if (one.Policy.TryGetProperty("file", out var files) && files.ValueKind is JsonValueKind.Object)
        {
            foreach (var file in files.EnumerateObject())
            {
                WriteFile(file.Name.StartsWith('/') ? file.Name : $"{root}/{file.Name}", file.Value.GetString()!);
            }
        }

        foreach (var step in one.Line.TryGetProperty("setup", out var setup) ? setup.EnumerateArray().ToList() : [])
        {
            Take(step);
        }
    }

    private void Take(JsonElement step)
    {
        string? Text(string name) => step.TryGetProperty(name, out var value) ? value.GetString() : null;
        if (Text("mkdir") is { } folder)
        {
            Make(folder);
        }
        else if (Text("file") is { } file)
        {
            WriteFile(file, Text("text") ?? "");
        }
        else if (Text("link") is { } link)
        {
            Link(link, Text("to") ?? throw new FormatException($"A link without 'to': {step.GetRawText()}"));
        }
        else if (Text("hardlink") is { } second)
        {
            Run("ln", "-f", "--", Place(Text("to") ?? throw new FormatException($"A hard link without 'to': {step.GetRawText()}")), Place(second));
        }
        else if (Text("fifo") is { } pipe)
        {
            Run("mkfifo", "--", Place(pipe));
        }
        else
        {
            throw new FormatException($"A step of the set-up that is not known: {step.GetRawText()}");
        }
    }

    private void Make(string folder) => Directory.CreateDirectory(Place($"{folder.TrimEnd('/')}/x")[..^2]);

    private void WriteFile(string path, string text) => File.WriteAllText(Place(path), text);

    private void Link(string path, string to)
    {
        var place = Place(path);
        File.Delete(place);
        File.CreateSymbolicLink(place, to);
    }

    // A path of the case on the disk, with its folders made. Steps are not followed through links: they name places.
    private string Place(string path)
    {
        if (!path.StartsWith('/') || path.Split('/').Contains("..") || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new FormatException($"A step names '{path}', which is not an absolute path without '..'.");
        }

        var place = _folder;
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in names.SkipLast(1))
        {
            place = Path.Combine(place, name);
            if (new FileInfo(place).LinkTarget is not null)
            {
                throw new FormatException($"A step names '{path}', which leads through a link.");
            }

            Directory.CreateDirectory(place);
        }

        return names.Length == 0 ? _folder : Path.Combine(place, names[^1]);
    }

    // .NET has no call for either.
    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{program} failed: {said.Trim()}");
        }
    }
}
