using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>A key that the program knows is written nowhere, whoever says it.</summary>
public sealed class SecretTests : IDisposable
{
    private const string Key = "test-key-12345678";
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("text", "--stream")]
    [InlineData("text", "--no-stream")]
    [InlineData("json", "--stream")]
    [InlineData("events", "--stream")]
    public async Task A_key_that_the_model_says_piece_by_piece_is_shown_nowhere(string output, string streaming)
    {
        await using var vendor = Vendor(FakeTurn.Say("The key is test-k", "ey-123", "45678", ", keep it."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--output", output, streaming, "Say it.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Contains("[redacted: known key], keep it.", ended.Out, StringComparison.Ordinal);
        NoKey(ended);
    }

    [Fact]
    public async Task A_key_in_the_live_output_of_a_command_is_shown_nowhere()
    {
        _place.Write("say.sh", "printf test-k\nprintf 'ey-12345678 and more\\n'\n");
        await using var vendor = Vendor(FakeTurn.Call("Bash", """{"command":"sh say.sh"}"""), FakeTurn.Say("Done."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--output", "events", "--allow", "Bash(sh say.sh)", "Run it.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Contains("[redacted: known key] and more", ended.Out, StringComparison.Ordinal);
        NoKey(ended);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("models", "refresh")]
    [InlineData("models", "test", "openai/test-model")]
    public async Task A_password_in_the_address_of_a_server_is_not_printed(params string[] command)
    {
        _place.Environment["OPENAI_API_KEY"] = Key;
        _place.Environment["OPENAI_BASE_URL"] = $"http://user:{Key}@127.0.0.1:1/v1?key={Key}";
        var ended = await _place.RunAsync(command);
        Assert.Contains("127.0.0.1:1", ended.ToString(), StringComparison.Ordinal);
        NoKey(ended);
    }

    // Cases A554 and A557 of the corpus, with A559's key that comes in two pieces and A561's refusal that quotes the header.
    [Theory]
    [InlineData("env", "TERM=dumb")]
    [InlineData("printenv AGENT_API_KEY TERM", "dumb")]
    [InlineData("printenv GITHUB_TOKEN OPENAI_API_KEY TERM", "dumb")]
    public async Task A_command_that_prints_its_environment_prints_no_key(string command, string shown)
    {
        _place.Environment["AGENT_API_KEY"] = "agent-" + Key;
        _place.Environment["GITHUB_TOKEN"] = "token-" + Key;
        await using var vendor = Vendor(FakeTurn.Call("Bash", $$"""{"command":"{{command}}"}"""), FakeTurn.Say("Done."));
        await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--output", "events", "--allow", "Bash(env)", "--allow", "Bash(printenv:*)", "Run it.");
        var sent = System.Text.Encoding.UTF8.GetString(vendor.Server.Requests[^1].Body);
        Assert.Contains(shown, sent, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, sent, StringComparison.Ordinal);
        Assert.DoesNotContain("AGENT_API_KEY=", sent, StringComparison.Ordinal);
        Assert.DoesNotContain("GITHUB_TOKEN=", sent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_file_that_is_printed_in_pieces_is_shown_nowhere()
    {
        _place.Write("say.sh", "printf -- '-----BEGIN PRIV'\nprintf 'ATE KEY-----\\nSECRETBODY\\n-----END PRIVATE KEY-----\\nafter\\n'\n");
        await using var vendor = Vendor(FakeTurn.Call("Bash", """{"command":"sh say.sh"}"""), FakeTurn.Say("Done."));
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "--output", "events", "--allow", "Bash(sh say.sh)", "Run it.");
        Assert.Contains("[redacted: private key]", ended.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRETBODY", ended.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_that_quotes_the_key_is_told_without_it()
    {
        await using var vendor = Vendor(FakeTurn.Say("") with { Fault = new FakeFault.Status(401, $"Incorrect API key provided: Authorization: Bearer {Key}.", "invalid_api_key") });
        var ended = await _place.RunAsync("run", "-m", Vendors.Model("openai"), "Say it.");
        Assert.Equal(2, ended.Code);
        Assert.Contains("Incorrect API key provided", ended.Error, StringComparison.Ordinal);
        NoKey(ended);
    }

    [Fact]
    public async Task The_environment_that_the_kernel_shows_of_a_chat_holds_no_key()
    {
        await using var vendor = Vendor(FakeTurn.Say("Good day."));
        _place.Environment["GITHUB_TOKEN"] = Key + "-token";
        _place.Environment["LAB_OF_MINE"] = Key + "-lab";
        var settings = Path.Combine(_place.Home, ".config/bridle/settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(settings)!);
        await File.WriteAllTextAsync(settings, $$"""{ "providers": { "lab": { "api": "openai", "baseUrl": "{{_place.Environment["OPENAI_BASE_URL"]}}", "keyEnv": "LAB_OF_MINE", "model": "test-model" } } }""", TestContext.Current.CancellationToken);
        using var chat = _place.Start("chat", "-m", "lab/test-model");
        await chat.StandardInput.WriteLineAsync("Hello");
        await chat.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
        for (var said = ""; !said.Contains("Good day.", StringComparison.Ordinal);)
        {
            said = await chat.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The chat ended: " + await chat.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        var shown = await File.ReadAllTextAsync($"/proc/{chat.Id}/environ", TestContext.Current.CancellationToken);
        chat.StandardInput.Close();
        await Place.EndAsync(chat);
        Assert.DoesNotContain(Key, shown, StringComparison.Ordinal);
        Assert.Contains("OPENAI_API_KEY=*", shown, StringComparison.Ordinal);
        Assert.Contains("LAB_OF_MINE=*", shown, StringComparison.Ordinal);
        Assert.Contains("NO_COLOR=1", shown, StringComparison.Ordinal);
        Assert.Equal($"Bearer {Key}-lab", vendor.Server.Requests[0].Headers["Authorization"]);
    }

    private FakeVendor Vendor(params FakeTurn[] script)
    {
        var vendor = Vendors.Make("openai", _place, script);
        _place.Environment["OPENAI_API_KEY"] = Key;
        return vendor;
    }

    private void NoKey(Ended ended)
    {
        Assert.DoesNotContain(Key, ended.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ey-123", ended.ToString(), StringComparison.Ordinal);
        var files = Directory.Exists(_place.Home) ? Directory.EnumerateFiles(_place.Home, "*", SearchOption.AllDirectories) : [];
        Assert.All(files, file => Assert.DoesNotContain(Key, File.ReadAllText(file), StringComparison.Ordinal));
    }
}
