using System.Text;
using Bridle.Messages;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

public sealed class BackgroundProcessTests : IAsyncDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly LocalProcesses _processes = new();
    private readonly BackgroundProcesses _background = new();

    public async ValueTask DisposeAsync()
    {
        await _background.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Output_is_taken_once_and_as_it_comes()
    {
        var one = Start("echo first; while [ ! -e go ]; do sleep 0.01; done; echo second; exit 4");
        var text = new StringBuilder();
        await Eventually.Async(() => text.Append(one.TakeNew().Text).ToString() == "first\n");
        Assert.Null(one.ExitCode);
        Assert.Equal(("", 0), one.TakeNew());

        _folder.File("go", "");
        await Eventually.Async(() => one.ExitCode is not null);

        Assert.Equal(("second\n", 0), one.TakeNew());
        Assert.Equal(4, one.ExitCode);
        Assert.Same(one, _background.Find("bg1"));
    }

    [Fact]
    public async Task Disposing_ends_them_all_and_lets_none_start()
    {
        var all = Enumerable.Range(0, 3).Select(_ => Start("setsid sleep 300 & echo $$; wait")).ToList();
        var ids = new List<int>();
        foreach (var one in all)
        {
            var text = "";
            await Eventually.Async(() => (text += one.TakeNew().Text).EndsWith('\n'));
            ids.Add(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
        }

        await _background.DisposeAsync();

        Assert.All(ids, id => Assert.False(ProcessTable.Find(id) is { IsEnded: false }));
        Assert.Equal(["bg1", "bg2", "bg3"], _background.All.Select(one => one.Id));
        Assert.Throws<ObjectDisposedException>(() => Start("true"));
    }

    [Fact]
    public void A_start_that_fails_takes_no_number()
    {
        Assert.Throws<ToolException>(() => _background.Start(_processes, new ProcessSpec("no-such-program", [], _folder.Path) { OnOutput = _ => { } }, "x"));

        Assert.Equal("bg1", Start("true").Id);
    }

    [Fact]
    public async Task Only_the_last_megabyte_is_kept_and_the_rest_is_counted()
    {
        var one = Start("head -c 3000000 /dev/zero | tr '\\0' a; printf END");
        await Eventually.Async(() => one.ExitCode is not null);

        var (text, dropped) = one.TakeNew();

        Assert.Equal(1024 * 1024, text.Length);
        Assert.EndsWith("aEND", text, StringComparison.Ordinal);
        Assert.Equal(3000003 - (1024 * 1024), dropped);
    }

    [Fact]
    public void Characters_cut_between_chunks_and_streams_come_whole()
    {
        var one = new BackgroundProcess(1, "x");
        one.Append(Chunk([0xC3]));
        Assert.Equal("", one.TakeNew().Text);
        one.Append(Chunk("err"u8.ToArray(), isError: true));
        Assert.Equal("err", one.TakeNew().Text);
        one.Append(Chunk([0xA4, (byte)'!']));
        Assert.Equal("ä!", one.TakeNew().Text);
    }

    [Fact]
    public void What_is_dropped_leaves_no_broken_character()
    {
        var one = new BackgroundProcess(1, "x");
        one.Append(Chunk([0xE2, 0x82]));
        _ = one.TakeNew();
        one.Append(Chunk(Encoding.UTF8.GetBytes("x" + new string('ä', 600_000))));

        var (text, dropped) = one.TakeNew();

        Assert.Equal(new string('ä', text.Length), text);
        Assert.Equal(1_200_001, dropped + Encoding.UTF8.GetByteCount(text));
    }

    [Fact]
    public async Task Half_a_character_at_the_end_is_shown_as_broken()
    {
        var one = Start("printf 'a\\303'");
        await Eventually.Async(() => one.ExitCode is not null);

        Assert.Equal("a\uFFFD", one.TakeNew().Text);
        Assert.Equal("", one.TakeNew().Text);
    }

    private static OutputChunk Chunk(byte[] bytes, bool isError = false) => new(bytes, isError);

    private BackgroundProcess Start(string script) =>
        _background.Start(_processes, new ProcessSpec("sh", ["-c", script], _folder.Path) { OnOutput = _ => { } }, script);
}
