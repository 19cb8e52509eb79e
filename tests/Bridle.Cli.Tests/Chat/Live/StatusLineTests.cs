using Bridle.Cli.Chat.Live;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Messages;

namespace Bridle.Cli.Tests.Chat.Live;

/// <summary>What the last line says of tokens and money.</summary>
public sealed class StatusLineTests
{
    private static readonly Usage s_some = new(100, 0, 0, 10, 0);

    private static string Text(StatusLine line) => line.Text(80, null, null, new Styling(false));

    [Fact]
    public void Money_is_shown_when_there_is_something_to_know_and_what_is_unknown_says_so()
    {
        var line = new StatusLine("p/m", "default");
        Assert.Equal("p/m · default · 0 in 0 out", Text(line));
        Assert.Equal("p/m · default · 100 in 10 out · cost unknown · context 110", Text(line.Add(s_some, null)));
        Assert.Equal("p/m · default · 200 in 20 out · $0.25+? · context 110", Text(line.Add(s_some, null).Add(s_some, 0.25m)));
        Assert.Equal("p/m · default · 100 in 10 out · $0 · context 110", Text(line.Add(s_some, 0m)));
        Assert.Equal("p/m · default · 100 in 10 out · <$0.0001 · context 110", Text(line.Add(s_some, 0.00003m)));
        Assert.Equal("p/m · default · 0 in 0 out · cost unknown", Text(line.Add(null, null)));
        Assert.Equal("p/m · default · 100 in 10 out · no cost · context 110", Text((line with { Simulated = true }).Add(s_some, null)));
    }

    [Fact]
    public void A_reply_that_broke_off_counts_and_a_summary_that_no_model_wrote_does_not()
    {
        var line = new StatusLine("p/m", "default");
        Assert.Equal("p/m · default · 100 in 10 out · $0.5", Text(line.Add(new ReplyCut("cut", "so", s_some, 0.5m))));
        Assert.Equal("p/m · default · 0 in 0 out · about $0.5", Text(line.Add(new ReplyCut("cut", "so", null, 0.5m))));
        var guessed = line.Add(new ReplyCut("cut", "so", null, null) { EstimatedUsage = s_some, EstimatedCost = 0.5m });
        Assert.Equal("p/m · default · 100 in 10 out · about $0.5", Text(guessed));
        Assert.Equal("p/m · default · 200 in 20 out · about $0.75 · context 110", Text(guessed.Add(s_some, 0.25m)));
        Assert.Equal("p/m · default · 100 in 10 out · about $0.5+?", Text(guessed.Add(new ModelConsulted("judge", "p/m", null, null, 1))));
        Assert.Equal("p/m · default · 200 in 20 out · about $0.75", Text(guessed.Add(new ModelConsulted("judge", "p/m", null, null, 1) { EstimatedUsage = s_some, EstimatedCost = 0.25m })));
        Spent before = new(1, default, new("1"), "main", "p/m", s_some, null, false) { Estimated = 0.5m, IsGuess = true };
        Assert.Equal("p/m · default · 100 in 10 out · about $0.5 · context 110", Text(line.AddBefore([before])));
        Assert.Equal("p/m · default · 0 in 0 out · cost unknown", Text(line.Add(new ReplyCut("cut", "so", null, null))));
        Assert.Equal("p/m · default · 0 in 0 out", Text(line.Add(new ReplyCut("cut", "", null, null)).Add(new Compacted(1, "s", "auto"))));
    }

    [Fact]
    public void What_the_session_took_before_counts_as_what_it_takes_now_does()
    {
        var line = new StatusLine("p/m", "default").Add(s_some, 0.25m);
        Spent Before(decimal? cost, bool simulated) => new(1, default, new("1"), "main", "p/m", s_some, cost, simulated);
        Assert.Equal("p/m · default · 200 in 20 out · $0.75 · context 110", Text(line.AddBefore([Before(0.5m, false)])));
        Assert.Equal("p/m · default · 200 in 20 out · $0.25+? · context 110", Text(line.AddBefore([Before(null, false)])));
        Assert.Equal("p/m · default · 200 in 20 out · $0.25 · context 110", Text(line.AddBefore([Before(null, true)])));
    }
}
