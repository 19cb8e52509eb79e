using System.Text.Json;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>A person interrupts a reply: what came of it can be seen wherever the session is shown.</summary>
public sealed class BrokenOffReplyTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Its_words_are_in_the_result_in_every_view_and_in_every_export_for_people()
    {
        _stage.Model = new ScriptedModel(new ScriptedReply(_ => HalfOfIt()), ScriptedReply.Text("whole"));
        Assert.Equal(ExitCode.Interrupted, await _stage.RunAsync("run", "--output", "json", "--session", "s", "say it"));
        using (var result = JsonDocument.Parse(_stage.Out.Take()))
        {
            Assert.Equal("Half of it", result.RootElement.GetProperty("answer").GetString());

            // What it cost nobody knows.
            Assert.Equal(JsonValueKind.Null, result.RootElement.GetProperty("cost").ValueKind);
        }

        foreach (var arguments in new string[][] { ["sessions", "show", "s"], ["sessions", "export", "s"], ["sessions", "export", "s", "--format", "html"] })
        {
            Assert.Equal(ExitCode.Done, await _stage.RunAsync(arguments));
            var shown = _stage.Out.Take();
            Assert.Contains("Half of it", shown, StringComparison.Ordinal);
            Assert.Contains("interrupted", shown, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", "s", "--format", "markdown"));
        Assert.Contains("*The turn ended: interrupted. Interrupted.*", _stage.Out.Take(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "list"));
        Assert.DoesNotContain("$0", _stage.Out.Take(), StringComparison.Ordinal);

        _stage.Input = "and now\n/session show-messages\n/cost\n/exit\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "s"));
        var talk = _stage.Out.Take();
        Assert.Contains("❯ say it\nHalf of it\n  (this reply broke off: interrupted. The model does not see it.)\n❯ and now\nwhole\n", talk, StringComparison.Ordinal);
        Assert.Contains("cost unknown, 2 turns", talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000_000, @"about \$\d+")]
    [InlineData(0.001, @"about <\$0\.0001")]
    public async Task What_it_cost_is_said_to_be_about_that_wherever_money_is_shown_or_added_up(decimal price, string about)
    {
        var info = new ModelInfo("test", "scripted", "scripted") { Price = new Price(price, price) };
        _stage.Model = new ScriptedModel(new ScriptedReply(_ => HalfOfIt())) { Info = info };
        Assert.Equal(ExitCode.Interrupted, await _stage.RunAsync("run", "--session", "s", "say it"));
        Assert.Matches($@"\[about \d+ in / \d+ out tokens, {about}", _stage.Error.Take());
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "list"));
        Assert.Matches(about, _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("cost"));
        Assert.Matches($@"{about}(\.\d+)? +1 +[1-9]\d* ", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("cost", "--json"));
        using (var cost = JsonDocument.Parse(_stage.Out.Take()))
        {
            var total = cost.RootElement.GetProperty("total");
            Assert.Equal(0, total.GetProperty("cost").GetDecimal());
            Assert.True(total.GetProperty("cost_estimated").GetDecimal() > 0);
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "list", "--output", "json"));
        using (var list = JsonDocument.Parse(_stage.Out.Take()))
        {
            Assert.Equal(0, list.RootElement[0].GetProperty("cost").GetDecimal());
            Assert.True(list.RootElement[0].GetProperty("cost_estimated").GetDecimal() > 0);
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", "s", "--format", "html"));
        Assert.Matches($"<dt>Cost</dt><dd>{about.Replace("<", "&lt;", StringComparison.Ordinal)}", _stage.Out.Take());
        _stage.Input = "/cost\n/exit\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "resume", "s"));
        Assert.Matches($@"about \d+ in / \d+ out tokens, {about}", _stage.Out.Take());
    }

    [Fact]
    public async Task A_text_that_streamed_is_not_printed_twice()
    {
        _stage.Model = new ScriptedModel(new ScriptedReply(_ => HalfOfIt()));
        Assert.Equal(ExitCode.Interrupted, await _stage.RunAsync("run", "--stream", "say it"));
        Assert.Equal("Half of it\n", _stage.Out.Take());
    }

    private IEnumerable<ModelUpdate> HalfOfIt()
    {
        yield return new TextArrived("Half of it");
        Assert.True(_stage.Interrupts.Request());
        while (true)
        {
            Thread.Yield();
            yield return new ReasoningArrived("");
        }
    }
}
