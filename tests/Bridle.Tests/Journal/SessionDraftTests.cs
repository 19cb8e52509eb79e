using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class SessionDraftTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_accepted_draft_is_sealed_in_the_sessions_place_and_the_file_as_it_was_stays_a_blob()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: true);
        var before = File.ReadAllBytes(path);
        var draft = _folder.Store.Draft("s");
        Assert.Equal(DraftState.Unchanged, draft.Check().State);
        Edit(draft, lines => lines[1] = lines[1].Replace("Where is it?", "Where was it?", StringComparison.Ordinal));

        var check = draft.Check();
        Assert.Equal(DraftState.Changed, check.State);
        Assert.Equal("  ~ record 2 (line 2):\n    - Where is it?\n    + Where was it?\n", check.Describe());
        Assert.Equal(before, File.ReadAllBytes(path));

        draft.Accept("person");
        var opened = _folder.Store.Open("s");
        await using var journal = opened.Journal;
        Assert.Equal(OpenState.Clean, opened.Report.State);
        var edited = Assert.IsType<SessionEdited>(journal.Read().Last().Event);
        Assert.Equal([2L], edited.Changed);
        Assert.Equal((0, 0, "person"), (edited.Removed, edited.Inserted, edited.By));
        Assert.Equal(before, _folder.Store.Blobs.Get(edited.Before!));
        Assert.False(File.Exists(draft.Path));
    }

    [Theory]
    [InlineData("{\"n\":3,", "line 3")]
    [InlineData("not JSON", "line 3")]
    [InlineData("{\"type\":\"approval_given\"}", "line 3")]
    public async Task A_broken_line_is_named_and_neither_session_nor_draft_is_touched(string line, string named)
    {
        var path = await Samples.WriteAsync(_folder, withSeal: false);
        var before = File.ReadAllBytes(path);
        var draft = _folder.Store.Draft("s");
        Edit(draft, lines => lines[2] = line);
        var check = draft.Check();
        Assert.Equal(DraftState.Broken, check.State);
        Assert.Contains(named, check.Describe(), StringComparison.Ordinal);
        Assert.Contains(named, Assert.Throws<JournalException>(() => draft.Accept("person")).Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(path));
        Assert.Contains(line, File.ReadAllText(draft.Path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_last_line_that_was_broken_off_by_hand_is_refused_and_not_cut()
    {
        await Samples.WriteAsync(_folder, withSeal: false);
        var draft = _folder.Store.Draft("s");
        var text = File.ReadAllText(draft.Path);
        File.WriteAllText(draft.Path, text[..^40]);
        Assert.Equal(DraftState.Broken, draft.Check().State);
    }

    [Fact]
    public async Task What_is_cut_off_after_an_edit_or_of_a_copy_is_missed_and_nothing_in_them_gives_authority()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: true);
        var draft = _folder.Store.Draft("s");
        Edit(draft, lines => lines.RemoveAt(lines.Count - 1));
        draft.Accept("person");
        _folder.Store.Clone("s", "copy");
        foreach (var name in (string[])["s", "copy"])
        {
            Assert.True(_folder.Store.Verify(name).IsIntact);
            Assert.InRange(_folder.Store.LastStrange(name), 3, long.MaxValue);
            var file = Path.Combine(Path.GetDirectoryName(path)!, $"session_{name}.jsonl");
            var lines = File.ReadAllLines(file);
            File.WriteAllText(file, string.Join('\n', lines[..^2]) + "\n");
            Assert.Equal(2, _folder.Store.Verify(name).Missing);
        }
    }

    [Fact]
    public async Task A_session_whose_file_went_away_meanwhile_is_said_with_the_place_of_the_text()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: false);
        var draft = _folder.Store.Draft("s");
        File.Delete(path);
        Assert.Contains("nothing was taken over", Assert.Throws<JournalException>(draft.Check).Message, StringComparison.Ordinal);
        Assert.Contains($"Your text is in {draft.Path}. Put the file back and edit again.", Assert.Throws<JournalException>(draft.Check).Message, StringComparison.Ordinal);
        Directory.CreateDirectory(path);
        Assert.Contains(draft.Path, Assert.Throws<JournalException>(draft.Check).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_taken_from_the_end_are_seen_without_a_seal()
    {
        await Samples.WriteAsync(_folder, withSeal: false);
        var draft = _folder.Store.Draft("s");
        Edit(draft, lines => lines.RemoveRange(lines.Count - 2, 2));
        Assert.Equal([EditKind.Removed, EditKind.Removed], draft.Check().Edits.Changes.Select(change => change.Kind));
    }

    [Fact]
    public async Task Records_that_come_while_the_draft_is_edited_stay_behind_the_edit()
    {
        await Samples.WriteAsync(_folder, withSeal: true);
        var draft = _folder.Store.Draft("s");
        Edit(draft, lines => lines.RemoveAt(2));
        var journal = _folder.Store.Open("s").Journal;
        Assert.Throws<JournalLockedException>(() => draft.Accept("person"));
        await journal.AppendAsync(RunId.Session, new ReminderAdded("hook", "came meanwhile"), Durability.Written, CancellationToken.None);
        await journal.DisposeAsync();

        draft.Accept("person");
        var records = _folder.Store.Read("s").Journal.Read().ToList();
        Assert.Equal("came meanwhile", Assert.IsType<ReminderAdded>(records[^2].Event).Text);
        Assert.Equal(1, Assert.IsType<SessionEdited>(records[^1].Event).Removed);
    }

    [Fact]
    public async Task A_session_that_another_program_changed_meanwhile_is_not_replaced()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: false);
        var draft = _folder.Store.Draft("s");
        Edit(draft, lines => lines.RemoveAt(2));
        var other = File.ReadAllText(path).Replace("Where is it?", "Where else is it?", StringComparison.Ordinal);
        File.WriteAllText(path, other);
        var refused = Assert.Throws<JournalException>(() => draft.Accept("person"));
        Assert.Contains(draft.Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal(other, File.ReadAllText(path));
    }

    [Fact]
    public async Task A_draft_mends_a_line_that_somebody_broke_in_the_session_itself()
    {
        var path = await Samples.WriteAsync(_folder, withSeal: false);
        var whole = File.ReadAllLines(path);
        File.WriteAllLines(path, [.. whole[..2], "oops", .. whole[2..]]);
        Assert.Equal(OpenState.Damaged, _folder.Store.Read("s").Report.State);
        var draft = _folder.Store.Draft("s");
        Assert.Equal(DraftState.Broken, draft.Check().State);
        Edit(draft, lines => lines[2] = """{"role":"user","content":"And this?"}""");
        draft.Accept("person");
        Assert.Equal(OpenState.Clean, _folder.Store.Read("s").Report.State);
    }

    [Fact]
    public async Task A_call_whose_answer_was_removed_is_reported_and_answered_by_a_sentence_after_the_yes()
    {
        await Samples.WriteAsync(_folder, withSeal: false);
        var draft = _folder.Store.Draft("s");
        Edit(draft, lines => lines.RemoveAll(line => line.Contains("\"type\":\"tool_returned\"", StringComparison.Ordinal)));
        Assert.Contains("  ! the answer to a call is gone, and the model will be told so: ", draft.Check().Describe(), StringComparison.Ordinal);
        draft.Accept("person");
        var opened = _folder.Store.Read("s");
        Assert.Equal(OpenState.Clean, opened.Report.State);
        var transcript = new Transcript();
        opened.Journal.Read().ToList().ForEach(transcript.Apply);
        Assert.Empty(transcript.UnansweredCalls);
        var results = transcript.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().ToList();
        Assert.All(results, result => Assert.Contains("was removed from the session", Assert.IsType<TextPart>(result.Content.Single()).Text, StringComparison.Ordinal));
        Assert.Equal(transcript.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().Count(), results.Count);
    }

    private static void Edit(SessionDraft draft, Action<List<string>> change)
    {
        var lines = File.ReadAllLines(draft.Path).ToList();
        change(lines);
        File.WriteAllLines(draft.Path, lines);
    }
}
