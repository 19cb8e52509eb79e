using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class ModelListTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    private string List => Path.Combine(_place.Home, ".local/state/bridle/models.jsonl");

    private string Previous => Path.Combine(_place.Home, ".local/state/bridle/previous_model_name");

    [Fact]
    public async Task Ollamas_models_are_listed_with_what_each_can_and_a_test_asks_one()
    {
        await using var server = new FakeHttpServer(request => (request.Method, request.Path) switch
        {
            ("GET", "/api/tags") => FakeReply.Json(200, """{"models":[{"name":"qwen3:8b","model":"qwen3:8b"},{"name":"old:latest","model":"old:latest"}]}"""),
            ("POST", "/api/show") when request.Json.GetProperty("model").GetString() == "qwen3:8b" =>
                FakeReply.Json(200, """{"capabilities":["completion","tools"],"model_info":{"general.architecture":"qwen3","qwen3.context_length":40960}}"""),
            ("POST", "/api/show") => FakeReply.Json(200, """{"capabilities":["completion"],"model_info":{"general.architecture":"llama","llama.context_length":2048}}"""),
            ("POST", "/api/chat") => FakeReply.Json(200, """{"model":"qwen3:8b","message":{"role":"assistant","content":"ready"},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":1}"""),
            _ => FakeReply.Json(404, """{"error":"404 page not found"}"""),
        });
        _place.Environment["OLLAMA_API_URL"] = server.Url.ToString().TrimEnd('/');
        await File.WriteAllTextAsync(Settings(), """{"providers":{"ollama":{}}}""");
        var refreshed = await _place.RunAsync("models", "refresh", "ollama");
        Assert.True(refreshed.Code is 0, refreshed.ToString());
        Assert.Contains("ollama: 2 models", refreshed.Out, StringComparison.Ordinal);
        var stored = File.ReadLines(List).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(entry => entry.GetProperty("model").GetString()!);
        Assert.Equal(("yes", "no"), (stored["qwen3:8b"].GetProperty("tools").GetString(), stored["old:latest"].GetProperty("tools").GetString()));
        var listed = await _place.RunAsync("models", "list");
        Assert.Matches(@"ollama/qwen3:8b +yes +40960 ", listed.Out);
        Assert.Matches(@"ollama/old:latest +no +2048 ", listed.Out);
        var one = await _place.RunAsync("models", "list", "qwen");
        Assert.DoesNotContain("old:latest", one.Out, StringComparison.Ordinal);
        var tested = await _place.RunAsync("models", "test", "ollama/qwen3:8b");
        Assert.True(tested.Code is 0, tested.ToString());
        Assert.Contains("ollama/qwen3:8b answers", tested.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_compatible_server_is_listed_with_its_key_and_a_refused_one_is_told()
    {
        await using var server = new FakeHttpServer(request => request.Headers.GetValueOrDefault("Authorization") != "Bearer sk-list" ? FakeReply.Json(401, """{"error":{"message":"no"}}""")
            : request.Path == "/v1/models" ? FakeReply.Json(200, """{"object":"list","data":[{"id":"alpha","object":"model"},{"id":"team/beta","object":"model"}]}""") : FakeReply.Json(404, "{}"));
        _place.Environment["OPENAI_BASE_URL"] = $"{server.Url.ToString().TrimEnd('/')}/v1";
        _place.Environment["OPENAI_API_KEY"] = "sk-list";
        var refreshed = await _place.RunAsync("models", "refresh", "openai");
        Assert.True(refreshed.Code is 0, refreshed.ToString());
        Assert.Matches(@"openai/team/beta +unknown ", (await _place.RunAsync("models", "list")).Out);
        _place.Environment["OPENAI_API_KEY"] = "sk-other";
        var refused = await _place.RunAsync("models", "refresh", "openai");
        Assert.True(refused.Code is 3, refused.ToString());
        Assert.Contains("401 (check the key)", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, File.ReadLines(List).Count());
    }

    [Fact]
    public async Task What_a_server_says_about_tools_in_use_is_noted_and_kept()
    {
        await using var vendor = new FakeOllama(FakeTurn.Say("Without tools."), FakeTurn.Say("Again.")) { TakesTools = false };
        Vendors.Point("ollama", _place, vendor);
        var ended = await _place.RunAsync("run", "-m", "ollama/old", "hello");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Contains("\"refuses_tools_at\":[\"http://", File.ReadAllText(List), StringComparison.Ordinal);
        Assert.Matches(@"ollama/old +no \(at http://[^)]+\)", (await _place.RunAsync("models", "list")).Out);
        var refusals = vendor.Refusals.Count;
        Assert.Contains("no tool calls of its own", (await _place.RunAsync("run", "-m", "ollama/old", "hello")).Error, StringComparison.Ordinal);
        Assert.Equal(refusals, vendor.Refusals.Count);

        // Another server behind the same name is asked with tools, and nothing is said of them.
        await using var other = new FakeOllama(FakeTurn.Say("With tools."));
        var elsewhere = await _place.RunAsync("run", "-m", "ollama/old", "--base-url", other.Url.ToString(), "hello");
        Assert.True(elsewhere.Code is 0, elsewhere.ToString());
        Assert.DoesNotContain("no tool calls of its own", elsewhere.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_that_answered_last_is_used_again_until_somebody_says_otherwise()
    {
        await using var openai = Vendors.Make("openai", _place, [.. Enumerable.Repeat(FakeTurn.Say("From openai."), 4)]);
        await using var anthropic = Vendors.Make("anthropic", _place, [.. Enumerable.Repeat(FakeTurn.Say("From anthropic."), 4)]);
        Assert.StartsWith("anthropic/", await AnsweringAsync(), StringComparison.Ordinal);
        Assert.Equal("openai/test-model", await AnsweringAsync("-m", "openai/test-model"));
        Assert.Equal("openai/test-model\n", File.ReadAllText(Previous));
        Assert.Equal("openai/test-model", await AnsweringAsync());
        Assert.Contains("openai/test-model by being used last", (await _place.RunAsync("doctor")).Out, StringComparison.Ordinal);

        await File.WriteAllTextAsync(Settings(), """{"model":"anthropic/from-settings"}""");
        Assert.Equal("anthropic/from-settings", await AnsweringAsync());
        Assert.Equal("anthropic/from-settings\n", File.ReadAllText(Previous));
    }

    [Fact]
    public async Task A_previous_model_that_cannot_be_used_any_more_is_dropped_and_a_failed_or_rehearsed_one_is_never_kept()
    {
        await using (var vendor = Vendors.Make("openai", _place, FakeTurn.Fail(401, "no"), FakeTurn.Say("Hello.")))
        {
            await _place.RunAsync("run", "-m", "openai/refused", "hello");
            Assert.False(File.Exists(Previous));
            await AnsweringAsync("-m", "openai/test-model");
        }

        _place.Environment.Remove("OPENAI_API_KEY");
        _place.Environment.Remove("OPENAI_BASE_URL");
        Assert.Equal("rehearsal/rehearsal", await AnsweringAsync());
        await File.WriteAllTextAsync(Previous, "ollama/was-running-then\n");
        Assert.Equal("rehearsal/rehearsal", await AnsweringAsync());
        Assert.Equal("ollama/was-running-then\n", File.ReadAllText(Previous));
    }

    private async Task<string> AnsweringAsync(params string[] flags)
    {
        var ended = await _place.RunAsync(["run", "--output", "json", .. flags, "list the files here"]);
        Assert.True(ended.Code is 0, ended.ToString());
        using var result = JsonDocument.Parse(ended.Out);
        return result.RootElement.GetProperty("model").GetString()!;
    }

    private string Settings()
    {
        var file = Path.Combine(_place.Home, ".config/bridle/settings.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}
