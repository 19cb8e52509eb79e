using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>The file is saved again while a person is asked whether what they see of it shall count.</summary>
public sealed class ConsentTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private async Task<string> MakeAsync()
    {
        await using var journal = _folder.Store.Create("/work", "s").Journal;
        await journal.AppendAsync(new("1"), new UserSpoke("m1", [new TextPart("the moon")]), Durability.Written, default);
        await journal.AppendAsync(new("1"), new RunFinished(TurnOutcome.Completed, Usage.None, 0, 1, []), Durability.Synced, default);
        return _folder.Store.PathOf("s");
    }

    private static void Save(string path, string from, string to, bool inPlace)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        var target = inPlace ? path : path + ".new";
        File.WriteAllText(target, text.Replace(from, to, StringComparison.Ordinal));
        if (!inPlace)
        {
            File.Move(target, path, overwrite: true);
        }
    }

    // What was asked, in order, and how the session stands after it.
    private async Task<(List<string> Asked, OpenReport Report, Transcript Then)> OpenAsync(Func<int, bool> accept)
    {
        var asked = new List<string>();
        var opened = _folder.Store.Open("s", edits =>
        {
            asked.Add(edits.Describe());
            return accept(asked.Count);
        });
        await using var journal = opened.Journal;
        return (asked, opened.Report, journal.Fold());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_yes_counts_for_what_was_shown_and_what_was_saved_meanwhile_is_shown_and_asked_about_too(bool inPlace)
    {
        var path = await MakeAsync();
        Save(path, "the moon", "the sun", inPlace);
        var (asked, report, then) = await OpenAsync(count =>
        {
            if (count == 1)
            {
                // Of the same length and number of lines: only the sum tells.
                Save(path, "the sun", "mars yet", inPlace);
            }

            return true;
        });
        Assert.Equal(OpenState.EditsSealed, report.State);
        Assert.Equal(2, asked.Count);
        Assert.DoesNotContain("saved again", asked[0], StringComparison.Ordinal);
        Assert.Contains("saved again while this was asked", asked[1], StringComparison.Ordinal);
        Assert.Contains("+ mars yet", asked[1], StringComparison.Ordinal);
        Assert.Equal("mars yet", then.Messages[0].Text);
        Assert.Contains("mars yet", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_no_to_the_second_question_leaves_every_byte_of_what_was_saved_last()
    {
        var path = await MakeAsync();
        Save(path, "the moon", "the sun", inPlace: true);
        var last = "";
        var (asked, report, _) = await OpenAsync(count =>
        {
            Save(path, count == 1 ? "the sun" : "the stars", count == 1 ? "the stars" : "the comet", inPlace: false);
            last = File.ReadAllText(path);
            return count == 1;
        });
        Assert.Equal((2, OpenState.EditsPending), (asked.Count, report.State));
        Assert.Equal(last, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_taken_back_or_broken_or_deleted_meanwhile_is_not_written_over()
    {
        var path = await MakeAsync();
        var mine = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        Save(path, "the moon", "the sun", inPlace: true);
        Assert.Equal(OpenState.Clean, (await OpenAsync(_ => { File.WriteAllBytes(path, mine); return true; })).Report.State);
        Assert.Equal(mine, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));

        Save(path, "the moon", "the sun", inPlace: true);
        Assert.Equal(OpenState.Damaged, (await OpenAsync(_ => { File.WriteAllText(path, "broken\nby hand\n"); return true; })).Report.State);
        Assert.Equal("broken\nby hand\n", await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));

        await File.WriteAllBytesAsync(path, mine, TestContext.Current.CancellationToken);
        Save(path, "the moon", "the sun", inPlace: true);
        var gone = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(_ => { File.Delete(path); return true; }));
        Assert.Contains("s", gone.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path), "A file that a person deleted must not come back by itself.");
    }

    [Fact]
    public async Task Who_says_yes_to_everything_is_not_asked_for_ever()
    {
        var path = await MakeAsync();
        Save(path, "the moon", "the sun 0", inPlace: true);
        var failed = await Assert.ThrowsAsync<JournalException>(() => OpenAsync(count => { Save(path, "the sun", "the sun", inPlace: false); File.AppendAllText(path, " \n"); return true; }));
        Assert.Contains("keeps being changed", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_messages_that_are_saved_again_while_they_are_asked_about_are_not_lost()
    {
        await MakeAsync();
        var path = _folder.Store.PathOf("p");
        await File.WriteAllTextAsync(path, """{"role":"user","content":"one"}""" + "\n", TestContext.Current.CancellationToken);
        var count = 0;
        var opened = _folder.Store.Open("p", _ =>
        {
            if (count++ == 0)
            {
                File.AppendAllText(path, """{"role":"user","content":"two"}""" + "\n");
            }

            return true;
        });
        await using var journal = opened.Journal;
        Assert.Equal((2, OpenState.Adopted), (count, opened.Report.State));
        Assert.Contains(journal.Fold().Messages, message => message.Text.Contains("two", StringComparison.Ordinal));
    }
}
