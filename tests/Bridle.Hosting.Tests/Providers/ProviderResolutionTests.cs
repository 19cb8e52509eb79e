using Bridle.Hosting.Providers;
using Bridle.Hosting.Settings;

namespace Bridle.Hosting.Tests.Providers;

public sealed class ProviderResolutionTests
{
    private readonly Dictionary<string, string> _variables = [];
    private readonly Dictionary<string, string> _stored = [];
    private readonly List<LocalServerFound> _running = [];
    private BridleSettings _settings = new();
    private int _searches;

    private static LocalServer Server(string provider) => KnownProviders.Default.LocalServers.First(server => server.Provider == provider);

    private Task<ProviderOutcome> ResolveAsync(ModelWish? wish = null, Func<string, CancellationToken, Task<FoundKey>>? helper = null) =>
        new ProviderResolution(
            KnownProviders.Default, new(_variables, "/home/ann", "/work", HostPlatform.Linux), _settings, _stored,
            _ =>
            {
                _searches++;
                return Task.FromResult<IReadOnlyList<LocalServerFound>>(_running);
            },
            helper).ResolveAsync(wish ?? new(), TestContext.Current.CancellationToken);

    private async Task<ProviderChoice> ChooseAsync(ModelWish? wish = null) => Assert.IsType<ProviderChosen>(await ResolveAsync(wish)).Choice;

    public static TheoryData<string, string, string, string, string> KeyVariables => new()
    {
        { "ANTHROPIC_API_KEY", "anthropic", "anthropic", "https://api.anthropic.com/", "claude-sonnet-4-20250514" },
        { "OPENAI_API_KEY", "openai", "openai", "https://api.openai.com/v1", "gpt-4.1" },
        { "GEMINI_API_KEY", "gemini", "gemini", "https://generativelanguage.googleapis.com/v1beta", "gemini-2.5-pro" },
        { "GOOGLE_API_KEY", "gemini", "gemini", "https://generativelanguage.googleapis.com/v1beta", "gemini-2.5-pro" },
        { "OPENROUTER_API_KEY", "openrouter", "openai", "https://openrouter.ai/api/v1", "anthropic/claude-sonnet-4" },
        { "MISTRAL_API_KEY", "mistral", "openai", "https://api.mistral.ai/v1", "mistral-large-latest" },
    };

    [Theory]
    [MemberData(nameof(KeyVariables))]
    public async Task A_key_in_the_environment_picks_its_provider(string variable, string provider, string api, string url, string model)
    {
        _variables[variable] = "secret";
        var choice = await ChooseAsync();
        Assert.Equal((provider, api, url, model, "secret", variable), (choice.Provider, choice.Api, choice.BaseUrl!.ToString(), choice.Model, choice.Key, choice.KeyFrom));
        Assert.Equal(0, _searches);
    }

    [Fact]
    public async Task Nothing_anywhere_is_nothing_configured()
    {
        Assert.Empty(Assert.IsType<NothingConfigured>(await ResolveAsync()).Seen);
        Assert.Equal(1, _searches);
    }

    [Fact]
    public async Task A_local_server_is_used_when_all_else_is_silent()
    {
        _running.Add(new(Server("ollama"), "qwen3:8b"));
        var choice = await ChooseAsync();
        Assert.Equal(("ollama/qwen3:8b", "ollama", "http://localhost:11434/"), (choice.FullName, choice.Api, choice.BaseUrl!.ToString()));
        Assert.Contains("Ollama answers", choice.Because);
    }

    [Fact]
    public async Task A_local_server_without_a_model_is_passed_over_and_said()
    {
        _running.Add(new(Server("ollama"), null));
        Assert.Contains("Ollama answers at http://localhost:11434 but has no model", Assert.Single(Assert.IsType<NothingConfigured>(await ResolveAsync()).Seen));
        _running.Add(new(Server("vllm"), "org/big"));
        Assert.Equal("vllm/org/big", (await ChooseAsync()).FullName);
    }

