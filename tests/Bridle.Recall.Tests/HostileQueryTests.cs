using Bridle.Recall.Queries;

namespace Bridle.Recall.Tests;

public sealed class HostileQueryTests : IDisposable
{
    private static readonly string[] Pieces =
    [
        "\"", "'", "`", "-", "--", "*", "**", "(", ")", "{", "}", ":", "^", "+", "%", "_", "\\", "\0", "\u0001", "\n", "\t", " ", "  ", "OR", "AND", "NOT", "NEAR", "NEAR(a b, 2)", "a", "fox", "fox*",
        "words:", "text : fox", "words MATCH 'x'", "'; DROP TABLE message; --", "project:", "project:\"", "role:user", "role:", "since:7d", "before:2026-11-01", "session:", "session:\"a b", "支", "支付", "\ud83d\ude00",
        "\ud83d", "\ude00", "\ufffd", "e\u0301", "\u200b", "\u202e", "ﬀ", "İ", "ß", "…", "“", "”", "?1", "@x", "$x", "🦊🦊🦊", "a.b", "C++", "\U00020000\U00020001",
    ];

    private readonly RecallStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public void Whatever_is_typed_gives_hits_or_a_sentence_and_never_an_error_of_sql()
    {
        _stage.Say("a", "/p", "the fox -- jumped ( over ) \"the\" dog * C++ 100% a.b 支付 🦊🦊🦊", "role:user said so");
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BRIDLE_SEED"), out var given) ? given : 20261121;
        var random = new Random(seed);
        Assert.Null(_stage.Index.RefreshAsync(CancellationToken.None).Exception);
        for (var i = 0; i < 600; i++)
        {
            var query = string.Join(random.Next(3) is 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 9)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            var answer = _stage.Search(new(query, null) { Refresh = false });
            Assert.True(answer.Problem is null || IsASentence(answer.Problem), $"seed {seed}: {query}: {answer.Problem}");
        }
    }

    [Fact]
    public void A_query_of_any_length_is_answered_at_once_in_words()
    {
        _stage.Say("a", "/p", "x");
        Assert.Contains("at most 1000 are read", _stage.Answer(new string('x', 100_000)).Problem);
        Assert.Contains("more than 32 terms", _stage.Answer(string.Join(' ', Enumerable.Range(0, 200))).Problem);
        Assert.Null(_stage.Answer(new string('x', 1000)).Problem);
        Assert.Contains("nothing in the quotes", _stage.Answer(new string('"', 1000)).Problem);
        Assert.Null(_stage.Answer(new string('支', 1000)).Problem);
        Assert.Null(_stage.Answer(string.Concat(Enumerable.Repeat("(-*", 333))).Problem);
    }

    // Words and texts made of few letters, so that much is found: what the index finds by words must be what looking at every text finds.
    [Fact]
    public void What_is_found_is_what_a_look_at_every_text_finds()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("BRIDLE_SEED"), out var given) ? given : 7;
        var random = new Random(seed);
        string Word() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => "abé支付"[random.Next(5)]));
        var texts = Enumerable.Range(0, 120).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(1, 6)).Select(_ => Word()))).ToList();
        _stage.Say("s", "/p", [.. texts]);
        Assert.Equal(texts.Count, _stage.Find("session:s", limit: 200).Length);
        for (var i = 0; i < 150; i++)
        {
            var (one, two) = (Word(), Word());
            var (first, second) = (new Term(Texts.Folding.Of(one)), new Term(Texts.Folding.Of(two)));
            Check($"{one} {two}", text => Has(first, text) && Has(second, text));
            Check($"{one} OR {two}", text => Has(first, text) || Has(second, text));
            Check($"{one} -{two}", text => Has(first, text) && !Has(second, text));
        }

        void Check(string query, Func<string, bool> fits)
        {
            var expected = texts.Select((text, i) => (text, Line: i + 2)).Where(one => fits(Texts.Folding.Of(one.text))).Select(one => (long)one.Line);
            var found = _stage.Search(new(query, "/p") { Limit = 200, Refresh = false }).Hits.Where(hit => hit.How is "words").Select(hit => hit.Message.Number).Order();
            Assert.True(expected.SequenceEqual(found), $"seed {seed}: {query}: expected {string.Join(' ', expected)}, found {string.Join(' ', found)}");
        }
    }

    private static bool Has(Term term, string text) => term.IsWordOf(text);

    private static bool IsASentence(string problem) => problem.EndsWith('.') && !problem.Contains("SQL", StringComparison.OrdinalIgnoreCase) && !problem.Contains("syntax", StringComparison.OrdinalIgnoreCase);
}
