using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>How soon a log is sealed, and how a seal knows that nobody touched the log since.</summary>
public sealed class SealFreshnessTests : IDisposable
{
    private const int Many = 2_100;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static UserSpoke Said(string text) => new(text, [new TextPart(text)]);

    private async Task<string> MakeAsync(int messages, string name = "s")
    {
        await using var journal = _folder.Store.Create("/work", name).Journal;
        for (var i = 0; i < messages; i++)
        {
            await journal.AppendAsync(new("1"), Said($"message {i}"), Durability.Written, default);
        }

        return _folder.Store.PathOf(name);
    }

    private static void Shorten(string path, int lines) => File.WriteAllLines(path, File.ReadAllLines(path)[..^lines]);

    private bool IsAsLeft(string name)
    {
        var path = _folder.Store.PathOf(name);
        using var file = File.OpenHandle(path);
        return new SessionSeal(Path.Combine(_folder.State, "seals", $"{name}.seal"), () => File.ReadAllBytes(Path.Combine(_folder.State, "seal.key"))).IsAsLeft(file, path);
    }

    // Somebody who has all the time, and can compute sums, changes one record in the middle.
    private static void Forge(string path, bool inPlace)
    {
        var time = File.GetLastWriteTimeUtc(path);
        var lines = File.ReadAllLines(path);
        using var codec = new RecordCodec();
        lines[99] = System.Text.Encoding.UTF8.GetString(codec.Encode(100, DateTimeOffset.UnixEpoch, new("1"), Said("message 8")).Span).TrimEnd('\n');
        var target = inPlace ? path : path + ".new";
        File.WriteAllLines(target, lines);
        File.SetLastWriteTimeUtc(target, time);
        if (!inPlace)
        {
            File.Move(target, path, overwrite: true);
        }
    }

    [Theory]
    [InlineData("edited")]
    [InlineData("unknown")]
    [InlineData("killed")]
    public async Task What_is_cut_off_after_a_program_was_killed_that_had_opened_a_log_is_missed(string before)
    {
        var path = await MakeAsync(4);
        if (before is "edited")
        {
            await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace("\"text\":\"message 1\"", "\"text\":\"message one\"", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        }
        else
        {
            _folder.ForgetSeals();
        }

        if (before is "killed")
        {
            // Sealed up to its first record only.
            var whole = await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken);
            await File.WriteAllLinesAsync(path, whole[..1], TestContext.Current.CancellationToken);
            await _folder.Store.Open("s").Journal.DisposeAsync();
            await File.WriteAllLinesAsync(path, whole, TestContext.Current.CancellationToken);
        }

        // Never closed in the order that a program that lives keeps.
        var opened = _folder.Store.Open("s", _ => true);
        Assert.True(opened.Report.CanAppend);
        var strange = _folder.Store.LastStrange("s");
        Shorten(path, 2);
        var verdict = _folder.Store.Verify("s");
        Assert.Equal((before is "edited" ? 6 : 5, 2), (verdict.Sealed, verdict.Missing));

        // Sealing gives no authority to what somebody else wrote.
        Assert.Equal(before is "edited" ? 6 : before is "unknown" ? 5 : 1, strange);
        await opened.Journal.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_long_log_that_was_changed_while_it_was_closed_is_asked_about_whatever_its_last_record_and_its_time_are(bool inPlace)
    {
        var path = await MakeAsync(Many);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        Forge(path, inPlace);
        var asked = "";
        await _folder.Store.Open("s", edits => { asked = edits.Describe(); return false; }).Journal.DisposeAsync();
        Assert.Contains($"from record 100 on it is not what was written here ({Many + 1} records were). It holds {Many + 1}, and lacks 1 of those.", asked, StringComparison.Ordinal);
        Assert.Equal(OpenState.EditsPending, _folder.Store.Read("s").Report.State);
    }

    [Fact]
    public async Task A_seal_knows_the_file_that_it_left_under_another_name_too_and_no_copy_of_it()
    {
        var path = await MakeAsync(Many);
        Assert.True(IsAsLeft("s"));
        await _folder.Store.Open("s").Journal.DisposeAsync();
        _ = _folder.Store.Read("s");
        Assert.True(IsAsLeft("s"), "Opening changes nothing.");

        _folder.Store.Rename("s", "t");
        Assert.True(IsAsLeft("t"), "It was renamed by this program.");
        _folder.Store.Clone("t", "u");
        Assert.Equal((true, true), (IsAsLeft("t"), IsAsLeft("u")));

        path = _folder.Store.PathOf("t");
        await Task.Delay(20, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(path, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.False(IsAsLeft("t"), "It was written again.");

        // Looked at once as a whole, and not again.
        var opened = _folder.Store.Open("t");
        Assert.Equal(OpenState.Clean, opened.Report.State);
        await opened.Journal.DisposeAsync();
        Assert.True(IsAsLeft("t"), "It was found to be the same, and the seal knows it now.");
        Assert.True(_folder.Store.Verify("t").IsIntact);
        Assert.Equal(0, _folder.Store.LastStrange("t"));
    }

    [Fact]
    public async Task A_change_that_takes_back_the_time_of_the_file_is_noticed_while_the_session_is_open()
    {
        var path = await MakeAsync(3);
        var opened = _folder.Store.Open("s");
        await opened.Journal.AppendAsync(new("2"), Said("more"), Durability.Synced, default);
        await Task.Delay(20, TestContext.Current.CancellationToken);
        var time = File.GetLastWriteTimeUtc(path);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken)).Replace("message 1", "message 7", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        File.SetLastWriteTimeUtc(path, time);
        await Assert.ThrowsAsync<JournalChangedException>(() => opened.Journal.AppendAsync(new("2"), Said("and more"), Durability.Written, default).AsTask());
        await opened.Journal.DisposeAsync();
    }
}