    [Fact]
    public async Task The_flag_beats_BRIDLE_MODEL_which_beats_CLAUDE_MODEL_which_beats_settings_which_beat_keys()
    {
        _variables["OPENAI_API_KEY"] = "o";
        _variables["ANTHROPIC_API_KEY"] = "a";
        _variables["GEMINI_API_KEY"] = "g";
        _settings = new() { Model = "gemini/pro" };
        Assert.Equal("gemini/pro", (await ChooseAsync()).FullName);
        _variables["CLAUDE_MODEL"] = "claude-x";
        Assert.Equal("anthropic/claude-x", (await ChooseAsync()).FullName);
        _variables["BRIDLE_MODEL"] = "openai/gpt-x";
        Assert.Equal("openai/gpt-x", (await ChooseAsync()).FullName);
        Assert.Equal("gemini/flash", (await ChooseAsync(new() { Model = "gemini/flash" })).FullName);
    }

    [Fact]
    public async Task CLAUDE_MODEL_beats_the_setting_for_Anthropic_and_the_flag_beats_it()
    {
        _variables["ANTHROPIC_API_KEY"] = "a";
        _variables["CLAUDE_MODEL"] = "claude-x";
        _settings = new() { Model = "anthropic/claude-s" };
        Assert.Equal("claude-x", (await ChooseAsync()).Model);
        Assert.Equal("claude-f", (await ChooseAsync(new() { Model = "anthropic/claude-f" })).Model);
        Assert.Equal("claude-g", (await ChooseAsync(new() { Model = "claude-g" })).Model);
    }

    [Fact]
    public async Task An_address_comes_from_the_flag_then_the_variable_then_settings_then_the_default()
    {
        _variables["ANTHROPIC_API_KEY"] = "a";
        async Task<string> AddressAsync(ModelWish? wish = null) => (await ChooseAsync(wish)).BaseUrl!.Host;
        Assert.Equal("api.anthropic.com", await AddressAsync());
        _settings = new() { Providers = new Dictionary<string, ProviderSettings> { ["anthropic"] = new() { BaseUrl = "http://settings.example" } } };
        Assert.Equal("settings.example", await AddressAsync());
        _variables["ANTHROPIC_BASE_URL"] = "http://variable.example/";
        Assert.Equal("variable.example", await AddressAsync());
        Assert.Equal("flag.example", await AddressAsync(new() { BaseUrl = "http://flag.example" }));
    }

    [Theory]
    [InlineData("openai/gpt-x", "openai", "gpt-x")]
    [InlineData("gpt-x", "openai", "gpt-x")]
    [InlineData("unknown/gpt-x", "openai", "unknown/gpt-x")]
    [InlineData("ollama/hf.co/org/model", "ollama", "hf.co/org/model")]
    public async Task A_name_is_split_at_the_first_slash_when_the_left_part_is_a_provider(string name, string provider, string model)
    {
        _variables["OPENAI_API_KEY"] = "o";
        var choice = await ChooseAsync(new() { Model = name });
        Assert.Equal((provider, model), (choice.Provider, choice.Model));
    }

    [Fact]
    public async Task A_router_keeps_the_whole_name_while_the_left_part_is_not_configured()
    {
        _variables["OPENROUTER_API_KEY"] = "r";
        Assert.Equal(("openrouter", "anthropic/claude-x"), (await ChooseAsync(new() { Model = "anthropic/claude-x" })) switch { var c => (c.Provider, c.Model) });
        _variables["ANTHROPIC_API_KEY"] = "a";
        Assert.Equal(("anthropic", "claude-x"), (await ChooseAsync(new() { Model = "anthropic/claude-x" })) switch { var c => (c.Provider, c.Model) });
    }

