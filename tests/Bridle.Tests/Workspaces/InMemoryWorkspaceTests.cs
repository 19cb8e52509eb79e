using System.Text;
using Bridle.Messages;
using Bridle.Testing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

public sealed class InMemoryWorkspaceTests
{
    private readonly InMemoryWorkspace _workspace = new();

    [Fact]
    public void Both_doors_to_files_answer_alike()
    {
        using var scratch = new ScratchFolder();
        var real = Play(new LocalFiles(scratch.Path));
        var memory = Play(new InMemoryFiles("/some/root"));

        Assert.Equal(real, memory);
        Assert.Contains("deep/a b.txt = new", memory, StringComparison.Ordinal);
    }

    [Fact]
    public void Files_are_filled_and_looked_at_by_text()
    {
        _workspace.Files["src/a.cs"] = "class A;";
        _workspace.Files.AddFolder("empty");
        _workspace.Files.SetMode("src/a.cs", 0x1ED);
        _workspace.Files["src/a.cs"] += "\n";

        Assert.Equal(["/work/src/a.cs"], _workspace.Files.Paths);
        Assert.Equal("class A;\n", _workspace.Files["/work/src/a.cs"]);
        Assert.Equal(0x1ED, _workspace.Files.Stat(_workspace.Files.Resolve("src/a.cs", "/work"))!.UnixMode);
        _workspace.Files.Remove("src");
        Assert.Empty(_workspace.Files.Paths);
    }

    [Fact]
    public async Task A_scripted_program_writes_and_ends()
    {
        _workspace.Processes.Answer(spec => ($"ran {spec.Arguments[0]}\n", 3, "oops"));

        Assert.Equal(new RunOutcome(3, "ran x\n", "oops"), await RunOutcome.OfAsync(_workspace.Processes, "/work", "tool", "x"));
        Assert.Equal("tool", Assert.Single(_workspace.Processes.Started).Program);
    }

    [Fact]
    public async Task A_scripted_program_may_hang_until_it_is_killed()
    {
        var seen = new MemoryStream();
        _workspace.Processes.HangAfter("waiting");
        await using var process = _workspace.Processes.Start(new ProcessSpec("server", [], "/work") { OnOutput = chunk => seen.Write(chunk.Bytes.Span) });
        await Eventually.Async(() => seen.Length > 0);
        Assert.False(process.Exit.IsCompleted);

        await process.KillAsync();

        Assert.Equal(143, await process.Exit);
        Assert.Equal("waiting", Encoding.UTF8.GetString(seen.ToArray()));
    }

    [Fact]
    public void Without_a_script_no_program_is_there() =>
        Assert.Contains("was not found", Assert.Throws<ToolException>(() => _workspace.Processes.Start(new ProcessSpec("x", [], "/") { OnOutput = _ => { } })).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Pages_come_by_their_address_and_are_cut_at_the_limit()
    {
        _workspace.Network.Add("https://site.test/a", "<p>long</p>");

        var page = await _workspace.Network.FetchAsync(new Uri("https://site.test/a"), new FetchLimits(MaxBytes: 3), CancellationToken.None);

        Assert.Equal(("<p>", true), (Encoding.UTF8.GetString(page.Body), page.Truncated));
        await Assert.ThrowsAsync<ToolException>(() => _workspace.Network.FetchAsync(new Uri("https://site.test/b"), new FetchLimits(), CancellationToken.None));
        Assert.Equal(["https://site.test/a", "https://site.test/b"], _workspace.Network.Fetched.Select(one => one.ToString()));
    }

    [Fact]
    public async Task A_local_workspace_puts_the_real_doors_together()
    {
        using var scratch = new ScratchFolder();
        var workspace = new LocalWorkspace(scratch.Path);

        await RunOutcome.OfShellAsync(workspace.Processes, workspace.Files.Root, "echo made > file");

        Assert.Equal(FileKind.File, workspace.Files.Resolve("file", workspace.Files.Root).Kind);
        await Assert.ThrowsAsync<ToolException>(() => workspace.Network.FetchAsync(new Uri("http://127.0.0.1:1/"), new FetchLimits(), CancellationToken.None));
    }

    private static string Play(IFiles files)
    {
        var told = new StringBuilder();
        Try("deep/a b.txt", path => files.Write(path, "old"u8));
        Try("deep/a b.txt", path => files.Write(path, "new"u8));
        foreach (var path in new[] { "deep/a b.txt", "deep", "gone", "deep/a b.txt/below", ".", "deep/../deep", "a\nb", "../outside/none" })
        {
            Try(path, one => told.Append(path).Append(" = ").AppendLine(new StreamReader(files.OpenRead(one)).ReadToEnd()));
            Try(path, one => told.AppendJoin(',', files.List(one).Select(entry => $"{entry.Name} {entry.Kind} {entry.Length}")).AppendLine());
            Try(path, one => told.Append(files.Stat(one)?.Kind).Append(' ').Append(one.Kind).Append(' ').Append(one.InsideRoot).AppendLine());
        }

        Try("deep", path => files.Write(path, "x"u8));
        Try("deep/a b.txt/below", path => files.Write(path, "x"u8));
        return told.ToString();

        void Try(string path, Action<ResolvedPath> act)
        {
            try
            {
                act(files.Resolve(path, files.Root));
            }
            catch (ToolException refusal)
            {
                told.AppendLine(refusal.Message);
            }
        }
    }
}
