using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat.Live;

public sealed class AskedChangeTests
{
    [Fact]
    public async Task A_change_that_a_question_showed_is_not_shown_again_and_one_that_was_edited_is()
    {
        await using var live = new LiveStage();
        await live.StartAsync(new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"kestrel\n"}""")), ScriptedReply.Calls(("Write", """{"file_path":"b.txt","content":"one\n"}""")), ScriptedReply.Text("Done.")));
        await live.TypeAsync("do it{enter}", "[y] yes, once");
        await live.TypeAsync("y", "[y] yes, once", 2);
        await live.TypeAsync("e", "  input: ");
        live.Keys.Type("{ctrl-u}").Paste("""{"file_path":"b.txt","content":"other"}""").Type("{enter}");
        await live.WaitForAsync("Done.");
        var shown = await live.LeaveAsync();
        Assert.Single(shown.Split('\n'), line => line == "+kestrel");
        Assert.Contains("• Write a.txt", shown, StringComparison.Ordinal);
        Assert.Single(shown.Split('\n'), line => line == "+other");
        Assert.Equal("other", await File.ReadAllTextAsync(live.Stage.PathOf("work/b.txt"), TestContext.Current.CancellationToken));
    }
}
