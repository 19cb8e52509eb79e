using System.Runtime.Versioning;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class JournalFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Concurrent_appends_get_numbers_without_gaps_and_read_back_in_their_order()
    {
        await using var journal = _folder.Store.Create(_folder.Root, "s").Journal;

        var appended = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
            await journal.AppendAsync(new RunId("1"), new ReminderAdded("mode", $"number {i}"), Durability.Written, CancellationToken.None))));

        Assert.Equal(Enumerable.Range(2, 200).Select(n => (long)n), appended.Select(record => record.N).Order());
        Assert.Equal(201, journal.Last);
        Assert.Equal(appended.OrderBy(record => record.N), journal.Read(2));
        Assert.Equal([201L], journal.Read(201).Select(record => record.N));
        Assert.Empty(journal.Read(202));
    }

    [Fact]
    public async Task What_append_returns_is_what_is_read()
    {
        await using var journal = _folder.Store.Create(_folder.Root, "s").Journal;
        var returned = await journal.AppendAsync(new RunId("1.2"), new ModeChanged("default", "plan", "person"), Durability.Synced, CancellationToken.None);

        Assert.Equal(returned, journal.Read(2).Single());
        Assert.Equal(TimeSpan.Zero, returned.At.Offset);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_for_their_owner_only()
    {
        var opened = _folder.Store.Create(_folder.Root, "s");
        var hash = opened.Journal.Blobs.Put("x"u8);
        const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        foreach (var path in new[] { _folder.Store.PathOf("s"), _folder.Store.PathOf("s") + ".lock", opened.Journal.Blobs.PathOf(hash)!, Path.Combine(_folder.Data, ".reserve") })
        {
            Assert.Equal(OwnerFile, File.GetUnixFileMode(path));
        }

        await opened.Journal.DisposeAsync();
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(_folder.State, "seal.key")));
        Assert.Equal(OwnerFile, File.GetUnixFileMode(Path.Combine(_folder.State, "seals", "s.seal")));
        foreach (var folder in new[] { Path.Combine(_folder.Data, "sessions"), Path.Combine(_folder.Data, "blobs"), Path.Combine(_folder.State, "seals") })
        {
            Assert.Equal(OwnerFile | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        }
    }

    [Fact]
    public async Task A_second_writer_is_refused_and_told_who_is_first()
    {
        var first = _folder.Store.Create(_folder.Root, "s");

        var refused = Assert.Throws<JournalLockedException>(() => _folder.Store.Open("s"));
        Assert.Contains($"pid {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Contains("since 2026-11-21T11:00:00Z", refused.Message, StringComparison.Ordinal);
        Assert.Throws<JournalLockedException>(() => _folder.Store.Remove("s"));
        Assert.Throws<JournalLockedException>(() => _folder.Store.Rename("s", "t"));
        Assert.Single(_folder.Store.Read("s").Journal.Read());

        await first.Journal.DisposeAsync();
        await _folder.Store.Open("s").Journal.DisposeAsync();
        Assert.False(File.Exists(_folder.Store.PathOf("s") + ".lock"));
    }

    [Theory]
    [InlineData("append")]
    [InlineData("replace")]
    [InlineData("remove")]
    [InlineData("truncate")]
    [InlineData("same size")]
    public async Task An_outside_change_between_appends_stops_the_session_until_it_is_opened_again(string how)
    {
        var journal = await OpenedAsync();
        var path = _folder.Store.PathOf("s");
        var text = await File.ReadAllTextAsync(path);
        switch (how)
        {
            case "append":
                await File.AppendAllTextAsync(path, "x");
                break;
            case "replace":
                await File.WriteAllTextAsync(path + ".new", text);
                File.Move(path + ".new", path, overwrite: true);
                break;
            case "remove":
                File.Delete(path);
                break;
            case "truncate":
                await File.WriteAllTextAsync(path, text[..100]);
                break;
            default:
                await File.WriteAllTextAsync(path, text.Replace("first", "FIRST", StringComparison.Ordinal));
                File.SetLastWriteTimeUtc(path, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));
                break;
        }

        var before = File.Exists(path) ? await File.ReadAllTextAsync(path) : null;
        for (var i = 0; i < 2; i++)
        {
            var changed = await Assert.ThrowsAsync<JournalChangedException>(async () =>
                await journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None));
            Assert.Contains("Open the session again", changed.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, File.Exists(path) ? await File.ReadAllTextAsync(path) : null);
        await journal.DisposeAsync();
    }

    [Fact]
    public async Task Touching_the_file_without_changing_it_stops_nothing()
    {
        await using var journal = await OpenedAsync();
        File.SetLastWriteTimeUtc(_folder.Store.PathOf("s"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(3, (await journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None)).N);
        Assert.Equal(4, (await journal.AppendAsync(RunId.Session, new SessionRenamed("y"), Durability.Written, CancellationToken.None)).N);
    }

    [Fact]
    public async Task A_record_changed_on_disk_is_not_read_back()
    {
        await using var journal = await OpenedAsync();
        var path = _folder.Store.PathOf("s");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("first", "FIRST", StringComparison.Ordinal));

        var failure = Assert.Throws<JournalChangedException>(() => journal.Read().ToList());
        Assert.Contains($"{path}, line 2", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_closed_journal_refuses_appends()
    {
        var journal = await OpenedAsync();
        await journal.DisposeAsync();
        await journal.DisposeAsync();

        await Assert.ThrowsAsync<JournalException>(async () =>
            await journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None));
    }

    [Fact]
    public async Task Lines_longer_than_any_buffer_come_back_whole()
    {
        var text = string.Concat(Enumerable.Repeat("0123456789abcdef\n😀", 60_000));
        var journal = await OpenedAsync();
        await journal.AppendAsync(new RunId("1"), new ReminderAdded("mode", text), Durability.Written, CancellationToken.None);
        await journal.AppendAsync(new RunId("1"), new ReminderAdded("mode", "short"), Durability.Written, CancellationToken.None);
        await journal.DisposeAsync();

        await using var again = _folder.Store.Open("s").Journal;
        Assert.Equal([text, "short"], again.Read(3).Select(record => ((ReminderAdded)record.Event).Text));
    }

    private async Task<IJournal> OpenedAsync()
    {
        var journal = _folder.Store.Create(_folder.Root, "s").Journal;
        await journal.AppendAsync(RunId.Session, new SessionRenamed("first"), Durability.Written, CancellationToken.None);
        return journal;
    }
}