    [Fact]
    public async Task A_named_provider_without_a_key_is_a_problem_and_is_not_replaced()
    {
        _variables["OPENAI_API_KEY"] = "o";
        _running.Add(new(Server("ollama"), "qwen3"));
        var problem = Assert.IsType<ProviderProblem>(await ResolveAsync(new() { Model = "anthropic/claude-x" }));
        Assert.Equal("There is no key for Anthropic.", problem.Message);
        Assert.Contains("ANTHROPIC_API_KEY", problem.Advice);
    }

    [Fact]
    public async Task A_provider_that_nobody_knows_is_named_with_those_that_there_are()
    {
        var problem = Assert.IsType<ProviderProblem>(await ResolveAsync(new() { Model = "nope/foo" }));
        Assert.Equal("There is no provider 'nope', and none is configured for a model 'nope/foo'.", problem.Message);
        Assert.StartsWith("The providers are anthropic, ", problem.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("/foo", problem.Advice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_model_with_no_provider_is_a_problem_unless_a_local_server_answers()
    {
        Assert.Contains("No provider is configured for the model 'some-model'", Assert.IsType<ProviderProblem>(await ResolveAsync(new() { Model = "some-model" })).Message);
        _running.Add(new(Server("llama.cpp"), "other"));
        Assert.Equal("llama.cpp/some-model", (await ChooseAsync(new() { Model = "some-model" })).FullName);
    }

    [Fact]
    public async Task An_address_alone_moves_the_current_provider_or_means_the_namesake_of_the_protocol()
    {
        var plain = await ChooseAsync(new() { BaseUrl = "http://box:9/v1" });
        Assert.Equal(("openai", "http://box:9/v1", null), (plain.Provider, plain.BaseUrl!.ToString(), plain.Key));
        Assert.Equal("anthropic", (await ChooseAsync(new() { BaseUrl = "http://box:9", Api = "anthropic" })).Provider);
        _variables["ANTHROPIC_API_KEY"] = "a";
        Assert.Equal(("anthropic", "a"), (await ChooseAsync(new() { BaseUrl = "http://box:9" })) switch { var c => (c.Provider, c.Key) });
        Assert.Equal(("openai", "openai-responses"), (await ChooseAsync(new() { BaseUrl = "http://box:9", Api = "openai-responses" })) switch { var c => (c.Provider, c.Api) });
        Assert.Equal(("org/model"), (await ChooseAsync(new() { BaseUrl = "http://box:9", Api = "openai", Model = "org/model" })).Model);
    }

    [Fact]
    public async Task Local_has_ReINs_defaults_variables_and_flags()
    {
        var choice = await ChooseAsync(new() { Local = true });
        Assert.Equal(("local/qwen2.5-coder:7b", "openai", "http://localhost:11434/v1", "ollama"), (choice.FullName, choice.Api, choice.BaseUrl!.ToString(), choice.Key));
        _variables["LOCAL_LLM_URL"] = "http://box:1/v1";
        _variables["LOCAL_LLM_MODEL"] = "m1";
        choice = await ChooseAsync(new() { Local = true });
        Assert.Equal(("m1", "http://box:1/v1"), (choice.Model, choice.BaseUrl!.ToString()));
        choice = await ChooseAsync(new() { LocalUrl = "http://box:2/v1", LocalModel = "m2" });
        Assert.Equal(("local/m2", "http://box:2/v1"), (choice.FullName, choice.BaseUrl!.ToString()));
        Assert.IsType<NothingConfigured>(await ResolveAsync());
    }

    [Fact]
    public async Task A_provider_of_the_persons_own_comes_from_settings()
    {
        _settings = new()
        {
            Model = "work/big",
            Providers = new Dictionary<string, ProviderSettings>
            {
                ["work"] = new() { BaseUrl = "http://work.example", KeyEnv = "WORK_KEY", Headers = new Dictionary<string, string> { ["X-Team"] = "a" }, ContextWindow = 9, MaxOutputTokens = 8, Tools = "prompted" },
            },
        };
        Assert.Contains("WORK_KEY is not set", Assert.IsType<ProviderProblem>(await ResolveAsync()).Message);
        _variables["WORK_KEY"] = "w";
        var choice = await ChooseAsync();
        Assert.Equal(("work/big", "openai", "w", "a", 9, 8, "prompted"), (choice.FullName, choice.Api, choice.Key, choice.Headers["X-Team"], choice.ContextWindow!.Value, choice.MaxOutputTokens!.Value, choice.Tools));
    }

    [Fact]
    public async Task Keys_come_from_the_variable_then_the_command_then_the_store_then_settings()
    {
        Task<FoundKey> Helper(string command, CancellationToken _) => Task.FromResult(new FoundKey($"from {command}", "helper", null));
        async Task<string?> KeyAsync() => Assert.IsType<ProviderChosen>(await ResolveAsync(new() { Model = "anthropic/m" }, Helper)).Choice.Key;
        _settings = new() { ApiKey = "rein" };
        Assert.Equal("rein", await KeyAsync());
        _stored["anthropic"] = "stored";
        Assert.Equal("stored", await KeyAsync());
        _settings = new() { Providers = new Dictionary<string, ProviderSettings> { ["anthropic"] = new() { ApiKeyHelper = "pass" } } };
        Assert.Equal("from pass", await KeyAsync());
        _variables["ANTHROPIC_API_KEY"] = "variable";
        Assert.Equal("variable", await KeyAsync());
    }

    [Theory]
    [InlineData("echo sk-1", "sk-1", null)]
    [InlineData("exit 3", null, "ended with exit code 3")]
    [InlineData("true", null, "did not print a key on one line")]
    [InlineData("printf 'a\\nb'", null, "did not print a key on one line")]
    public async Task A_key_command_is_run_and_its_failure_is_told(string command, string? key, string? problem)
    {
        _settings = new() { Providers = new Dictionary<string, ProviderSettings> { ["anthropic"] = new() { ApiKeyHelper = command } } };
        var outcome = await ResolveAsync(new() { Model = "anthropic/m" });
        Assert.Equal(key, (outcome as ProviderChosen)?.Choice.Key);
        Assert.Contains(problem ?? "", (outcome as ProviderProblem)?.Message ?? "");
    }

    [Fact]
    public async Task An_address_that_is_none_is_a_problem()
    {
        Assert.Contains("--base-url is 'box:80'", Assert.IsType<ProviderProblem>(await ResolveAsync(new() { BaseUrl = "box:80" })).Message);
        Assert.Contains("--local-url is 'x'", Assert.IsType<ProviderProblem>(await ResolveAsync(new() { LocalUrl = "x" })).Message);
        _variables["OPENAI_API_KEY"] = "o";
        _variables["OPENAI_BASE_URL"] = "nonsense";
        Assert.Contains("'nonsense'", Assert.IsType<ProviderProblem>(await ResolveAsync()).Message);
    }

    [Fact]
    public async Task Rehearsal_can_be_asked_for_by_name()
    {
        _variables["OPENAI_API_KEY"] = "o";
        Assert.Equal(("rehearsal", null), (await ChooseAsync(new() { Model = "rehearsal" })) switch { var c => (c.Api, c.BaseUrl) });
    }

    [Fact]
    public async Task A_named_local_provider_without_a_model_asks_its_server()
    {
        _settings = new() { Providers = new Dictionary<string, ProviderSettings> { ["ollama"] = new() } };
        Assert.Contains("which model of 'ollama'", Assert.IsType<ProviderProblem>(await ResolveAsync()).Message);
        _running.Add(new(Server("ollama"), "qwen3"));
        Assert.Equal("ollama/qwen3", (await ChooseAsync()).FullName);
    }

    [Fact]
    public async Task A_key_is_in_no_text_made_of_a_choice()
    {
        _variables["OPENAI_API_KEY"] = "sk-very-secret";
        Assert.DoesNotContain("sk-very-secret", (await ResolveAsync()).ToString());
    }
}
