using System.Globalization;
using System.Text.RegularExpressions;
using Bridle.Recall.Indexing;

namespace Bridle.Recall.Tests;

public sealed class RankingTests : IDisposable
{
    private readonly RecallStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData(1, 1, 1, MessageKind.User, 1)]
    [InlineData(IndexSchema.MostProjects, IndexSchema.MostSessions, IndexSchema.MostLines, MessageKind.Result, 1_000_000)]
    [InlineData(7, 12345, 678, MessageKind.Assistant, 200)]
    [InlineData(7, 12345, 678, MessageKind.Call, 0)]
    public void A_row_of_words_says_which_message_it_is_and_who_said_it(long project, long session, long line, MessageKind kind, int bytes)
    {
        var number = IndexSchema.Number(project, session, line);
        var row = WordsRow.Of(number, kind, bytes);
        Assert.Equal((number, kind), (WordsRow.Number(row), WordsRow.Kind(row)));
        Assert.InRange(row, WordsRow.Of(IndexSchema.OfSession(project, session)).From, WordsRow.Of(IndexSchema.OfSession(project, session)).To);
        Assert.True(row > 0);
        Assert.InRange(WordsRow.Length(row), Math.Min(Math.Max(bytes, 8) / 1.2, 370_000), Math.Max(bytes, 8) * 1.2);
    }

    [Fact]
    public void What_is_shorter_and_says_it_oftener_comes_first()
    {
        _stage.Say("a", "/p", "otter " + string.Join(' ', Enumerable.Repeat("filler", 400)), "otter", "the otter and another otter and the last otter", "an otter " + string.Join(' ', Enumerable.Repeat("filler", 40)));
        Assert.Equal(["a/4", "a/3", "a/5", "a/2"], _stage.Find("otter"));
    }

    [Fact]
    public void Of_two_words_the_rare_one_counts_more_however_many_messages_have_the_other()
    {
        _stage.Say("crowd", "/p", [.. Enumerable.Repeat("the usual platypus", 3_000)]);
        _stage.Say("few", "/p", "a single wombat here", "nothing at all");
        Assert.Equal("few/2", _stage.Find("platypus OR wombat", limit: 3)[0]);
        _stage.Say("later", "/p", [.. Enumerable.Repeat("the usual platypus", 20)]);
        Assert.Equal("few/2", _stage.Find("platypus OR wombat", limit: 3)[0]);
    }

    [Fact]
    public void What_is_fresh_comes_before_what_fits_as_well_and_is_old_also_when_its_session_is_fresh()
    {
        Write("mixed", ("2024-01-01", "gecko on the wall"), (Day(-1), "something else"));
        Write("old", ("2024-02-01", "gecko on the hill"));
        Write("new", (Day(-2), "gecko in the tree"));
        Write("older", ("2023-01-01", "gecko at the lake"));
        Assert.Equal("new/2", _stage.Find("gecko", limit: 1).Single());
        Assert.Equal("new/2", _stage.Find("gecko")[0]);
        Assert.Equal(4, _stage.Find("gecko").Length);

        static string Day(int days) => TimeProvider.System.GetUtcNow().AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Times_are_those_of_the_messages_where_a_session_lies_partly_in_what_is_asked_for()
    {
        Write("early", ("2025-01-01", "ibis one"), ("2025-01-02", "ibis two"));
        Write("across", ("2025-01-03", "ibis three"), ("2025-03-01", "ibis four"), ("2025-02-01", "ibis five"));
        Write("late", ("2025-04-01", "ibis six"));
        Assert.Equal(["across/3", "across/4", "late/2"], _stage.Find("ibis since:2025-01-10").Order());
        Assert.Equal(["across/2", "early/2", "early/3"], _stage.Find("ibis before:2025-01-10").Order());
        Assert.Equal(["across/4"], _stage.Find("ibis since:2025-01-10 before:2025-02-15"));
        Assert.Equal(["across/3", "across/4", "late/2"], _stage.Find("ibi since:2025-01-10").Order());
        Assert.Equal(["across/4"], _stage.Find("since:2025-01-10 before:2025-02-15"));
        Assert.Empty(_stage.Find("ibis since:2025-01-03 before:2025-01-03"));
        var path = _stage.Sessions.PathOf("early");
        File.AppendAllText(path, Dated(File.ReadLines(path).Last().Replace("ibis two", "ibis seven", StringComparison.Ordinal), "2025-05-01") + "\n");
        Assert.Equal(["early/4", "late/2"], _stage.Find("ibis since:2025-04-01").Order());
    }

    [Fact]
    public void A_word_of_many_messages_is_found_of_one_speaker_behind_those_of_others()
    {
        _stage.Say("a", "/p", "ferret of the person");
        _stage.Record("b", "/p", [.. Enumerable.Range(0, Searching.Candidates.Most + 10).Select(i => RecallStage.Returned("Bash", "ferret"))]);
        Assert.Equal(["a/2"], _stage.Find("ferret role:user"));
        Assert.Equal(["a/2"], _stage.Find("ferret session:a"));
    }

    // A session whose records bear other times than now.
    private void Write(string session, params (string Day, string Text)[] said)
    {
        var path = _stage.Say(session, "/p", [.. said.Select(one => one.Text)]);
        var lines = File.ReadAllLines(path);
        for (var i = 0; i < said.Length; i++)
        {
            lines[i + 1] = Dated(lines[i + 1], said[i].Day);
        }

        File.WriteAllLines(path, lines);
    }

    private static string Dated(string line, string day) => Regex.Replace(line, "\"at\":\"[^\"]*\"", $"\"at\":\"{day}T00:00:00.000Z\"");
}
