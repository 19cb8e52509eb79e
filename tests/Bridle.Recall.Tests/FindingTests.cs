using Bridle.Messages;

namespace Bridle.Recall.Tests;

public sealed class FindingTests : IDisposable
{
    private readonly RecallStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Words_are_found_in_any_case_and_without_their_accents()
    {
        _stage.Say("a", "/p", "Der Zug nach Zürich fährt um ACHT.", "Bien sûr, le café est ouvert");
        Assert.Equal(["a/2"], _stage.Find("zurich acht"));
        Assert.Equal(["a/2"], _stage.Find("FÄHRT"));
        Assert.Equal(["a/3"], _stage.Find("CAFE sur"));
        Assert.Empty(_stage.Find("zurich cafe"));
    }

    [Fact]
    public void Phrases_exclusions_alternatives_and_beginnings_mean_what_they_say()
    {
        _stage.Say("a", "/p", "the red fox jumps", "the fox is red", "a blue foxglove grows", "the wolf is grey");
        Assert.Equal(["a/2"], _stage.Find("\"red fox\""));
        Assert.Equal(["a/2", "a/3"], _stage.Find("fox red").Order());
        Assert.Equal(["a/3"], _stage.Find("fox -jumps").Take(1));
        Assert.DoesNotContain("a/2", _stage.Find("fox -jumps"));
        Assert.DoesNotContain("a/2", _stage.Find("fox -\"red fox\""));
        Assert.Equal(["a/2", "a/3", "a/5"], _stage.Find("fox OR wolf -glove").Where(hit => hit != "a/4").Order());
        Assert.Equal(["a/4", "a/5"], _stage.Find("blue OR wolf").Order());
        Assert.Equal(["a/4"], _stage.Find("foxg*"));
        Assert.Equal(["a/2", "a/3", "a/4"], _stage.Find("fox*").Order());
    }

