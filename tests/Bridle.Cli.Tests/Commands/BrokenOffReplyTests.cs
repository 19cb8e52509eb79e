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
