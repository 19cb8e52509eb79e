using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class HumanEditTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Edited_text_waits_for_a_yes_and_is_read_only_until_then()
    {
        var path = await EditAsync(lines => lines[1] = lines[1].Replace("Where is it?", "Where was it?", StringComparison.Ordinal));
        var bytes = await File.ReadAllBytesAsync(path);

        foreach (var opened in new[] { _folder.Store.Open("s"), _folder.Store.Open("s", _ => false) })
        {
            Assert.Equal(OpenState.EditsPending, opened.Report.State);
            Assert.Equal([new LogEdit(EditKind.Text, 2, 2, "Where was it?")], opened.Report.Edits!.Changes);
            Assert.Contains("--accept-edits", opened.Report.Describe(), StringComparison.Ordinal);
            Assert.Equal("Where was it?", TextOf(opened.Journal.Read(2).First()));
            var refused = await Assert.ThrowsAsync<JournalException>(async () =>
                await opened.Journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None));
            Assert.Contains("Where was it?", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task After_a_yes_the_edit_is_sealed_and_the_session_goes_on()
    {
        var path = await EditAsync(lines => lines[1] = lines[1].Replace("Where is it?", "Where was it?", StringComparison.Ordinal));
        PendingEdits? shown = null;

        var opened = _folder.Store.Open("s", edits => (shown = edits) is not null, "flag");
        await using (opened.Journal)
        {
            Assert.Equal(OpenState.EditsSealed, opened.Report.State);
            Assert.Equal("  ~ record 2 (line 2): Where was it?\n    (what stood there before is not kept)\n", shown!.Describe().ReplaceLineEndings("\n"));
            Assert.Equal("Where was it?", TextOf(opened.Journal.Read(2).First()));
            var edited = Assert.IsType<SessionEdited>(opened.Journal.Read(11).Single().Event);
            Assert.Equal([2L], edited.Changed);
            Assert.Equal((0, 0, "flag"), (edited.Removed, edited.Inserted, edited.By));
            await opened.Journal.AppendAsync(RunId.Session, new SessionRenamed("x"), Durability.Written, CancellationToken.None);
        }

        await AssertCleanAsync(path, 12);
    }

    [Theory]
    [InlineData(1, "Where is it?")]
    [InlineData(4, "Looking.")]
    [InlineData(6, "a.cs:1")]
    [InlineData(8, "In a.cs.")]
    public async Task The_text_of_messages_and_results_is_editable(int line, string text)
    {
        await EditAsync(lines => lines[line] = lines[line].Replace(text, "changed \\u0041 \\\"it\\\"", StringComparison.Ordinal));

        var opened = _folder.Store.Open("s", _ => true);
        await using var journal = opened.Journal;

        Assert.Equal(OpenState.EditsSealed, opened.Report.State);
        Assert.Equal("changed A \"it\"", TextOf(journal.Read(line + 1).First()));
    }

    [Fact]
    public async Task What_was_changed_is_shown_as_a_person_wrote_it_and_not_as_JSON()
    {
        await EditAsync(lines => lines[6] = lines[6].Replace("a.cs:1", "one \\u0041 \\\"it\\\"\\r\\n\\tC:\\\\x", StringComparison.Ordinal));
        Assert.Equal("  ~ record 7 (line 7): one A \"it\" ⏎ \tC:\\x\n    (what stood there before is not kept)\n", _folder.Store.Open("s").Report.Edits!.Describe().ReplaceLineEndings("\n"));
    }

    [Theory]
    [InlineData(1, "\"m1\"", "\"m9\"")]
    [InlineData(2, "\"default\"", "\"bypass\"")]
    [InlineData(4, "\"name\":\"Grep\"", "\"name\":\"Bash\"")]
    [InlineData(5, "\"repeatable\"", "\"once\"")]
    [InlineData(6, "\"completed\"", "\"failed\"")]
    [InlineData(6, "\"run\":\"1\"", "\"run\":\"2\"")]
    [InlineData(7, "\"up_to\":7", "\"up_to\":2")]
    public async Task Any_other_change_is_damage_even_with_a_yes(int line, string from, string to)
    {
        await EditAsync(lines =>
        {
            Assert.Contains(from, lines[line], StringComparison.Ordinal);
            lines[line] = lines[line].Replace(from, to, StringComparison.Ordinal);
        });

        var report = _folder.Store.Open("s", _ => true).Report;

        Assert.Equal(OpenState.Damaged, report.State);
        Assert.Equal(line + 1, report.Damage.Single().Line);
    }

    [Fact]
    public async Task Deleted_lines_are_shown_and_the_rest_is_numbered_anew_with_references_following()
    {
        var path = await EditAsync(lines => lines.RemoveRange(4, 3));

        var opened = _folder.Store.Open("s", _ => true);
        await using (opened.Journal)
        {
            Assert.Equal([5, 6, 7], opened.Report.Edits!.Changes.Select(edit => edit.N));
            Assert.All(opened.Report.Edits.Changes, edit => Assert.Equal(EditKind.Removed, edit.Kind));

            // It pointed to the removed record 7; the nearest one before it that is still there is 4.
            Assert.Equal(4, Assert.IsType<ModelRequested>(opened.Journal.Read(5).First().Event).UpTo);
            Assert.Equal(3, Assert.IsType<SessionEdited>(opened.Journal.Read(8).Single().Event).Removed);
        }

        await AssertCleanAsync(path, 8);
    }

    [Fact]
    public async Task Moved_lines_are_shown_and_numbered_anew()
    {
        var path = await EditAsync(lines =>
        {
            var moved = lines[1];
            lines.RemoveAt(1);
            lines.Insert(3, moved);
        });

        var opened = _folder.Store.Open("s", _ => true);
        await using (opened.Journal)
        {
            Assert.Equal([new LogEdit(EditKind.Moved, 4, 2, null)], opened.Report.Edits!.Changes);
            Assert.IsType<UserSpoke>(opened.Journal.Read(4).First().Event);
            Assert.Equal([4L], Assert.IsType<SessionEdited>(opened.Journal.Read(11).Single().Event).Changed);
        }

        await AssertCleanAsync(path, 11);
    }

    [Fact]
    public async Task Written_lines_need_no_envelope_and_may_be_plain_messages()
    {
        var path = await EditAsync(lines =>
        {
            lines.Add("""{"type":"user_spoke","parts":[{"type":"text","text":"And why?"}]}""");
            lines.Insert(9, """{"role":"assistant","content":"Also in b.cs."}""");
            lines.Add("");
        });

        var opened = _folder.Store.Open("s", _ => true);
        await using (opened.Journal)
        {
            Assert.Equal([(EditKind.Inserted, 10), (EditKind.Inserted, 12), (EditKind.Blank, 13)], opened.Report.Edits!.Changes.Select(edit => (edit.Kind, edit.Line)));
            Assert.Contains("+ line 12: And why?", opened.Report.Edits.Describe(), StringComparison.Ordinal);
            Assert.Equal("Also in b.cs.", TextOf(opened.Journal.Read(10).First()));
            Assert.Equal("And why?", TextOf(opened.Journal.Read(12).First()));
            Assert.Equal(2, Assert.IsType<SessionEdited>(opened.Journal.Read(13).Single().Event).Inserted);
        }

        await AssertCleanAsync(path, 13);
    }

    [Fact]
    public async Task A_copied_message_is_an_inserted_one_and_a_copied_approval_is_damage()
    {
        await EditAsync(lines => lines.Add(lines[1]));
        var opened = _folder.Store.Open("s", _ => true);
        await opened.Journal.DisposeAsync();
        Assert.Equal([(EditKind.Inserted, 11)], opened.Report.Edits!.Changes.Select(edit => (edit.Kind, edit.Line)));

        _folder.Store.Remove("s");
        await EditAsync(lines => lines.Add(lines[5]));
        Assert.Equal(11, _folder.Store.Open("s", _ => true).Report.Damage.Single().Line);
    }

    [Theory]
    [InlineData("""{"type":"approval_given","id":"a1","verdict":"allow","scope":"always","by":"person"}""")]
    [InlineData("""{"type":"user_spoke"}""")]
    [InlineData("""{"type":"model_replied","reply":{"parts":[{"type":"text"}],"stop":"end_turn"}}""")]
    [InlineData("""{"role":"king","content":"x"}""")]
    [InlineData("""{"n":11,"at":"2026-11-21T11:00:00.000Z","run":"1","type":"user_spoke","message_id":"m","parts":[]}""")]
    [InlineData("""{"what":"ever"}""")]
    public async Task A_written_line_that_is_no_message_is_refused(string line)
    {
        var path = await EditAsync(lines => lines.Add(line));
        var bytes = await File.ReadAllBytesAsync(path);

        var report = _folder.Store.Open("s", _ => true).Report;

        Assert.Equal(OpenState.Damaged, report.State);
        Assert.Equal(11, report.Damage.Single().Line);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Windows_line_ends_and_a_byte_order_mark_are_an_edit_that_is_undone()
    {
        var path = await Samples.WriteAsync(_folder);
        var before = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, "\ufeff" + before.ReplaceLineEndings("\r\n"));

        var opened = _folder.Store.Open("s", _ => true);
        await opened.Journal.DisposeAsync();

        Assert.Equal(OpenState.EditsSealed, opened.Report.State);
        Assert.StartsWith(before, await File.ReadAllTextAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_line_that_an_editor_left_without_a_newline_is_not_taken_for_torn()
    {
        var path = await Samples.WriteAsync(_folder);
        await File.AppendAllTextAsync(path, """{"role":"user","content":"And why?"}""");

        var opened = _folder.Store.Open("s", _ => true);
        await using var journal = opened.Journal;

        Assert.Equal(OpenState.EditsSealed, opened.Report.State);
        Assert.Equal("And why?", TextOf(journal.Read(11).First()));
    }

    [Fact]
    public async Task A_torn_tail_beside_an_edit_is_cut_only_after_the_yes()
    {
        var path = await EditAsync(lines => lines[1] = lines[1].Replace("Where is it?", "Where was it?", StringComparison.Ordinal));
        await File.AppendAllTextAsync(path, "{\"n\":11,");
        var bytes = await File.ReadAllBytesAsync(path);
        Assert.Equal(OpenState.EditsPending, _folder.Store.Open("s").Report.State);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(path));

        var opened = _folder.Store.Open("s", _ => true);
        await using (opened.Journal)
        {
            Assert.Equal(8, opened.Report.BytesCut);
            Assert.Equal(8, Assert.IsType<LogRepaired>(opened.Journal.Read(11).First().Event).BytesCut);
        }

        await AssertCleanAsync(path, 12);
    }

    [Fact]
    public async Task Records_removed_from_the_end_are_noticed_by_the_seal()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: true);
        var lines = await File.ReadAllLinesAsync(path);
        await File.WriteAllLinesAsync(path, lines[..8]);

        var pending = _folder.Store.Open("s");
        Assert.Equal([new LogEdit(EditKind.Removed, 0, 9, null) { Before = "In a.cs." }, new LogEdit(EditKind.Removed, 0, 10, null)], pending.Report.Edits!.Changes);

        await _folder.Store.Open("s", _ => true).Journal.DisposeAsync();
        await AssertCleanAsync(path, 9);
        Assert.True(_folder.Store.Verify("s").IsIntact);
    }

    [Fact]
    public async Task Earlier_edits_keep_pointing_to_the_records_they_name()
    {
        await EditAsync(lines => lines[6] = lines[6].Replace("a.cs:1", "b.cs:1", StringComparison.Ordinal));
        await _folder.Store.Open("s", _ => true).Journal.DisposeAsync();
        _folder.ForgetSeals();
        var path = _folder.Store.PathOf("s");
        await File.WriteAllLinesAsync(path, (await File.ReadAllLinesAsync(path)).Where((_, index) => index != 2));

        await using var journal = _folder.Store.Open("s", _ => true).Journal;

        Assert.Equal([6L], Assert.IsType<SessionEdited>(journal.Read(10).First().Event).Changed);
    }

    [Fact]
    public async Task Plain_messages_are_adopted_after_a_yes()
    {
        await Create("seed").DisposeAsync();
        var path = _folder.Store.PathOf("dropped");
        const string Text = """
            {"role":"system","content":"Be brief."}
            {"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAEC"}}]}
            {"role":"assistant","content":null,"reasoning":"Hm.","tool_calls":[{"id":"c1","type":"function","function":{"name":"Read","arguments":"{}"}}],"_meta":{"x":1}}
            {"role":"tool","tool_call_id":"c1","content":"1: x"}
            {"role":"assistant","content":"It is x."}

            """;
        await File.WriteAllTextAsync(path, Text);

        var waiting = _folder.Store.Open("dropped");
        Assert.Equal(OpenState.AdoptionPending, waiting.Report.State);
        Assert.Equal(5, waiting.Journal.Read().Count());
        Assert.Equal(Text, await File.ReadAllTextAsync(path));

        var opened = _folder.Store.Open("dropped", _ => true);
        await using (opened.Journal)
        {
            Assert.Equal(OpenState.Adopted, opened.Report.State);
            Assert.Equal(
                [typeof(SessionStarted), typeof(ReminderAdded), typeof(UserSpoke), typeof(ModelReplied), typeof(ToolReturned), typeof(ModelReplied), typeof(SessionEdited)],
                opened.Journal.Read().Select(record => record.Event.GetType()));
            var spoke = (UserSpoke)opened.Journal.Read(3).First().Event;
            Assert.Equal([0, 1, 2], opened.Journal.Blobs.Get(((ImagePart)spoke.Parts[1]).Blob)!);
            Assert.Equal(new ToolCallPart(new CallId("c1"), "Read", "{}"), ((ModelReplied)opened.Journal.Read(4).First().Event).Reply.Parts[1]);
        }

        await AssertCleanAsync(path, 7, "dropped");
    }

    private static string TextOf(Recorded record) => record.Event switch
    {
        UserSpoke spoke => ((TextPart)spoke.Parts[0]).Text,
        ModelReplied replied => replied.Reply.Text,
        ToolReturned returned => ((TextPart)returned.Content[0]).Text,
        var other => other.ToString(),
    };

    private IJournal Create(string name) => _folder.Store.Create(_folder.Root, name).Journal;

    private async Task<string> EditAsync(Action<List<string>> edit)
    {
        var path = await Samples.WriteAsync(_folder);
        var lines = (await File.ReadAllLinesAsync(path)).ToList();
        edit(lines);
        await File.WriteAllTextAsync(path, string.Concat(lines.Select(line => line + "\n")));
        return path;
    }

    private async Task AssertCleanAsync(string path, int records, string name = "s")
    {
        var again = _folder.Store.Open(name);
        await using (again.Journal)
        {
            Assert.True(again.Report.State == OpenState.Clean, again.Report.Describe());
            Assert.Equal(Enumerable.Range(1, records).Select(n => (long)n), again.Journal.Read().Select(record => record.N));
        }

        Assert.Equal(records, (await File.ReadAllLinesAsync(path)).Length);
    }
}