    [Fact]
    public void A_piece_of_three_characters_is_found_inside_words_after_those_that_have_it_as_a_word()
    {
        _stage.Say("a", "/p", "the party starts at noon", "modern art in the museum", "no ar here");
        var hits = _stage.Answer("art").Hits;
        Assert.Equal([("words", 3L), ("part", 2L)], hits.Select(hit => (hit.How, hit.Message.Number)));
        Assert.Equal(["the p«art»y st«art»s at noon", "modern «art» in the museum"], hits.Select(hit => hit.Snippet).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public void Runs_without_spaces_are_found_by_one_two_and_more_characters()
    {
        _stage.Say("a", "/p", "我们的支付服务昨天停了", "ひらがなとカタカナ", "한국어 문장입니다", "订单");
        Assert.Equal(["a/2"], _stage.Find("支付服务"));
        Assert.Equal(["a/2"], _stage.Find("服务"));
        Assert.Equal(["a/2"], _stage.Find("付服"));
        Assert.Equal(["a/2"], _stage.Find("了"));
        Assert.Equal(["a/5"], _stage.Find("单"));
        Assert.Equal(["a/2"], _stage.Find("支"));
        Assert.Equal(["a/3"], _stage.Find("カタ"));
        Assert.Equal(["a/4"], _stage.Find("국어"));
        Assert.Empty(_stage.Find("服付"));
        Assert.Equal("我们的«支付服务»昨天停了", _stage.Answer("支付服务").Hits.Single().Snippet);
    }

    [Fact]
    public void Runs_and_letters_without_a_space_between_them_are_found_together()
    {
        _stage.Say("a", "/p", "使用支付API完成订单");
        Assert.Equal(["a/2"], _stage.Find("支付API"));
        Assert.Equal(["a/2"], _stage.Find("api完成"));
        Assert.Equal(["a/2"], _stage.Find("用支付API完成"));
    }

    [Theory]
    [InlineData("C++", "a/2")]
    [InlineData("C#", "a/3")]
    [InlineData("50%", "a/4")]
    [InlineData("Parser.cs", "a/5")]
    [InlineData("src/Parser", "a/5")]
    [InlineData("\"unbalanced", "a/6")]
    [InlineData("a AND", "a/7")]
    [InlineData("foo(bar)", "a/8")]
    [InlineData("=> x", "a/8")]
    [InlineData("don't", "a/9")]
    public void What_has_signs_is_looked_for_as_it_stands(string query, string found)
    {
        _stage.Say("a", "/p", "write it in C++ please", "or in C# then", "at 50% of 500", "src/Parser.cs is broken", "the brackets are unbalanced", "a wand and a hat", "foo(bar) => x", "don't", "c x 50 parser cs done t");
        Assert.Equal([found], _stage.Find(query));
    }

    [Fact]
    public void Filters_narrow_by_who_when_and_where()
    {
        _stage.Record("one", "/p", RecallStage.Spoke("deploy the lighthouse"), RecallStage.Replied("lighthouse deployed"),
            RecallStage.Replied(new ToolCallPart(new CallId("x"), "Bash", """{"command":"make lighthouse"}""")), RecallStage.Returned("Bash", "lighthouse: built"));
        _stage.Say("two", "/p", "another lighthouse");
        Assert.Equal(["one/2", "two/2"], _stage.Find("lighthouse role:user").Order());
        Assert.Equal(["one/3", "one/4"], _stage.Find("lighthouse role:assistant").Order());
        Assert.Equal(["one/4", "one/5"], _stage.Find("lighthouse role:tool").Order());
        Assert.Equal(["two/2"], _stage.Find("lighthouse session:two"));
        Assert.Equal(["one/2"], _stage.Find("session:one role:user"));
        Assert.Equal(5, _stage.Find("lighthouse since:1h").Length);
        Assert.Empty(_stage.Find("lighthouse before:2020-01-01"));
        Assert.Empty(_stage.Find("lighthouse since:2999-01-01"));
        Assert.Equal(5, _stage.Find("lighthouse after:2020-01-01 before:2999-01-01").Length);
    }

    [Theory]
    [InlineData("role:robot x", "The roles are user, assistant and tool.")]
    [InlineData("since:yesterdayish x", "is no time")]
    [InlineData("\"", "nothing in the quotes")]
    [InlineData("\"\"", "nothing in the quotes")]
    [InlineData("\" \"", "nothing in the quotes")]
    [InlineData("role:user \"\"", "nothing in the quotes")]
    [InlineData("(", "Signs alone are looked for from 3 characters on")]
    [InlineData("*", "Signs alone are looked for from 3 characters on")]
    [InlineData("-only -nots", "cannot only say what is not looked for")]
    public void A_query_that_means_nothing_is_refused_in_words(string query, string said) => Assert.Contains(said, _stage.Answer(query).Problem);

    [Fact]
    public void A_rare_word_ranks_above_a_common_one_and_words_above_output()
    {
        _stage.Say("a", "/p", "build build build the server", "the zeppelin build");
        _stage.Record("b", "/p", RecallStage.Returned("Bash", "zeppelin build"));
        Assert.Equal(["a/3", "b/2"], _stage.Find("zeppelin build"));
        Assert.Equal("a/3", _stage.Find("zeppelin OR build")[0]);
    }

    [Fact]
    public void A_hit_shows_where_it_stands_and_what_stands_around_it()
    {
        _stage.Say("long", "/p", "first", "second", "third " + new string('x', 300) + " the needle here", "fourth", "fifth");
        var hit = _stage.Search(new("needle", null) { Context = 1 }).Hits.Single();
        Assert.Equal(("long", "first", "/p", 4L, MessageKind.User), (hit.Session, hit.Title, hit.Project, hit.Message.Number, hit.Message.Kind));
        Assert.Equal(["second"], hit.Before.Select(message => message.Text));
        Assert.Equal(["fourth"], hit.After.Select(message => message.Text));
        Assert.StartsWith("…", hit.Snippet);
        Assert.EndsWith("the «needle» here", hit.Snippet);
        Assert.InRange(hit.Snippet.Length, 20, 210);
    }

    [Fact]
    public async Task A_passage_has_the_beginning_the_place_and_the_end_of_its_own_session_and_nothing_twice()
    {
        _stage.Say("long", "/p", [.. Enumerable.Range(1, 30).Select(i => $"message {i}")]);
        _stage.Say("other", "/p", "message of another");
        var (passage, _) = await _stage.Index.AroundAsync("long", 15, "/p", 2, CancellationToken.None);
        Assert.Equal([2, 3, 4], passage!.First.Select(message => message.Number));
        Assert.Equal([13, 14, 15, 16, 17], passage.Around.Select(message => message.Number));
        Assert.Equal([29, 30, 31], passage.Last.Select(message => message.Number));
        (passage, _) = await _stage.Index.AroundAsync("long", 3, "/p", 5, CancellationToken.None);
        Assert.Empty(passage!.First);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], passage.Around.Select(message => message.Number));
        (passage, _) = await _stage.Index.AroundAsync("long", null, "/p", 2, CancellationToken.None);
        Assert.Equal([30, 31], passage!.Around.Select(message => message.Number));
        Assert.DoesNotContain(passage.First.Concat(passage.Last), message => message.Text.Contains("another", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_query_the_latest_sessions_come_first()
    {
        _stage.Say("old", "/p", "once");
        _stage.Say("new", "/p", "twice");
        _stage.Say("elsewhere", "/q", "thrice");
        Assert.Equal(["new", "old"], (await _stage.Index.RecentAsync("/p", null, 10, CancellationToken.None)).Sessions!.Select(session => session.Name));
        Assert.Equal(["old"], (await _stage.Index.RecentAsync("/p", "new", 10, CancellationToken.None)).Sessions!.Select(session => session.Name));
        Assert.Equal(3, _stage.Find("").Length);
    }

    [Fact]
    public void A_word_that_stands_everywhere_is_weighed_in_the_newest_messages_only_and_that_is_said()
    {
        const int Count = Searching.Candidates.Most + 50;
        _stage.Say("long", "/p", [.. Enumerable.Range(0, Count).Select(i => i is 0 ? "common ancient" : "common")]);
        var common = _stage.Search(new("common", "/p") { Limit = 200 });
        Assert.True(common.Bounded);
        Assert.Equal(200, common.Hits.Count);
        Assert.DoesNotContain(common.Hits, hit => hit.Message.Number <= 51);
        var ancient = _stage.Search(new("common ancient", "/p") { Limit = 1, Refresh = false });
        Assert.False(ancient.Bounded);
        Assert.Equal(2, ancient.Hits.Single().Message.Number);
    }

    [Fact]
    public void Letters_are_compared_without_case_and_marks_one_for_one()
    {
        Assert.Equal("aouss zurich lodz ao 支付 ß æ", Texts.Folding.Of("ÄÖÜss Zürich Łódź Åø 支付 ß Æ"));
        var same = "all small and plain 1+1";
        Assert.Same(same, Texts.Folding.Of(same));
        for (var code = 0; code < 0x10000; code++)
        {
            Assert.Equal(Texts.Folding.Of((char)code), Texts.Folding.Of(((char)code).ToString())[0]);
        }
    }

    [Fact]
    public async Task Another_projects_sessions_are_not_found_unless_asked_for()
    {
        _stage.Say("alices", "/home/alice/a.b", "the alpaca of alice");
        _stage.Say("bobs", "/home/alice/a_b", "the alpaca of bob");
        _stage.Say("below", "/home/alice/a.b/deeper", "the alpaca below");
        Assert.Equal(["alices/2"], _stage.Find("alpaca", "/home/alice/a.b"));
        Assert.Equal(["alices/2"], _stage.Find("alpac", "/home/alice/a.b"));
        Assert.Empty(_stage.Find("alpaca session:bobs", "/home/alice/a.b"));
        Assert.Empty(_stage.Find("alpaca project:a_b", "/home/alice/a.b"));
        Assert.Empty(_stage.Find("alpaca", "/nowhere"));
        Assert.Empty(_stage.Find("alpaca", ""));
        Assert.Equal(["alices/2", "below/2", "bobs/2"], _stage.Find("alpaca").Order());
        Assert.Equal(["bobs/2"], _stage.Find("alpaca project:a_b"));
        Assert.Null((await _stage.Index.AroundAsync("bobs", 2, "/home/alice/a.b", 1, CancellationToken.None)).Passage);
    }
}
