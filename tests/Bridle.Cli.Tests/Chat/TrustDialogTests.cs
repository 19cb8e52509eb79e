using Bridle.Cli.Tests.Terminals;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

public sealed class TrustDialogTests : IDisposable
{
    private readonly CliStage _stage = new() { Terminal = true };

    public void Dispose() => _stage.Dispose();

    private string Made => Path.Combine(_stage.Work, "made.txt");

    private void Rule() => _stage.Write("work/.bridle/settings.json", """{ "permissions": { "allow": ["Bash(touch:*)"] } }""");

    /// <summary>Answers the question if there is one, asks for a file to be made, and leaves. True when the file was made.</summary>
    private async Task<bool> ChatAsync(string keys, params string[] flags)
    {
        File.Delete(Made);
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"touch made.txt"}""")), ScriptedReply.Text("done"));
        var before = _stage.Error.ToString().Split("out tokens, ").Length;
        var typed = new FakeKeys(keys + "go{enter}");
        _stage.Keys = () => typed;
        var chat = _stage.RunAsync(["chat", "--mode", "dontAsk", "--sandbox", "off", .. flags]);
        await _stage.Error.WaitForAsync("out tokens, ", before);
        typed.Type("{ctrl-d}{ctrl-d}");
        await chat;
        return File.Exists(Made);
    }

    private int Questions => _stage.Out.ToString().Split("[t] trust it").Length - 1;

    [Fact]
    public async Task A_folder_that_has_nothing_to_gain_is_not_asked_about()
    {
        _stage.Write("work/.bridle/settings.json", """{ "permissions": { "deny": ["Bash(rm:*)"] }, "providers": {} }""");
        await ChatAsync("");
        Assert.Equal(0, Questions);
    }

    [Fact]
    public async Task The_first_start_shows_what_would_count_and_a_yes_is_kept()
    {
        Rule();
        Assert.True(await ChatAsync("t"));
        // How long the path is, and so where the line is broken, depends on where temporary files are.
        Assert.Contains($" - permissions.allow in {Path.Combine(_stage.Work, ".bridle", "settings.json")}", string.Join(' ', _stage.Out.ToString().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        Assert.True(await ChatAsync(""));
        Assert.Equal(1, Questions);
    }

    [Fact]
    public async Task A_no_is_kept_until_the_folder_wants_something_else()
    {
        Rule();
        Assert.False(await ChatAsync("n"));
        Assert.False(await ChatAsync(""));
        Assert.Equal(1, Questions);
        _stage.Write("work/.bridle/settings.json", """{ "model": "a/b", "permissions": { "allow": ["Bash(touch:*)"] } }""");
        await ChatAsync("n");
        Assert.Equal(2, Questions);
    }

    [Theory]
    [InlineData("{esc}t")]
    [InlineData("{alt-o}")]
    [InlineData("{esc}[200~t{esc}[201~n")]
    public async Task Escape_with_a_letter_behind_it_and_a_paste_trust_nothing(string keys)
    {
        Rule();
        Assert.False(await ChatAsync(keys));
        Assert.Equal(1, Questions);
    }

    [Fact]
    public async Task A_yes_for_this_chat_is_not_kept_and_the_flag_asks_nothing()
    {
        Rule();
        Assert.True(await ChatAsync("o"));
        Assert.False(await ChatAsync("n"));
        Assert.Equal(2, Questions);
        Assert.True(await ChatAsync("", "--trust"));
        Assert.Equal(2, Questions);
    }

    [Fact]
    public async Task What_a_trusted_folder_wants_to_run_is_asked_about_again_when_it_changed()
    {
        string Hook(string command) => $$"""{ "hooks": { "SessionStart": [{ "hooks": [{ "type": "command", "command": "{{command}}" }] }] } }""";
        _stage.Write("work/.bridle/settings.json", Hook("true one"));
        await ChatAsync("t");
        await ChatAsync("");
        Assert.Equal(1, Questions);
        _stage.Write("work/.bridle/settings.json", Hook("true two"));
        await ChatAsync("n");
        Assert.Equal(2, Questions);
        Assert.Contains("is trusted, but this is new or has changed since you looked:", string.Join(' ', _stage.Out.ToString().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains("true two", _stage.Out.ToString());
    }
}
