using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Tests.Journal;

public sealed class ShownRedactionTests
{
    private const string Key = "a-key-0123456789";
    private static readonly RunId Run = new("1");
    private readonly CollectingSink _sink = new();

    [Fact]
    public async Task A_secret_that_arrives_in_pieces_reaches_no_sink()
    {
        using var events = Make();
        for (var size = 1; size <= Key.Length; size++)
        {
            foreach (var piece in $"the key {Key} is shown".Chunk(size).Select(piece => new string(piece)))
            {
                await events.ShowAsync(Run, new TextStreamed(piece), TestContext.Current.CancellationToken);
                await events.ShowAsync(new RunId("1.1"), new TextStreamed(piece), TestContext.Current.CancellationToken);
                events.Show(Run, new ToolProgressed(new CallId("a"), piece));
                events.Show(Run, new ToolProgressed(new CallId("b"), piece));
            }

            await EndAsync(events);
        }

        const string clean = "the key [redacted: known key] is shown";
        Assert.Equal(string.Concat(Enumerable.Repeat(clean, Key.Length)), Text(Run));
        Assert.Equal(string.Concat(Enumerable.Repeat(clean, Key.Length)), Text(new RunId("1.1")));
        Assert.Equal(string.Concat(Enumerable.Repeat(clean, Key.Length)), Output("a"));
        Assert.Equal(string.Concat(Enumerable.Repeat(clean, Key.Length)), Output("b"));
    }

    [Fact]
    public async Task What_was_held_back_comes_before_the_record_that_ends_it()
    {
        using var events = Make();
        await events.ShowAsync(Run, new TextStreamed("last"), TestContext.Current.CancellationToken);
        Assert.Empty(_sink.Events);
        await events.RecordAsync(Run, new ReplyCut("interrupted", "last", null, null), Durability.Written, TestContext.Current.CancellationToken);
        Assert.Equal("last", Assert.IsType<TextStreamed>(Assert.IsType<Shown>(_sink.Events[0]).Event).Text);
        Assert.IsType<Recorded>(_sink.Events[1]);
    }

    [Fact]
    public async Task Text_without_blanks_is_shown_as_it_comes()
    {
        using var events = Make();
        await events.ShowAsync(Run, new TextStreamed("空白のない言語"), TestContext.Current.CancellationToken);
        Assert.Equal("空白のない言語", Text(Run));
        await events.ShowAsync(Run, new TextStreamed("https://u:pä"), TestContext.Current.CancellationToken);
        await events.ShowAsync(Run, new TextStreamed("ss@host "), TestContext.Current.CancellationToken);
        Assert.Equal("空白のない言語https://u:[redacted: password]@host ", Text(Run));
    }

    private SessionEvents Make() => new(new MemoryJournal(), [_sink], broken => throw broken, new SecretRedactor([Key]));

    private static async Task EndAsync(SessionEvents events)
    {
        foreach (var run in new[] { Run, new RunId("1.1") })
        {
            await events.RecordAsync(run, new ReplyCut("", "", null, null), Durability.Written, TestContext.Current.CancellationToken);
        }

        foreach (var call in new[] { "a", "b" })
        {
            await events.RecordAsync(Run, new ToolReturned(new CallId(call), CallOutcome.Completed, [], 0), Durability.Written, TestContext.Current.CancellationToken);
        }
    }

    private string Text(RunId run) => string.Concat(_sink.Events.OfType<Shown>().Where(shown => shown.Run == run).Select(shown => shown.Event).OfType<TextStreamed>().Select(text => text.Text));

    private string Output(string call) => string.Concat(_sink.Events.OfType<Shown>().Select(shown => shown.Event).OfType<ToolProgressed>().Where(one => one.Call.Value == call).Select(one => one.Text));
}
