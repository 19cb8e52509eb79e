using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

/// <summary>What stood in a session before somebody changed its file.</summary>
public sealed class KeptTextTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Kept(string name) => Path.Combine(_folder.State, "seals", $"{name}.texts");

    private async Task ChangeAsync(string from, string to, string name = "s")
    {
        var path = _folder.Store.PathOf(name);
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace(from, to, StringComparison.Ordinal));
    }

    private string Pending(string name = "s")
    {
        var opened = _folder.Store.Open(name);
        opened.Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (opened.Report.Edits?.Describe() ?? "").ReplaceLineEndings("\n");
    }

    [Fact]
    public async Task An_edit_from_outside_is_shown_with_what_stood_there_before()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: true);
        await ChangeAsync("Where is it?", "Where was it?");
        Assert.Equal("  ~ record 2 (line 2):\n    - Where is it?\n    + Where was it?\n", Pending());
        Assert.Contains("- Where is it?", _folder.Store.Read("s").Report.Describe(), StringComparison.Ordinal);
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path)).Where(line => !line.Contains("In a.cs.", StringComparison.Ordinal)));
        Assert.Contains("  - record 9 removed: In a.cs.\n", Pending(), StringComparison.Ordinal);

        // What was accepted is what stands there from then on.
        await _folder.Store.Open("s", _ => true).Journal.DisposeAsync();
        await ChangeAsync("Where was it?", "Where will it be?");
        Assert.Equal("  ~ record 2 (line 2):\n    - Where was it?\n    + Where will it be?\n", Pending());
    }

    [Fact]
    public async Task A_session_that_is_open_knows_it_up_to_its_last_finished_turn()
    {
        await using var journal = _folder.Store.Create("/work", "s").Journal;
        await journal.AppendAsync(new("1"), new UserSpoke("m1", [new TextPart("the moon")]), Durability.Synced, default);
        await journal.AppendAsync(new("1"), new RunFinished(TurnOutcome.Completed, Usage.None, 0, 1, []), Durability.Synced, default);
        await journal.AppendAsync(new("2"), new UserSpoke("m2", [new TextPart("the stars")]), Durability.Synced, default);
        await ChangeAsync("moon", "sun");
        await ChangeAsync("stars", "planets");
        var said = _folder.Store.Read("s").Report.Describe().ReplaceLineEndings("\n");
        Assert.Contains("    - the moon\n    + the sun\n", said, StringComparison.Ordinal);
        Assert.Contains("the planets\n    (what stood there before is not kept)\n", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_kept_is_private_goes_where_its_session_goes_and_is_believed_only_as_it_was_sealed()
    {
        await Samples.WriteAsync(_folder, withSeal: true);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept("s")));
        }

        _folder.Store.Rename("s", "t");
        Assert.Equal((false, true), (File.Exists(Kept("s")), File.Exists(Kept("t"))));
        await ChangeAsync("Where is it?", "Where was it?", "t");
        await File.WriteAllTextAsync(Kept("t"), (await File.ReadAllTextAsync(Kept("t"))).Replace("Where is it?", "A falsehood!", StringComparison.Ordinal));
        Assert.Contains("(what stood there before is not kept)", Pending("t"), StringComparison.Ordinal);
        _folder.Store.Remove("t");
        Assert.False(File.Exists(Kept("t")));
    }

    [Fact]
    public async Task A_secret_that_a_person_takes_out_is_not_shown_and_not_kept_once_that_is_accepted()
    {
        const string Token = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
        const string Key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEF\nAASCBKcwggSjAgEAAoIBAQ\n-----END PRIVATE KEY-----";
        await using (var journal = _folder.Store.Create("/work", "s").Journal)
        {
            await journal.AppendAsync(new("1"), new UserSpoke("m1", [new TextPart($"use {Token} and\n{Key}\nfor it")]), Durability.Synced, default);
            await journal.AppendAsync(new("1"), new UserSpoke("m2", [new TextPart($"again {Token}")]), Durability.Synced, default);
            await journal.AppendAsync(new("1"), new RunFinished(TurnOutcome.Completed, Usage.None, 0, 1, []), Durability.Synced, default);
        }

        Assert.Contains(Token, await File.ReadAllTextAsync(Kept("s")), StringComparison.Ordinal);
        await ChangeAsync($"use {Token} and\\n{Key.Replace("\n", "\\n", StringComparison.Ordinal)}\\nfor it", "use the key for it");
        await File.WriteAllLinesAsync(_folder.Store.PathOf("s"), (await File.ReadAllLinesAsync(_folder.Store.PathOf("s"))).Where(line => !line.Contains("again", StringComparison.Ordinal)));
        var shown = Pending();
        Assert.Contains("    + use the key for it\n", shown, StringComparison.Ordinal);
        Assert.Contains("    - use [redacted: GitHub token] and ⏎ [redacted: private key] ⏎ for it\n", shown, StringComparison.Ordinal);
        Assert.Contains("  - record 3 removed: again [redacted: GitHub token]\n", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("MIIE", shown, StringComparison.Ordinal);

        await _folder.Store.Open("s", _ => true).Journal.DisposeAsync();
        var kept = await File.ReadAllTextAsync(Kept("s"));
        Assert.Equal((true, false, false), (kept.Contains("use the key for it", StringComparison.Ordinal), kept.Contains(Token, StringComparison.Ordinal), kept.Contains("MIIE", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_session_that_is_removed_by_hand_leaves_its_text_no_longer_than_until_others_are_removed()
    {
        await Samples.WriteAsync(_folder, "s", withSeal: true);
        await Samples.WriteAsync(_folder, "t", withSeal: true);
        await Samples.WriteAsync(_folder, "u", withSeal: true);
        File.Delete(_folder.Store.PathOf("s"));
        _folder.Store.Clone("t", "v");
        Assert.True(File.Exists(Kept("v")));
        _folder.Store.Remove("v");
        Assert.False(File.Exists(Kept("v")));
        _folder.Store.Remove("t");
        Assert.Equal((false, false, true), (File.Exists(Kept("s")), File.Exists(Kept("t")), File.Exists(Kept("u"))));
    }

    [Fact]
    public async Task No_more_is_kept_than_the_most()
    {
        await using (var journal = _folder.Store.Create("/work", "s").Journal)
        {
            for (var i = 0; i < 6; i++)
            {
                await journal.AppendAsync(new("1"), new UserSpoke($"m{i}", [new TextPart(new string('x', KeptText.Most / 4))]), Durability.Written, default);
                await journal.AppendAsync(new("1"), new RunFinished(TurnOutcome.Completed, Usage.None, 0, 1, []), Durability.Synced, default);
            }
        }

        Assert.InRange(new FileInfo(Kept("s")).Length, KeptText.Most / 2, KeptText.Most);
        Assert.True(_folder.Store.Verify("s").IsIntact);
    }
}
