using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>Another log, every record of it sound, put where a session's log was.</summary>
public sealed class ReplacedLogTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static UserSpoke Said(string text) => new(text, [new TextPart(text)]);

    private static RunFinished End => new(TurnOutcome.Completed, Usage.None, 0, 1, []);

    private async Task<string> MakeAsync(string name, params string[] messages)
    {
        await using var journal = _folder.Store.Create("/work", name).Journal;
        foreach (var message in messages)
        {
            await journal.AppendAsync(new("1"), Said(message), Durability.Written, default);
            await journal.AppendAsync(new("1"), End, Durability.Synced, default);
        }

        return _folder.Store.PathOf(name);
    }

    // What opening says; the session is closed again.
    private async Task<OpenReport> OpenAsync(string name, Func<PendingEdits, bool>? accept = null)
    {
        var opened = _folder.Store.Open(name, accept);
        await opened.Journal.DisposeAsync();
        return opened.Report;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_session_is_open_it_is_noticed_asked_about_and_taken_only_after_a_yes(bool inPlace)
    {
        var other = await MakeAsync("other", "the sun", "the stars", "the comet");
        var path = await MakeAsync("s", "the moon");
        var mine = await File.ReadAllBytesAsync(path);
        var opened = _folder.Store.Open("s");
        Put(other, path, inPlace);
        await Assert.ThrowsAsync<JournalChangedException>(() => opened.Journal.AppendAsync(new("2"), Said("mars"), Durability.Written, default).AsTask());
        await opened.Journal.DisposeAsync();
        Assert.Equal(await File.ReadAllBytesAsync(other), await File.ReadAllBytesAsync(path));

        var seen = "";
        var refused = await OpenAsync("s", edits => { seen = edits.Describe(); return false; });
        Assert.Equal((OpenState.EditsPending, false), (refused.State, refused.CanAppend));
        Assert.Contains("  ! another log stands there: from record 1 on it is not what was written here (3 records were).", seen, StringComparison.Ordinal);
        Assert.Contains("    its last words: the comet", seen, StringComparison.Ordinal);
        Assert.Contains("    - the moon\n    + the sun", seen.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        // A no is no yes for whoever comes next; only the log as it was needs none.
        Assert.Equal(OpenState.EditsPending, (await OpenAsync("s")).State);
        await File.WriteAllBytesAsync(path, mine);
        Assert.Equal(OpenState.Clean, (await OpenAsync("s")).State);
        Assert.Equal(0, _folder.Store.LastStrange("s"));

        Put(other, path, inPlace);
        Assert.Equal(OpenState.EditsSealed, (await OpenAsync("s", _ => true)).State);
        Assert.Equal(OpenState.Clean, (await OpenAsync("s")).State);
        Assert.True(_folder.Store.LastStrange("s") > 3, "What was put there by somebody else must give no authority.");
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], Assert.IsType<SessionEdited>(_folder.Store.Read("s").Journal.Read().Last().Event).Changed);
    }

    [Fact]
    public async Task A_shorter_log_of_another_session_is_told_as_such_and_an_older_copy_by_what_it_lacks()
    {
        var other = await MakeAsync("other", "the sun");
        var path = await MakeAsync("s", "the moon");
        var older = await File.ReadAllBytesAsync(path);
        var opened = _folder.Store.Open("s");
        await opened.Journal.AppendAsync(new("2"), Said("mars"), Durability.Synced, default);
        await opened.Journal.AppendAsync(new("2"), End, Durability.Synced, default);
        await opened.Journal.DisposeAsync();

        Put(other, path, inPlace: true);
        var report = await OpenAsync("s");
        Assert.Equal([EditKind.Replaced, EditKind.Text], report.Edits!.Changes.Select(change => change.Kind));
        Assert.Contains("(5 records were)", report.Describe(), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(path, older);
        Assert.Equal([EditKind.Removed, EditKind.Removed], (await OpenAsync("s")).Edits!.Changes.Select(change => change.Kind));
    }

    [Fact]
    public async Task An_older_copy_of_the_same_session_is_noticed_as_well_and_so_is_what_was_not_sealed_yet()
    {
        await using var journal = _folder.Store.Create("/work", "s").Journal;
        var path = _folder.Store.PathOf("s");
        await journal.AppendAsync(new("1"), Said("first"), Durability.Synced, default);
        var older = await File.ReadAllBytesAsync(path);
        await journal.AppendAsync(new("1"), Said("second"), Durability.Synced, default);
        await File.WriteAllBytesAsync(path, older);
        await Assert.ThrowsAsync<JournalChangedException>(() => journal.AppendAsync(new("1"), Said("third"), Durability.Written, default).AsTask());
        await journal.DisposeAsync();
        var report = await OpenAsync("s");
        Assert.Equal(OpenState.EditsPending, report.State);
        Assert.Equal("  - record 3 removed\n", report.Edits!.Describe().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_older_copy_put_there_while_the_session_is_open_is_told_by_the_records_that_it_lacks(bool inPlace)
    {
        var path = await MakeAsync("s", "first", "second");
        var older = path + ".older";
        File.Copy(path, older);
        var opened = _folder.Store.Open("s");
        await opened.Journal.AppendAsync(new("3"), Said("third"), Durability.Synced, default);
        await opened.Journal.AppendAsync(new("3"), new RunStarted("turn", "m/m", "default", new RunLimits(), false), Durability.Synced, default);
        await opened.Journal.AppendAsync(new("3"), End, Durability.Written, default);
        Put(older, path, inPlace);
        await Assert.ThrowsAsync<JournalChangedException>(() => opened.Journal.AppendAsync(new("4"), Said("fourth"), Durability.Written, default).AsTask());
        await opened.Journal.DisposeAsync();

        var seen = "";
        Assert.Equal(OpenState.EditsSealed, (await OpenAsync("s", edits => { seen = edits.Describe().ReplaceLineEndings("\n"); return true; })).State);

        // Where the file as it was could still be read, its text is known.
        Assert.Equal(inPlace ? "  - records 6 to 8 removed\n" : "  - record 6 removed: third\n  - records 7 to 8 removed\n", seen);
        var sealedNow = Assert.IsType<SessionEdited>(_folder.Store.Read("s").Journal.Read().Last().Event);
        Assert.Equal((0, 3, 0), (sealedNow.Changed.Count, sealedNow.Removed, sealedNow.Inserted));
    }

    [Fact]
    public async Task A_log_that_parts_from_this_one_names_the_first_record_that_is_another_and_counts_what_it_lacks()
    {
        var path = await MakeAsync("s", "first");
        _folder.Store.Clone("s", "fork");
        var mine = _folder.Store.Open("s");
        await mine.Journal.AppendAsync(new("2"), Said("here"), Durability.Synced, default);
        await mine.Journal.AppendAsync(new("2"), Said("and here"), Durability.Synced, default);

        // The same two records, and others behind them: as on another machine.
        var lines = await File.ReadAllLinesAsync(path);
        var other = await MakeAsync("other", "first", "there");
        var foreign = await File.ReadAllLinesAsync(other);
        await File.WriteAllLinesAsync(path, [.. lines[..3], foreign[3]]);
        await mine.Journal.DisposeAsync();
        var report = await OpenAsync("s");
        Assert.Contains("from record 4 on it is not what was written here (5 records were). It holds 4, and lacks 2 of those.", report.Describe(), StringComparison.Ordinal);
        Assert.Equal((4, 5), (report.Edits!.Changes[0].Line, report.Edits.Changes[0].N));

        await File.WriteAllLinesAsync(path, [.. lines, (await Encoded(6, "more"))]);
        Assert.Contains("the 5 records that were written here are all there, and what stands behind them, from record 6 on, was not", (await OpenAsync("s")).Describe(), StringComparison.Ordinal);

        await File.WriteAllLinesAsync(path, foreign[..3]);
        Assert.Contains("It holds 3, and lacks all of those.", (await OpenAsync("s", _ => true)).Edits!.Describe(), StringComparison.Ordinal);
        Assert.Equal(2, Assert.IsType<SessionEdited>(_folder.Store.Read("s").Journal.Read().Last().Event).Removed);
    }

    // A sound line, as whoever can compute sums writes it.
    private static Task<string> Encoded(long n, string text)
    {
        using var codec = new RecordCodec();
        return Task.FromResult(System.Text.Encoding.UTF8.GetString(codec.Encode(n, DateTimeOffset.UnixEpoch, new("9"), Said(text)).Span).TrimEnd('\n'));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_record_cut_short_while_the_session_is_open_is_another_programs_doing_and_one_of_a_closed_session_may_be_a_crash(bool isOpen)
    {
        var path = await MakeAsync("s", "first");
        var opened = _folder.Store.Open("s");
        await opened.Journal.AppendAsync(new("2"), Said("second"), Durability.Synced, default);
        if (!isOpen)
        {
            await opened.Journal.DisposeAsync();
            _folder.ForgetSeals();
        }

        await File.WriteAllBytesAsync(path, (await File.ReadAllBytesAsync(path))[..^30]);
        await opened.Journal.DisposeAsync();
        var report = await OpenAsync("s", _ => true);
        Assert.Equal(isOpen, report.Describe().Contains("another program changed the file while the session was open", StringComparison.Ordinal));
        Assert.Equal(isOpen, report.Edits is { Changes: [{ Kind: EditKind.Removed, N: 4 }] });
        Assert.Equal(!isOpen, report.Describe().Contains("the program was probably killed while it wrote", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_is_noticed_when_nothing_is_written_any_more_before_the_session_is_closed()
    {
        var other = await MakeAsync("other", "the sun", "the stars");
        var path = await MakeAsync("s", "the moon");
        var opened = _folder.Store.Open("s");
        await opened.Journal.AppendAsync(new("2"), Said("mars"), Durability.Synced, default);
        Put(other, path, inPlace: true);
        await opened.Journal.DisposeAsync();
        Assert.Equal(OpenState.EditsPending, (await OpenAsync("s")).State);
    }

    [Fact]
    public async Task A_session_that_was_closed_is_known_by_the_last_record_that_was_sealed()
    {
        var other = await MakeAsync("other", "the sun", "the stars", "the comet");
        var path = await MakeAsync("s", "the moon");
        Put(other, path, inPlace: true);
        Assert.Equal(OpenState.EditsPending, (await OpenAsync("s")).State);
        Assert.Equal(OpenState.EditsPending, _folder.Store.Read("s").Report.State);

        // Without a seal, as on another machine, a file that is put there is a session.
        _folder.ForgetSeals();
        Assert.Equal(OpenState.Clean, (await OpenAsync("s")).State);
    }

    [Fact]
    public async Task A_call_in_it_that_nobody_answered_is_not_run()
    {
        var path = await MakeAsync("s", "the moon");
        await using (var journal = _folder.Store.Create("/work", "other").Journal)
        {
            await journal.AppendAsync(new("1"), Said("the sun"), Durability.Written, default);
            await journal.AppendAsync(new("1"), Said("the stars"), Durability.Written, default);
            await journal.AppendAsync(new("1"), new ModelReplied(new([new ToolCallPart(new("c1"), "Bash", """{"command":"touch x"}""")], StopReason.ToolUse, null, "m"), null, 1), Durability.Synced, default);
        }

        Put(_folder.Store.PathOf("other"), path, inPlace: true);
        var opened = _folder.Store.Open("s", edits => edits.Describe().Contains("and the model will be told so: Bash", StringComparison.Ordinal));
        await using var open = opened.Journal;
        Assert.Equal(OpenState.EditsSealed, opened.Report.State);
        Assert.Empty(open.Fold().UnansweredCalls);
    }

    private static void Put(string from, string to, bool inPlace)
    {
        var target = inPlace ? to : to + ".new";
        File.WriteAllBytes(target, File.ReadAllBytes(from));
        if (!inPlace)
        {
            File.Move(target, to, overwrite: true);
        }
    }
}
