using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class SessionStoreTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_new_session_is_named_by_local_date_and_time_and_never_overwrites_one()
    {
        var first = _folder.Store.Create(_folder.Root).Journal;
        var second = _folder.Store.Create(_folder.Root).Journal;
        await first.DisposeAsync();
        await second.DisposeAsync();

        Assert.Equal(["2026-11-21_11-00-00", "2026-11-21_11-00-00-2"], _folder.Store.List().Select(session => session.Name).Order());
        Assert.Equal([new FileInfo(_folder.Store.PathOf("2026-11-21_11-00-00")).Length], _folder.Store.List().Where(session => !session.Name.EndsWith("-2", StringComparison.Ordinal)).Select(session => session.Bytes));
        Assert.Throws<JournalException>(() => _folder.Store.Create(_folder.Root, "2026-11-21_11-00-00"));
    }

    [Fact]
    public async Task What_a_killed_process_left_half_made_is_cleared_away_and_what_another_is_making_stays()
    {
        var sessions = Path.Combine(_folder.Store.DataFolder, "sessions");
        var blobs = Path.Combine(_folder.Store.DataFolder, "blobs");
        string[] names = [".session_a.jsonl.0123456789ab.new", ".session_b.jsonl.0123456789ab.new", ".mine.new", ".session_a.jsonl.0123456789XY.new", "plain.0123456789ab.new"];
        foreach (var (folder, name) in new[] { sessions, blobs }.SelectMany(folder => names.Select(name => (folder, name))))
        {
            Directory.CreateDirectory(folder);
            var file = Path.Combine(folder, name);
            await File.WriteAllTextAsync(file, "half");
            File.SetLastWriteTimeUtc(file, name.Contains("_b.", StringComparison.Ordinal) ? DateTime.UtcNow : DateTime.UtcNow.AddHours(-2));
        }

        await _folder.Store.Create(_folder.Root, "s").Journal.DisposeAsync();
        _folder.Store.Blobs.Put([1, 2, 3]);
        foreach (var folder in new[] { sessions, blobs })
        {
            Assert.Equal(names[1..].Order(StringComparer.Ordinal), Directory.EnumerateFiles(folder, "*.new").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task The_first_record_says_what_the_session_is()
    {
        await using var journal = _folder.Store.Create(_folder.Root, "s").Journal;

        var started = Assert.IsType<SessionStarted>(journal.Read().Single().Event);
        Assert.Equal((1, "s", _folder.Root), (started.Format, started.Name, started.WorkingDirectory));
    }

    [Theory]
    [InlineData("a:b")]
    [InlineData("a*b")]
    [InlineData("what?")]
    [InlineData("\"quoted\"")]
    [InlineData("a|b")]
    [InlineData("<a>")]
    [InlineData("con")]
    [InlineData("LPT1.old")]
    [InlineData("ends.")]
    public async Task A_name_that_only_some_systems_take_is_given_to_no_session_and_one_that_has_it_still_opens(string name)
    {
        Assert.Contains("cannot be the name of a session", SessionStore.WhyNotNewName(name), StringComparison.Ordinal);
        Assert.Throws<JournalException>(() => _folder.Store.Create(_folder.Root, name));
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await _folder.Store.Create(_folder.Root, "plain").Journal.DisposeAsync();
        Assert.Throws<JournalException>(() => _folder.Store.Rename("plain", name));
        File.Move(_folder.Store.PathOf("plain"), _folder.Store.PathOf(name));
        Assert.True(_folder.Store.Exists(name));
        Assert.Contains(_folder.Store.List(), session => session.Name == name);
        await _folder.Store.Open(name).Journal.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData(" a")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789x")]
    [InlineData("日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本日本")]
    public void A_name_that_is_no_plain_file_name_is_refused_with_its_reason(string name)
    {
        Assert.Contains("cannot be the name of a session", SessionStore.WhyNotName(name), StringComparison.Ordinal);
        Assert.Throws<JournalException>(() => _folder.Store.Create(_folder.Root, name));
        Assert.Throws<JournalException>(() => _folder.Store.Open(name));
        Assert.False(_folder.Store.Exists(name));
    }

    [Theory]
    [InlineData("a b.c-d_e")]
    [InlineData("日本")]
    public async Task Other_names_are_fine(string name)
    {
        Assert.Null(SessionStore.WhyNotName(name));
        await _folder.Store.Create(_folder.Root, name).Journal.DisposeAsync();
        Assert.Equal(name, _folder.Store.List().Single().Name);
    }

    [Fact]
    public async Task Dropping_a_file_in_adds_a_session_and_deleting_it_removes_it()
    {
        var path = await Samples.WriteAsync(_folder);
        File.Copy(path, _folder.Store.PathOf("dropped"));
        Assert.Equal(["dropped", "s"], _folder.Store.List().Select(session => session.Name).Order());

        File.Delete(path);
        Assert.Equal(["dropped"], _folder.Store.List().Select(session => session.Name));
        Assert.Contains("There is no session \"s\"", Assert.Throws<JournalException>(() => _folder.Store.Open("s")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clone_starts_with_its_own_record_and_leaves_every_byte_of_the_source()
    {
        var path = await Samples.WriteAsync(_folder);
        var before = await File.ReadAllBytesAsync(path);

        _folder.Store.Clone("s", "s-clone");

        Assert.Equal(before, await File.ReadAllBytesAsync(path));
        await using var journal = _folder.Store.Open("s-clone").Journal;
        var started = Assert.IsType<SessionStarted>(journal.Read().First().Event);
        Assert.Equal(("s-clone", "s", 10L), (started.Name, started.ClonedFrom, started.ClonedUpTo));
        Assert.Equal((await File.ReadAllLinesAsync(path)).Skip(1), (await File.ReadAllLinesAsync(_folder.Store.PathOf("s-clone"))).Skip(1));
        Assert.Equal(11, (await journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None)).N);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task A_clone_may_end_at_any_record(long upTo)
    {
        await Samples.WriteAsync(_folder);

        _folder.Store.Clone("s", "fork", upTo);

        var opened = _folder.Store.Open("fork");
        await using var journal = opened.Journal;
        Assert.Equal(OpenState.Clean, opened.Report.State);
        Assert.Equal(upTo, journal.Last);
    }

    [Fact]
    public async Task A_clone_never_overwrites_and_never_reaches_past_the_end_or_over_damage()
    {
        var path = await Samples.WriteAsync(_folder);
        Assert.Throws<JournalException>(() => _folder.Store.Clone("s", "s"));
        Assert.Throws<JournalException>(() => _folder.Store.Clone("s", "t", 11));
        Assert.Throws<JournalException>(() => _folder.Store.Clone("s", "t", 0));
        var lines = await File.ReadAllLinesAsync(path);
        lines[5] = "damaged";
        await File.WriteAllLinesAsync(path, lines);

        Assert.Contains("up to record 5 only", Assert.Throws<JournalException>(() => _folder.Store.Clone("s", "t")).Message, StringComparison.Ordinal);
        Assert.False(_folder.Store.Exists("t"));
        _folder.Store.Clone("s", "t", 5);
        await using var journal = _folder.Store.Open("t").Journal;
        Assert.Equal(5, journal.Last);
        Assert.Empty(Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "*.new"));
    }

    [Fact]
    public async Task A_renamed_session_goes_on_in_the_same_file_under_its_new_name()
    {
        await Samples.WriteAsync(_folder, withSeal: true);

        _folder.Store.Rename("s", "t");

        Assert.Equal(["t"], _folder.Store.List().Select(session => session.Name));
        Assert.True(_folder.Store.Verify("t") is { IsIntact: true, Sealed: 11 });
        await using var journal = _folder.Store.Open("t").Journal;
        Assert.Equal(new SessionRenamed("t"), journal.Read(11).Single().Event);
    }

    [Fact]
    public async Task A_removed_session_leaves_nothing_that_haunts_a_new_one_of_its_name()
    {
        await Samples.WriteAsync(_folder, withSeal: true);
        _folder.Store.Remove("s");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Data, "sessions")));

        await _folder.Store.Create(_folder.Root, "s").Journal.DisposeAsync();
        File.Delete(_folder.Store.PathOf("s"));
        await _folder.Store.Create(_folder.Root, "s").Journal.DisposeAsync();

        var again = _folder.Store.Open("s");
        await again.Journal.DisposeAsync();
        Assert.Equal(OpenState.Clean, again.Report.State);
    }

    [Fact]
    public async Task A_list_entry_tells_title_model_and_count_without_reading_the_middle()
    {
        var journal = _folder.Store.Create(_folder.Root, "s").Journal;
        await journal.AppendAsync(new RunId("1"), new UserSpoke("m1", [new TextPart("Please  look\nat " + new string('x', 200))]), Durability.Written, CancellationToken.None);
        await journal.AppendAsync(new RunId("1"), new RunStarted("turn", "a/b", "default", new RunLimits()), Durability.Written, CancellationToken.None);
        for (var i = 0; i < 20; i++)
        {
            await journal.AppendAsync(new RunId("1"), new ReminderAdded("mode", new string('y', 20_000)), Durability.Written, CancellationToken.None);
        }

        await journal.DisposeAsync();

        var details = _folder.Store.List().Single().ReadDetails();
        Assert.Equal("Please look at " + new string('x', 64) + "…", details.Title);
        Assert.Equal(("a/b", 23L), (details.Model, details.Records));
        await File.WriteAllTextAsync(_folder.Store.PathOf("broken"), "\0\0not a log");
        Assert.Equal(new SessionDetails(null, null, null), _folder.Store.List().Single(session => session.Name == "broken").ReadDetails());
    }

    [Fact]
    public async Task Verify_says_which_records_changed_although_their_sums_are_right()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: true);
        Assert.True(_folder.Store.Verify("s") is { IsIntact: true, Sealed: 10 });
        var lines = await File.ReadAllLinesAsync(path);
        using var codec = new RecordCodec();
        var forged = lines[2].Replace("\"default\"", "\"bypass\"", StringComparison.Ordinal);
        lines[2] = System.Text.Encoding.UTF8.GetString(codec.Renew(System.Text.Encoding.UTF8.GetBytes(forged), 3).Span).TrimEnd('\n');
        await File.WriteAllLinesAsync(path, lines);

        var opened = _folder.Store.Read("s");
        Assert.Equal(OpenState.EditsPending, opened.Report.State);
        Assert.Contains("from record 3 on it is not what was written here", opened.Report.Describe(), StringComparison.Ordinal);
        Assert.Equal([3L], _folder.Store.Verify("s").Changed);

        await File.WriteAllLinesAsync(path, lines[..9]);
        Assert.Equal(1, _folder.Store.Verify("s").Missing);
    }

    [Fact]
    public async Task A_seal_that_was_tampered_with_says_so()
    {
        await Samples.WriteAsync(_folder, withSeal: true);
        var seal = Path.Combine(_folder.State, "seals", "s.seal");
        var bytes = await File.ReadAllBytesAsync(seal);
        bytes[48] ^= 1;
        await File.WriteAllBytesAsync(seal, bytes);

        Assert.True(_folder.Store.Verify("s").IsSealBroken);
    }

    [Fact]
    public void A_blob_is_stored_once_and_never_handed_out_changed()
    {
        var blobs = _folder.Store.Blobs;
        var hash = blobs.Put("hello"u8);
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", hash);
        Assert.Equal(hash, blobs.Put("hello"u8));
        Assert.Equal("hello"u8.ToArray(), blobs.Get(hash));
        Assert.Null(blobs.Get(new string('0', 64)));
        Assert.Null(blobs.Get("../" + hash[3..]));
        Assert.Null(blobs.PathOf("../" + hash[3..]));

        File.WriteAllText(blobs.PathOf(hash)!, "hellO");
        Assert.Null(blobs.Get(hash));
        Assert.Equal(hash, blobs.Put("hello"u8));
        Assert.Equal("hello"u8.ToArray(), blobs.Get(hash));
        Assert.Single(Directory.EnumerateFiles(Path.Combine(_folder.Data, "blobs")));
    }

    [Fact]
    public async Task A_removed_session_takes_the_blobs_that_nobody_else_names()
    {
        var later = TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(11);
        var store = new SessionStore(_folder.Data, _folder.Root, new StillClock(later));
        var (alone, shared, fresh) = (store.Blobs.Put("alone"u8), store.Blobs.Put("shared"u8), store.Blobs.Put("fresh"u8));
        foreach (var (name, blobs) in new[] { ("s", new[] { alone, shared }), ("t", [shared]) })
        {
            var journal = store.Create(_folder.Root, name).Journal;
            foreach (var blob in blobs)
            {
                await journal.AppendAsync(new RunId("1"), new LogRepaired(1) { Blob = blob }, Durability.Written, CancellationToken.None);
            }

            await journal.DisposeAsync();
        }

        File.SetLastWriteTimeUtc(store.Blobs.PathOf(fresh)!, later.UtcDateTime);

        Assert.Equal(1, store.Remove("s"));
        Assert.Null(store.Blobs.Get(alone));
        Assert.NotNull(store.Blobs.Get(shared));
        Assert.NotNull(store.Blobs.Get(fresh));
    }

    [Fact]
    public async Task Sessions_that_nobody_used_are_removed_with_all_that_only_they_have_and_open_ones_stay()
    {
        foreach (var name in new[] { "old", "open", "new" })
        {
            var journal = _folder.Store.Create(_folder.Root, name).Journal;
            await journal.AppendAsync(new RunId("1"), new UserSpoke("m", [new TextPart($"title of {name}")]), Durability.Written, CancellationToken.None);
            await journal.DisposeAsync();
            File.SetLastWriteTimeUtc(_folder.Store.PathOf(name), new DateTime(2020, 1, name is "new" ? 9 : 1, 0, 0, 0, DateTimeKind.Utc));
        }

        var draft = _folder.Store.Draft("old").Path;
        _folder.Store.ListWithDetails();
        var cache = Path.Combine(_folder.Data, "session-list.cache");
        Assert.Contains("title of old", File.ReadAllText(cache), StringComparison.Ordinal);
        await using var held = _folder.Store.Open("open").Journal;

        // A file that was put here a moment ago counts as used, however old it says it is.
        Assert.Empty(_folder.Store.RemoveUnused(new DateTimeOffset(2020, 1, 5, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(["new", "old"], _folder.Store.RemoveUnused(TimeProvider.System.GetUtcNow().AddDays(1)).Order());
        Assert.Equal(["open"], _folder.Store.List().Select(session => session.Name));
        Assert.False(File.Exists(draft));
        Assert.DoesNotContain("title of old", File.ReadAllText(cache), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_is_stored_again_counts_as_just_stored()
    {
        var blobs = _folder.Store.Blobs;
        var hash = blobs.Put("hello"u8);
        var old = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(blobs.PathOf(hash)!, old);
        blobs.Put("hello"u8);
        Assert.True(File.GetLastWriteTimeUtc(blobs.PathOf(hash)!) > old);
    }

    private sealed class StillClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
