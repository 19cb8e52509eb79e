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
        Assert.Equal(new BackgroundOutput("", 0, ""), one.TakeNew());

        _folder.File("go", "");
        await Eventually.Async(() => one.ExitCode is not null);

        Assert.Equal(new BackgroundOutput("second\n", 0, ""), one.TakeNew());
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
    public async Task Output_that_nobody_took_is_kept_whole_up_to_a_bound()
    {
        var one = Start("seq 1 600000; printf END");
        await Eventually.Async(() => one.ExitCode is not null);

        var (text, dropped, after) = one.TakeNew();

        Assert.Equal(string.Concat(Enumerable.Range(1, 600_000).Select(i => $"{i}\n")) + "END", text);
        Assert.Equal((0, ""), (dropped, after));
    }

    [Fact]
    public async Task What_came_behind_the_bound_is_there_as_long_as_nothing_was_dropped()
    {
        var one = Start("seq 1 2200000; printf END");
        await Eventually.Async(() => one.ExitCode is not null, seconds: 60);

        var (text, dropped, after) = one.TakeNew();

        Assert.Equal((0, ""), (dropped, after));
        Assert.Equal(string.Concat(Enumerable.Range(1, 2_200_000).Select(i => $"{i}\n")) + "END", text);
    }

    [Fact]
    public async Task Beyond_the_bound_the_beginning_and_whole_lines_of_the_end_are_kept()
    {
        var one = Start("seq 1 5000000; printf END");
        await Eventually.Async(() => one.ExitCode is not null);

        var (text, dropped, after) = one.TakeNew();

        var whole = string.Concat(Enumerable.Range(1, 5_000_000).Select(i => $"{i}\n")) + "END";
        Assert.Equal(16 * 1024 * 1024, text.Length);
        Assert.StartsWith(text, whole, StringComparison.Ordinal);
        Assert.EndsWith("\n" + after, whole, StringComparison.Ordinal);
        Assert.InRange(after.Length, 500_000, 512 * 1024);
        Assert.Equal(whole.Length, text.Length + dropped + after.Length);
        Assert.Equal(new BackgroundOutput("", 0, ""), one.TakeNew());
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
    public void What_is_dropped_leaves_no_half_of_a_character()
    {
        var one = new BackgroundProcess(1, "x");
        one.Append(Chunk("x"u8.ToArray()));
        for (var i = 0; i < 11; i++)
        {
            one.Append(Chunk(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("😀", 1024 * 1024)))));
        }

        var (text, dropped, after) = one.TakeNew();

        Assert.True(char.IsLowSurrogate(text[^1]));
        Assert.True(char.IsHighSurrogate(after[0]));
        Assert.Equal((22 * 1024 * 1024) + 1, text.Length + dropped + after.Length);
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
