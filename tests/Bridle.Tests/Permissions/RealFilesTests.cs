using System.Diagnostics;
using Bridle.Permissions;
using Bridle.Tests.Workspaces;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Permissions;

/// <summary>The gate on real files, links and names.</summary>
public sealed class RealFilesTests(ITestOutputHelper output) : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Links_of_the_file_system_are_seen_through()
    {
        var (files, policy) = Make(["Read(hidden/**)"]);
        Assert.Equal(Verdict.Deny, policy.Judge(Call(files, "way/x.txt")).Verdict);
        Assert.Equal(Verdict.Ask, policy.Judge(Call(files, "out")).Verdict);
        Assert.Equal(Verdict.Allow, policy.Judge(Call(files, "a.txt")).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Bash(files, "cat way/x.txt")).Verdict);
        var door = new GuardedFiles(files, policy, []);
        Assert.Equal(["a.txt"], door.List(files.Resolve(".", files.Root)).Select(entry => entry.Name));
    }

    [Fact]
    public void No_command_text_makes_the_gate_throw()
    {
        var (files, policy) = Make(["Read(hidden/**)", "Bash(rm:*)"]);
        var random = new Random(3);
        string[] pieces = ["a.txt", "/", "..", "~", "\0", "\n", "=", ":", new string('n', 300), new string('/', 50), "\ud800", "\u202e", " ", "'", "\"", "$(", "hidden/x.txt", "way/", "-x", "//", "\\", "@", ";"];
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            _ = policy.Judge(Bash(files, text));
            _ = policy.Judge(Call(files, text));
        }

        _ = policy.Judge(Bash(files, string.Concat(Enumerable.Repeat("echo $(", 5_000))));
        _ = policy.Judge(Bash(files, string.Concat(Enumerable.Repeat("sh -c '\"`", 5_000))));
    }

    [Fact]
    public void A_second_name_outside_is_noticed_before_writing()
    {
        var (files, _) = Make([]);
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Counts of names are read on Linux.");
        using var made = Process.Start("ln", [Path.Combine(files.Root, "a.txt"), Path.Combine(files.Root, "b.txt")])!;
        made.WaitForExit();
        Assert.Equal(2, files.Resolve("b.txt", files.Root).Links);
        Assert.Equal(Verdict.Ask, Policy(files, PermissionMode.AcceptEdits, []).Judge(Call(files, "b.txt", FileAccessKind.Write)).Verdict);
    }

    [Fact]
    public void Judging_takes_little()
    {
        var (files, policy) = Make(["Read(hidden/**)", "Bash(rm:*)"]);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 500; i++)
        {
            Assert.Equal(Verdict.Ask, policy.Judge(Bash(files, "dotnet build src/Bridle -v q --nologo -p:Configuration=Release && dotnet test | tail -20")).Verdict);
        }

        output.WriteLine($"a compound command: {watch.Elapsed.TotalMilliseconds / 500:0.000} ms");
    }

    private (LocalFiles Files, PermissionPolicy Policy) Make(string[] deny)
    {
        var root = Directory.CreateDirectory(Path.Combine(_scratch.Path, "ws")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "hidden"));
        File.WriteAllText(Path.Combine(root, "a.txt"), "a");
        File.WriteAllText(Path.Combine(root, "hidden", "x.txt"), "x");
        File.WriteAllText(Path.Combine(_scratch.Path, "outside.txt"), "o");
        Directory.CreateSymbolicLink(Path.Combine(root, "way"), Path.Combine(root, "hidden"));
        File.CreateSymbolicLink(Path.Combine(root, "out"), Path.Combine(_scratch.Path, "outside.txt"));
        var files = new LocalFiles(root);
        return (files, Policy(files, PermissionMode.Default, deny));
    }

    private static PermissionPolicy Policy(LocalFiles files, PermissionMode mode, string[] deny) =>
        new(new PolicyOptions { Root = files.Root, Home = "/home/nobody", Mode = mode, Rules = Judging.Rules(deny: deny) });

    private static CallToJudge Bash(LocalFiles files, string command) => Read(files, "Bash", ToolKind.Execute, new CommandTarget(command));

    private static CallToJudge Call(LocalFiles files, string path, FileAccessKind access = FileAccessKind.Read) =>
        Read(files, access is FileAccessKind.Read ? "Read" : "Write", access is FileAccessKind.Read ? ToolKind.Read : ToolKind.Write, new FileTarget(path, access));

    private static CallToJudge Read(LocalFiles files, string tool, ToolKind kind, ToolTarget target) =>
        CallReader.Read(new ToolDefinition(tool, "", default, kind, Events.ToolEffect.Once, false), new ToolInput(default, new object(), [target]), files, files.Root);
}
