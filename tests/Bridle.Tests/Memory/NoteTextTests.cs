using Bridle.Memory;

namespace Bridle.Tests.Memory;

public sealed class NoteTextTests
{
    private static readonly DateTimeOffset s_then = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("[\"b,c\", d]", "b,c|d")]
    [InlineData("['b,c', 'it''s, so', d] # of mine", "b,c|it's, so|d")]
    [InlineData("[a, \"]\", \"\\\"x\\\",y\"]", "a|]|\"x\",y")]
    [InlineData("it's, \"b,c\", d", "it's|b,c|d")]
    [InlineData("['tis, b]", "'tis|b")]
    [InlineData("[]", "")]
    public void A_comma_in_quotes_parts_no_tags(string written, string tags) =>
        Assert.Equal(tags, string.Join('|', NoteText.Read("n", $"---\nname: n\ntags: {written}\n---\nText.\n", default).Note.Tags));

    [Fact]
    public void What_is_written_is_read_again_whatever_stands_in_it()
    {
        var random = new Random(11);
        const string Letters = "ab :#\"'\\[]{}-,|>&*!%@`é支\n\t\u2028\u0085x";
        string Text(int most) => new([.. Enumerable.Range(0, random.Next(1, most)).Select(_ => Letters[random.Next(Letters.Length)])]);
        for (var i = 0; i < 3_000; i++)
        {
            var note = new MemoryNote("n", NoteText.OneLine(Text(40), 200), NoteType.Feedback, Text(80).ReplaceLineEndings("\n").Trim('\n', ' '))
            {
                Tags = [.. Enumerable.Range(0, random.Next(3)).Select(_ => NoteText.OneLine(Text(9), 40)).Where(tag => tag.Length > 0)],
                Created = s_then, Updated = s_then.AddDays(1), Expires = i % 2 == 0 ? s_then.AddYears(1) : null, Source = i % 3 == 0 ? "a session" : null,
            };
            var (read, problem) = NoteText.Read("n", NoteText.Write(note), default);
            Assert.Null(problem);
            Assert.Equal((note.Description, note.Type, note.Text, note.Created, note.Updated, note.Expires, note.Source), (read.Description, read.Type, read.Text, read.Created, read.Updated, read.Expires, read.Source));
            Assert.Equal(note.Tags, read.Tags);

            var (line, _, wrong) = NoteJson.Read(NoteJson.Write(note), default);
            Assert.True(wrong is null, wrong);
            Assert.Equal((note.Description, note.Text, note.Expires), (line!.Description, line.Text, line.Expires));
            Assert.Equal(note.Tags, line.Tags);
        }
    }

    [Fact]
    public void A_file_that_a_person_wrote_with_another_systems_line_ends_and_a_mark_is_read()
    {
        var (note, problem) = NoteText.Read("n", "\ufeff---\r\nname: n\r\ndescription: >\r\n  Two\r\n  lines\r\ntags:\r\n  - one\r\n  - 'two'\r\ntype: user # me\r\nupdated: 2026-04-30\r\nimportance: 4\r\n---\r\n\r\nFirst.\r\nSecond.\r\n", s_then);
        Assert.Null(problem);
        Assert.Equal(("Two lines", NoteType.User, "First.\nSecond.", new DateTimeOffset(2026, 4, 30, 0, 0, 0, TimeSpan.Zero)), (note.Description, note.Type, note.Text, note.Updated));
        Assert.Equal(["one", "two"], note.Tags);
        Assert.Contains("importance: 4\n", NoteText.Write(note), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_line_of_json_keeps_beside_a_note_cannot_end_its_head_or_say_more()
    {
        var (note, _, problem) = NoteJson.Read("""{"name":"n","description":"d","text":"t","x-good":"3","x-list":"\n- a\n- b","x-end":"1\n---\nexpires: 2020-01-01","x-more":"1\nexpires: 2020-01-01","x-a: b\ntype":"user"}""", s_then);
        Assert.Null(problem);
        Assert.Equal(["good", "list"], note!.Others.Keys);
        Assert.Equal((null, NoteType.Project, "t"), (note.Expires, note.Type, note.Text));
        Assert.Equal(["a", "b"], NoteHead.Split(NoteText.Write(note)).List("list"));
    }

    [Fact]
    public void A_file_without_a_head_is_a_note_that_its_first_line_describes()
    {
        var (note, problem) = NoteText.Read("n", "# How to build\n\nRun make.", s_then);
        Assert.Null(problem);
        Assert.Equal(("How to build", NoteType.Project, s_then), (note.Description, note.Type, note.Updated));
    }

    [Theory]
    [InlineData("---\ndescription: x\nRun make.\n", "has no end")]
    [InlineData("---\n", "has no end")]
    [InlineData("---\ndescription: x\n}{ what\n---\nText.\n", "no 'key: value'")]
    [InlineData("---\ntype: rumour\n---\nText.\n", "'rumour' is not known")]
    [InlineData("---\nexpires: some day\n---\nText.\n", "expires is no date")]
    [InlineData("---\nname: other\n---\nText.\n", "calls it 'other'")]
    public void A_broken_head_is_said_and_its_dashes_never_reach_the_text(string text, string problem)
    {
        var (note, said) = NoteText.Read("n", text, s_then);
        Assert.Contains(problem, said, StringComparison.Ordinal);
        Assert.DoesNotContain("---", note.Text + note.Description, StringComparison.Ordinal);
        Assert.Equal("n", note.Name);
    }

    [Theory]
    [InlineData("expires: 2026-05-01", "2026-05-02T00:00:00Z")]
    [InlineData("expires: 2026-05-01T10:00:00Z", "2026-05-01T10:00:00Z")]
    [InlineData("expires: 9999-12-31", "9999-12-31T23:59:59Z")]
    [InlineData("ttl_days: 10", "2026-05-11T00:00:00Z")]
    [InlineData("ttl_days: 2000000000", "9999-12-31T23:59:59Z")]
    [InlineData("updated: 9999-12-31\nttl_days: 2", "9999-12-31T23:59:59Z")]
    public void A_note_holds_through_the_day_that_is_named(string line, string until) =>
        Assert.Equal(until, NoteText.Time(NoteText.Read("n", $"---\n{line}\n---\nText.", s_then).Note.Expires!.Value));

    [Fact]
    public void No_text_is_too_strange_to_be_read()
    {
        var random = new Random(23);
        string[] pieces = ["---\n", "...\n", "name: n\n", "description: |\n", "  more\n", "tags: [a, \"b\n", "- x\n", "key\n", ": \n", "\ufeff", "\r\n", "expires: 0001-01-01\n", "updated: 99999\n", "\ud800", "\0", "# c\n", "ttl_days: -5\n"];
        for (var i = 0; i < 5_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            var (note, _) = NoteText.Read("n", text, s_then);
            Assert.DoesNotContain(note.Description, letter => char.IsControl(letter));
            _ = NoteText.Read("n", NoteText.Write(note), s_then);
        }
    }
}
