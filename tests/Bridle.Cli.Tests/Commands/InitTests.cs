using System.Text.Json;
using Bridle.FakeVendors;
using Bridle.Hosting.Providers;

namespace Bridle.Cli.Tests.Commands;

public sealed class InitTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly CliStage _stage = new();

    private string Settings => Path.Combine(_stage.Home, ".config/bridle/settings.json");

    private string Keys => Path.Combine(_stage.Home, ".config/bridle/credentials.json");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_key_is_tried_and_stored_outside_of_the_project_for_its_owner_only()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("ready")) { Key = "sk-from-input" };
        _stage.Input = "sk-from-input\n";
        Assert.True(0 == await _stage.RunAsync("init", "--provider", "openai", "--key-stdin", "--model", "test-model", "--base-url", vendor.Url.ToString()), _stage.Error.ToString());
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Keys));
        Assert.Equal("sk-from-input", new Credentials(Keys).Read().Keys["openai"]);
        Assert.DoesNotContain("sk-from-input", File.ReadAllText(Settings) + _stage.Out + _stage.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_stage.Work));
        vendor.Add(FakeTurn.Say("It works."));
        Assert.Equal(0, await _stage.RunAsync("run", "hello"));
        Assert.EndsWith("It works.\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task What_does_not_answer_is_not_stored()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Fail(401, "wrong key"));
        _stage.Input = "sk-wrong\n";
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("init", "--provider", "openai", "--key-stdin", "--model", "m", "--base-url", vendor.Url.ToString()));
        Assert.Contains("Nothing was stored", _stage.Error.ToString());
        Assert.False(File.Exists(Settings) || File.Exists(Keys));
    }

    [Fact]
    public async Task Settings_that_are_there_stay_and_comments_are_kept_beside()
    {
        _stage.Write("home/.config/bridle/settings.json", "{ // mine\n \"maxSteps\": 7, \"providers\": { \"work\": { \"baseUrl\": \"http://w\" } } }");
        _stage.Variables["MY_KEY"] = "k";
        Assert.Equal(0, await _stage.RunAsync("init", "--provider", "anthropic", "--key-env", "MY_KEY", "--model", "m", "--no-test"));
        using var settings = JsonDocument.Parse(File.ReadAllText(Settings));
        Assert.Equal((7, "anthropic/m", "MY_KEY", "http://w"), (
            settings.RootElement.GetProperty("maxSteps").GetInt32(), settings.RootElement.GetProperty("model").GetString(),
            settings.RootElement.GetProperty("providers").GetProperty("anthropic").GetProperty("keyEnv").GetString(),
            settings.RootElement.GetProperty("providers").GetProperty("work").GetProperty("baseUrl").GetString()));
        Assert.Contains("// mine", File.ReadAllText(Settings + ".before"));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Settings));
    }

    [Theory]
    [InlineData("init", "no --provider")]
    [InlineData("init --provider nowhere --model m", "'nowhere' is not a known provider")]
    [InlineData("init --provider anthropic --model m --key-env NOT_SET", "NOT_SET is not set")]
    [InlineData("init --provider anthropic --model m --key-stdin", "The key is empty")]
    [InlineData("init --provider anthropic --model m", "There is no key for Anthropic")]
    [InlineData("init --provider a/b --model m", "has no slash")]
    public async Task What_cannot_be_set_up_is_exit_2_and_stores_nothing(string words, string said)
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(words.Split(' ')));
        Assert.Contains(said, _stage.Error.ToString());
        Assert.False(File.Exists(Settings) || File.Exists(Keys));
    }

    [Fact]
    public async Task A_person_is_asked_for_provider_key_and_model()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("ready")) { Key = "sk-typed" };
        _stage.Variables["OPENAI_BASE_URL"] = vendor.Url.ToString();
        (_stage.Terminal, _stage.Input) = (true, "openai\nsk-typed\ntest-model\n");
        Assert.True(0 == await _stage.RunAsync("init"), _stage.Error.ToString());
        Assert.Equal("sk-typed", new Credentials(Keys).Read().Keys["openai"]);
        Assert.Contains("\"openai/test-model\"", File.ReadAllText(Settings));
    }
}
