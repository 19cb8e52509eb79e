using System.Text;
using Bridle.Journal;

namespace Bridle.Recall.Tests;

public sealed class UpdatingTests : IDisposable
{
    private readonly RecallStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void What_is_appended_later_is_found_and_nothing_is_found_twice()
    {
        _stage.Say("a", "/p", "one marmot");
        Assert.Equal(["a/2"], _stage.Find("marmot"));
        _stage.Say("a", "/p", "two marmots, one more marmot");
        Assert.Equal(["a/2", "a/3"], _stage.Find("marmot").Order());
        Assert.Equal(["a/2", "a/3"], _stage.Find("armo").Order());
        Assert.Equal(2, _stage.Index.Status().Messages);
    }

    [Fact]
    public void What_was_edited_out_is_not_found_any_more_by_anything()
    {
        var path = _stage.Say("a", "/p", "the password is swordfish", "noted", "another thing");
        Assert.Equal(["a/2"], _stage.Find("swordfish"));

        // As an editor does that writes in place: the same file, the same length, before it is accepted.
        File.WriteAllText(path, File.ReadAllText(path).Replace("swordfish", "xxxxxxxxx", StringComparison.Ordinal));
        Assert.Empty(_stage.Find("swordfish"));
        Assert.Empty(_stage.Find("wordfi"));
        Assert.Equal(["a/2"], _stage.Find("xxxxxxxxx"));
        Assert.Equal(["a/4"], _stage.Find("another"));
    }

    [Fact]
    public void A_line_that_was_taken_out_and_sealed_is_gone()
    {
        var path = _stage.Say("a", "/p", "keep this quokka", "drop this quokka", "and this stays");
        Assert.Equal(2, _stage.Find("quokka").Length);
        File.WriteAllLines(path, File.ReadAllLines(path).Where(line => !line.Contains("drop this", StringComparison.Ordinal)));
        _stage.Accept("a");
        Assert.Equal(["a/2"], _stage.Find("quokka"));
        Assert.Equal(["a/3"], _stage.Find("stays"));
    }

    [Fact]
    public void Removed_renamed_and_replaced_sessions_are_what_they_are_now()
    {
        _stage.Say("gone", "/p", "the ocelot went");
        _stage.Say("named", "/p", "the ocelot stayed");
        _stage.Say("copied", "/p", "the ocelot doubled");
        Assert.Equal(3, _stage.Find("ocelot").Length);
        _stage.Sessions.Remove("gone");
        _stage.Sessions.Rename("named", "renamed");
        _stage.Sessions.Remove("copied");
        _stage.Say("copied", "/q", "nothing of that kind");
        Assert.Equal(["renamed/2"], _stage.Find("ocelot"));
        Assert.Equal(["copied/2"], _stage.Find("kind", "/q"));
        Assert.Empty(_stage.Find("kind", "/p"));
    }

    [Fact]
    public void A_line_that_is_still_being_written_is_taken_in_when_it_is_whole()
    {
        var path = _stage.Say("a", "/p", "first axolotl", "second axolotl");
        var whole = File.ReadAllBytes(path);
        var cut = whole.Length - 30;
        File.WriteAllBytes(path, whole[..cut]);
        Assert.Equal(["a/2"], _stage.Find("axolotl"));
        File.WriteAllBytes(path, whole);
        Assert.Equal(["a/2", "a/3"], _stage.Find("axolotl").Order());
    }

    [Fact]
    public void Damaged_lines_and_plain_messages_do_not_hide_the_rest()
    {
        var path = _stage.Say("a", "/p", "before the damage", "after the damage");
        var lines = File.ReadAllLines(path).ToList();
        lines.Insert(2, "{ this is no record \u0000");
        File.WriteAllLines(path, lines);
        File.WriteAllText(_stage.Sessions.PathOf("plain"), "{\"role\":\"user\",\"content\":\"plain damage report\"}\n{\"role\":\"assistant\",\"content\":\"read\"}\n");
        Assert.Equal(["a/2", "a/4", "plain/1"], _stage.Find("damage").Order());
        Assert.Equal(["a/2", "a/4"], _stage.Find("damage", "/p").Order());
    }

    [Fact]
    public void Secrets_are_masked_whatever_brought_them_into_the_file()
    {
        var path = _stage.Say("a", "/p", "the key is PLACEHOLDER here", "and hunter2-hunter2 too");
        File.WriteAllText(path, File.ReadAllText(path).Replace("PLACEHOLDER", "ghp_" + new string('a', 36), StringComparison.Ordinal));
        _stage.Options = _stage.Options with { Redactor = new SecretRedactor(["hunter2-hunter2"]) };
        Assert.Empty(_stage.Find("hunter2"));
        Assert.Empty(_stage.Find("aaaaaaaa"));
        Assert.Contains("[redacted: GitHub token]", _stage.Answer("\"the key\"").Hits.Single().Message.Text);
        Assert.All(Directory.EnumerateFiles(_stage.IndexFolder), file => Assert.DoesNotContain("hunter2-hunter2", Encoding.Latin1.GetString(File.ReadAllBytes(file))));
    }

