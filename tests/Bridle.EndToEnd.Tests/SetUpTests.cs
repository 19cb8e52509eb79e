using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class SetUpTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    private string Settings => Path.Combine(_place.Home, ".config/bridle/settings.json");

    private string Keys => Path.Combine(_place.Home, ".config/bridle/credentials.json");

    [Fact]
    public async Task A_provider_is_set_up_by_flags_and_the_next_run_works_with_it()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("ready"), FakeTurn.Say("It works.")) { Key = "sk-piped" };
        var ended = await _place.RunWithInputAsync("sk-piped\n", "init", "--provider", "openai", "--key-stdin", "--model", "test-model", "--base-url", vendor.Url.ToString());
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Contains("openai/test-model answers", ended.Out, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Keys));
        Assert.Contains("sk-piped", File.ReadAllText(Keys), StringComparison.Ordinal);
        Assert.DoesNotContain("sk-piped", File.ReadAllText(Settings) + ended, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Work));
        var run = await _place.RunAsync("run", "hello");
        Assert.True(run.Code is 0 && run.Out == "It works.\n", run.ToString());
    }

    [Fact]
    public async Task A_provider_of_ones_own_is_set_up_without_a_key()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("ready"), FakeTurn.Say("It works."));
        var ended = await _place.RunAsync("init", "--provider", "work", "--model", "big/model", "--base-url", vendor.Url.ToString());
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.False(File.Exists(Keys));
        var run = await _place.RunAsync("run", "--output", "json", "hello");
        using var result = JsonDocument.Parse(run.Out);
        Assert.Equal("work/big/model", result.RootElement.GetProperty("model").GetString());
        Assert.Equal("big/model", vendor.Bodies[^1].GetProperty("model").GetString());
    }

    [Fact]
    public async Task A_person_is_asked_and_the_key_never_shows()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("ready"), FakeTurn.Say("It works.")) { Key = "sk-typed" };
        _place.Environment["OPENAI_BASE_URL"] = vendor.Url.ToString().TrimEnd('/');
        await using var tmux = await Tmux.StartAsync(_place, "init");
        await tmux.WaitForAsync("Number or name:");
        await tmux.SayAsync("openai");
        await tmux.WaitForAsync("Key (not shown):");
        await tmux.SayAsync("sk-typed");
        await tmux.WaitForAsync("Model");
        await tmux.PressAsync(Tmux.CtrlU);
        await tmux.SayAsync("test-model");
        var shown = await tmux.WaitForAsync("exit:0");
        Assert.DoesNotContain("sk-typed", shown, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Keys));
        var run = await _place.RunAsync("run", "hello");
        Assert.True(run.Code is 0 && run.Out == "It works.\n", run.ToString());
    }

    [Fact]
    public async Task A_conversation_can_set_itself_up_and_goes_on()
    {
        await using var vendor = new FakeOllama(FakeTurn.Say("ready"), FakeTurn.Say("It works."));
        await using var tmux = await Tmux.StartAsync(_place, "chat");
        await tmux.WaitForAsync("[s] set one up now");
        Directory.CreateDirectory(Path.GetDirectoryName(Settings)!);
        await File.WriteAllTextAsync(Settings, $$"""{"providers":{"ollama":{"baseUrl":"{{vendor.Url}}"} } }""");
        await tmux.TypeAsync("s");
        await tmux.WaitForAsync("Number or name:");
        await tmux.SayAsync("ollama");
        await tmux.WaitForAsync("Model");
        await tmux.SayAsync("test-model");
        await tmux.WaitForAsync("❯");
        await tmux.SayAsync("hello");
        await tmux.WaitForAsync("It works.");
    }

    [Fact]
    public async Task What_does_not_answer_is_not_stored()
    {
        await using var vendor = new FakeOpenAiChat { Key = "sk-right" };
        var ended = await _place.RunWithInputAsync("sk-wrong", "init", "--provider", "openai", "--key-stdin", "--model", "m", "--base-url", vendor.Url.ToString());
        Assert.True(ended.Code is 2, ended.ToString());
        Assert.Contains("Nothing was stored", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-wrong", ended.ToString(), StringComparison.Ordinal);
        Assert.False(File.Exists(Settings) || File.Exists(Keys));
    }

    [Fact]
    public async Task Doctor_shows_what_there_is_in_its_order_and_ends_with_0_when_Bridle_can_work()
    {
        var ended = await _place.RunAsync("doctor");
        Assert.True(ended.Code is 0, ended.ToString());
        var words = ended.Out.Split('\n').Where(line => line.Length > 4 && line[..4].Trim() is "ok" or "-" or "BAD").Select(line => line[4..14].Trim()).Distinct();
        Assert.Equal(["version", "data", "state", "config", "settings", "local", "model", "spending", "program", "terminal", "sandbox", "refused"], words);
        Assert.DoesNotContain("(exit code 0)", ended.Out, StringComparison.Ordinal);
        Assert.EndsWith("Bridle can work.\n", ended.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Home));
    }

    [Fact]
    public async Task Doctor_ends_with_1_when_settings_are_broken_and_says_where()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Settings)!);
        await File.WriteAllTextAsync(Settings, "{ \"model\": ");
        var ended = await _place.RunAsync("doctor");
        Assert.True(ended.Code is 1, ended.ToString());
        Assert.Contains($"→ Correct {Settings} or remove it.", ended.Out, StringComparison.Ordinal);
    }
}
