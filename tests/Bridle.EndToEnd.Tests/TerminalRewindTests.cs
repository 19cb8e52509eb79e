using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>The way back, in a real terminal; with the words of docs/chat.md.</summary>
public sealed class TerminalRewindTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Going_back_puts_the_files_back_and_the_message_into_the_editor_as_the_document_shows_it()
    {
        _place.Write("old.txt", "as it was\n");
        await using var vendor = Vendors.Make("openai", _place,
            FakeTurn.Call("Read", """{"file_path":"old.txt"}"""), FakeTurn.Call("Edit", """{"file_path":"old.txt","old_string":"was","new_string":"is"}"""),
            FakeTurn.Call("Write", """{"file_path":"made.txt","content":"one\n"}"""), FakeTurn.Say("Did the first."), FakeTurn.Say("Did the second."), FakeTurn.Say("Did it anew."));
        await using var tmux = await Tmux.StartAsync(_place, "chat", "-m", Vendors.Model("openai"), "--session", "s", "--mode", "acceptEdits");
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("do the first");
        await tmux.WaitForAsync("Did the first.");
        await tmux.SayAsync("do the second");
        await tmux.WaitForAsync("Did the second.");

        await tmux.SayAsync("/rewind 2");
        await tmux.WaitForAsync("Enter to stay:");
        Assert.Equal(("as it is\n", true), (_place.Read("old.txt"), File.Exists(Path.Combine(_place.Work, "made.txt"))));
        await tmux.TypeAsync("y");
        var shown = await tmux.WaitForAsync("❯ do the first", 2);
        Assert.Equal(("as it was\n", false), (_place.Read("old.txt"), File.Exists(Path.Combine(_place.Work, "made.txt"))));

        // Every line of the document's example, from the command on; on the screen words may begin a new line.
        var document = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(Place.Program)!, "../../../../docs/chat.md"), TestContext.Current.CancellationToken);
        var example = document[document.IndexOf("❯ /rewind 2\n", StringComparison.Ordinal)..].Split("\n```")[0].Replace("openai/gpt-4.1", Vendors.Model("openai"), StringComparison.Ordinal).Replace("▏", "", StringComparison.Ordinal);
        static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(Words(example), Words(shown), StringComparison.Ordinal);

        await tmux.SayAsync(" otherwise");
        await tmux.WaitForAsync("Did it anew.");
        var said = vendor.Bodies[^1].GetProperty("messages").GetRawText();
        Assert.Contains("do the first otherwise", said, StringComparison.Ordinal);
        Assert.DoesNotContain("do the second", said, StringComparison.Ordinal);
        await tmux.SayAsync("/exit");
        await tmux.WaitForAsync("exit:0");
    }
}
