using System.Text;
using Bridle.Workspaces;

namespace Bridle.Tests.Workspaces;

/// <summary>A program that is talked to while it runs.</summary>
public sealed class ProcessFeedTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<bool> Ways => [true, false];

    private (IRunningProcess Process, Task<string> Output) Start(bool spawns, ProcessFeed feed, string script, Func<string, bool> isEnough)
    {
        var text = new StringBuilder();
        var enough = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var processes = new LocalProcesses(Environment.GetEnvironmentVariables(), [], spawns);
        var process = processes.Start(new ProcessSpec("sh", ["-c", script], _folder.Path)
        {
            Feed = feed,
            OnOutput = chunk =>
            {
                text.Append(Encoding.UTF8.GetString(chunk.Bytes.Span));
                if (isEnough(text.ToString()))
                {
                    enough.TrySetResult(text.ToString());
                }
            },
        });
        return (process, enough.Task);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task It_answers_before_its_input_has_an_end_and_ends_with_it(bool spawns)
    {
        var feed = new ProcessFeed();
        var (process, output) = Start(spawns, feed, "while read line; do echo \"<$line>\"; done; exit 4", text => text.Contains("<two>", StringComparison.Ordinal));
        await using var running = process;
        Assert.True(feed.Write(Encoding.UTF8.GetBytes("one\n")));
        Assert.True(feed.Write(Encoding.UTF8.GetBytes("two\n")));
        Assert.Equal("<one>\n<two>\n", await output.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        feed.End();
        feed.End();
        Assert.Equal(4, await process.Exit.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
        Assert.False(feed.Write(Encoding.UTF8.GetBytes("three\n")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task More_than_a_pipe_holds_arrives_whole(bool spawns)
    {
        var feed = new ProcessFeed();
        var (process, output) = Start(spawns, feed, "wc -c", text => text.EndsWith('\n'));
        await using var running = process;
        Assert.True(feed.Write(new byte[1_000_000]));
        feed.End();
        Assert.Equal("1000000", (await output.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Trim());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task One_that_does_not_read_lets_the_writer_go_when_it_is_killed(bool spawns)
    {
        var feed = new ProcessFeed();
        var (process, output) = Start(spawns, feed, "echo up; sleep 60", text => text.Contains("up", StringComparison.Ordinal));
        await using var running = process;
        await output.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        var writing = Task.Run(() => feed.Write(new byte[1_000_000]), TestContext.Current.CancellationToken);
        await process.KillAsync();
        Assert.False(await writing.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_feed_that_no_program_reads_takes_nothing() => Assert.False(new ProcessFeed().Write(new byte[1]));
}
