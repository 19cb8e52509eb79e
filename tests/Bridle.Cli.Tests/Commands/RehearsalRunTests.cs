namespace Bridle.Cli.Tests.Commands;

/// <summary>The rehearsal with the real tools: what it reports is what is there.</summary>
public sealed class RehearsalRunTests : IDisposable
{
    private const string Odd = "a (b) [c] {d} x*y+z? ^1|2$ \\end #tag & ~q- \"it's\" é";
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("search for hello world", "One file mentions hello world", "a.txt, line 1")]
    [InlineData("Which files mention \"TODO: fix\"?", "One file mentions TODO: fix", "b.txt, line 2")]
    [InlineData("search for `" + Odd + "`", "One file mentions", "odd.txt, line 1")]
    [InlineData("find all python files", "Found 2 python files:", "pkg/tool.py")]
    [InlineData("What is in the folder pkg?", "In pkg:", "tool.py")]
    [InlineData("look at pkg", "In pkg:", "tool.py")]
    [InlineData("list pkg", "In pkg:", "tool.py")]
    [InlineData("look at NOTES", "NOTES (1 lines)", "a note")]
    public async Task A_wish_finds_what_is_there(string task, string first, string second)
    {
        Fill();
        Assert.Equal(0, await _stage.RunAsync("run", task));
        Assert.Contains(first, _stage.Out.ToString());
        Assert.Contains(second, _stage.Out.ToString());
    }

    [Fact]
    public async Task Text_with_spaces_is_found_and_changed()
    {
        Fill();
        Assert.Equal(0, await _stage.RunAsync("run", "--mode", "acceptEdits", "replace \"TODO: fix\" with \"DONE: fixed\""));
        Assert.Equal("first\nDONE: fixed\n", File.ReadAllText(_stage.PathOf("work/b.txt")));
    }

    private void Fill()
    {
        _stage.Write("work/a.txt", "hello world\n");
        _stage.Write("work/b.txt", "first\nTODO: fix\n");
        _stage.Write("work/odd.txt", Odd + "\n");
        _stage.Write("work/main.py", "print()\n");
        _stage.Write("work/pkg/tool.py", "print()\n");
        _stage.Write("work/NOTES", "a note\n");
    }
}