    [Fact]
    public void The_searches_of_the_model_are_not_found_themselves()
    {
        _stage.Record("a", "/p", RecallStage.Replied(new Messages.ToolCallPart(new Messages.CallId("c"), "session_search", """{"query":"capybara"}""")), RecallStage.Returned("SessionSearch", "old: capybara"));
        Assert.Empty(_stage.Find("capybara"));
    }

    [Fact]
    public void Only_the_owner_may_read_the_index()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        Directory.CreateDirectory(_stage.IndexFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        _stage.Say("a", "/p", "private matters");
        Assert.Single(_stage.Find("matters"));
        _stage.Say("a", "/p", "more private matters");
        using var reader = Sqlite.Database.Open(Directory.EnumerateFiles(_stage.IndexFolder, "*.db").Single(), create: false, TimeSpan.FromSeconds(1));
        reader.Run("BEGIN", "SELECT * FROM message");
        Assert.Equal(2, _stage.Find("matters").Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_stage.IndexFolder));
        var files = Directory.EnumerateFiles(_stage.IndexFolder).ToList();
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        Assert.All(files.Select(File.GetUnixFileMode), mode => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode));
    }

    [Fact]
    public void An_index_that_is_no_database_or_was_overwritten_is_made_anew_and_said_so()
    {
        _stage.Say("a", "/p", "the pangolin sleeps");
        Assert.Single(_stage.Find("pangolin"));
        File.WriteAllText(Current(), "This is not a database, and it never was one. " + new string('x', 5000));
        var answer = _stage.Answer("pangolin");
        Assert.Equal("a", answer.Hits.Single().Session);
        Assert.Contains(answer.Notices, notice => notice.Contains("made anew", StringComparison.Ordinal));

        var bytes = File.ReadAllBytes(Current());
        bytes.AsSpan(8192, bytes.Length - 8192).Fill(0x5a);
        File.WriteAllBytes(Current(), bytes);
        answer = _stage.Answer("pangolin");
        Assert.Equal("a", answer.Hits.Single().Session);
        Assert.Contains(answer.Notices, notice => notice.Contains("made anew", StringComparison.Ordinal));

        File.WriteAllBytes(Current(), []);
        Assert.Equal(["a/2"], _stage.Find("pangolin"));
        Assert.Empty(_stage.Answer("pangolin").Notices);
    }

    [Fact]
    public async Task Making_it_anew_leaves_one_file_and_removes_what_a_killed_process_left()
    {
        _stage.Say("a", "/p", "the okapi");
        Assert.Single(_stage.Find("okapi"));
        var before = Current();
        File.WriteAllText(before.Replace("index-1", "index-2", StringComparison.Ordinal) + ".new", "half of something");
        var status = await _stage.Index.RebuildAsync(CancellationToken.None);
        Assert.Equal((null, 1, 1, 1), (status.Problem, status.Sessions, status.Messages, status.Projects));
        Assert.NotEqual(before, Current());
        Assert.Equal([status.File], Directory.EnumerateFiles(_stage.IndexFolder, "index-*").Where(file => !file.EndsWith("-wal", StringComparison.Ordinal) && !file.EndsWith("-shm", StringComparison.Ordinal)));
        Assert.Equal(["a/2"], _stage.Find("okapi"));
    }

    [Fact]
    public void An_index_of_another_version_is_made_anew()
    {
        _stage.Say("a", "/p", "the tapir");
        Assert.Single(_stage.Find("tapir"));
        using (var database = Sqlite.Database.Open(Current(), create: false, TimeSpan.FromSeconds(1)))
        {
            database.Run("UPDATE meta SET value = '0' WHERE key = 'version'", "DELETE FROM message");
        }

        Assert.Equal(["a/2"], _stage.Find("tapir"));
    }

    [Fact]
    public void While_another_process_updates_it_the_last_state_is_searched_and_said_so()
    {
        _stage.Say("a", "/p", "the numbat");
        Assert.Single(_stage.Find("numbat"));
        _stage.Say("b", "/p", "a second numbat");
        _stage.Options = _stage.Options with { Patience = TimeSpan.Zero };
        using (var held = new FileStream(Path.Combine(_stage.IndexFolder, "index.lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            var answer = _stage.Answer("numbat");
            Assert.Equal(["a"], answer.Hits.Select(hit => hit.Session));
            Assert.Contains("Another Bridle is bringing the index up to date; this is what it knew before.", answer.Notices);
        }

        Assert.Equal(2, _stage.Find("numbat").Length);
    }

    [Fact]
    public async Task Many_searches_at_once_while_sessions_grow_all_get_an_answer()
    {
        _stage.Say("a", "/p", "heron");
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() =>
        {
            for (var round = 0; round < 5; round++)
            {
                _stage.Say($"s{i}", "/p", $"heron {i} {round}");
                Assert.Null(_stage.Answer("heron").Problem);
            }
        })));
        Assert.Equal(41, _stage.Find("heron", limit: 200).Length);
        Assert.Equal(41, _stage.Index.Status().Messages);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_in_words()
    {
        _stage.Say("a", "/p", "x");
        File.WriteAllText(_stage.IndexFolder, "a file in the way");
        Assert.Contains(_stage.IndexFolder, _stage.Answer("x").Problem);
    }

    private string Current() => Directory.EnumerateFiles(_stage.IndexFolder, "index-*.db").Order().Last();
}
