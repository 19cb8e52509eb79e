using Bridle.FakeVendors;
using Bridle.Hosting.Providers;
using Bridle.Models.Catalog;

namespace Bridle.Hosting.Tests.Providers;

/// <summary>The model list, the detection of tool calls and the connection test, each against a server that behaves as its makers document it.</summary>
public sealed class InferenceServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeModel[] _models = [new("able", Tools: true, Window: 40_960), new("plain", Tools: false), new("quiet", Tools: null)];

    public void Dispose() => _folder.Dispose();

    private async Task<InferenceServer> ServerAsync(string provider, FakeVendor vendor, string? key = null)
    {
        var variables = new Dictionary<string, string> { [SeedVariables.Provider] = provider, [SeedVariables.Address] = vendor.Server.Url.ToString().TrimEnd('/') };
        if (key is not null)
        {
            variables["LEMONADE_API_KEY"] = key;
        }

        var files = HostFiles.Read(new(variables, _folder.Path, _folder.Path, HostPlatform.Linux), _folder.Path);
        var models = await SeedModels.FindAsync(files, new(files.Environment, _folder.Path), onlyServers: true, TestContext.Current.CancellationToken);
        Assert.Null(models.Problem);
        Assert.True(models.IsListed);
        return models.Server!;
    }

    private static string Tools(ListedModels listed) => string.Join(' ', listed.Entries.Select(entry => $"{entry.Model}:{entry.Tools}"));

    [Theory]
    [InlineData("ollama", "0.0", "able:Yes plain:No quiet:Unknown")]
    [InlineData("lm-studio", "0.4.1", "able:Yes plain:No quiet:Unknown")]
    [InlineData("lm-studio", "0.3.16", "able:Yes plain:No quiet:No")]
    [InlineData("lm-studio", "0.3.5", "able:Unknown plain:Unknown quiet:Unknown")]
    [InlineData("lemonade", "0.0", "able:Yes plain:No quiet:No")]
    public async Task The_list_says_which_models_call_tools_as_far_as_the_server_does(string provider, string version, string expected)
    {
        await using var vendor = Vendor(provider, version);
        var server = await ServerAsync(provider, vendor);
        Assert.Equal(expected, Tools(await server.RefreshAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(["able", "plain", "quiet"], server.Models.Select(entry => entry.Model));
        Assert.Equal(provider is "lemonade" ? null : 40_960, server.Models[0].ContextWindow);
        Assert.Empty(vendor.Bodies);
    }

    [Theory]
    [InlineData("ollama", "0.0", "Ollama 0.12.6 answers at http://127.0.0.1:")]
    [InlineData("lm-studio", "0.4.1", "LM Studio answers at http://127.0.0.1:")]
    [InlineData("lm-studio", "0.3.5", "LM Studio answers at http://127.0.0.1:")]
    [InlineData("lemonade", "0.0", "Lemonade 10.0.0 answers at http://127.0.0.1:")]
    public async Task A_connection_test_asks_the_server_what_it_is_and_no_model_anything(string provider, string version, string expected)
    {
        await using var vendor = Vendor(provider, version);
        var outcome = await (await ServerAsync(provider, vendor)).TestAsync(TestContext.Current.CancellationToken);
        Assert.True(outcome.Answers, outcome.Text);
        Assert.StartsWith(expected, outcome.Text, StringComparison.Ordinal);
        Assert.Empty(vendor.Bodies);
    }

    [Fact]
    public async Task A_server_of_another_kind_a_refused_key_and_nothing_at_all_are_told_apart()
    {
        await using var ollama = Vendor("ollama", "0.0");
        var wrong = await (await ServerAsync("lm-studio", ollama)).TestAsync(TestContext.Current.CancellationToken);
        Assert.Equal((false, true), (wrong.Answers, wrong.Text.StartsWith("Something answers at http://127.0.0.1:", StringComparison.Ordinal)));
        Assert.Contains("but it is not LM Studio (GET /api/v0/models: 404)", wrong.Text, StringComparison.Ordinal);

        await using var locked = new FakeOpenAiChat { Key = "right", Root = "/api/v1" };
        var refused = await (await ServerAsync("lemonade", locked, "wrong")).TestAsync(TestContext.Current.CancellationToken);
        Assert.Contains("does not accept the key (401)", refused.Text, StringComparison.Ordinal);

        var gone = Vendor("ollama", "0.0");
        var server = await ServerAsync("ollama", gone);
        await server.RefreshAsync(TestContext.Current.CancellationToken);
        await gone.DisposeAsync();
        Assert.Contains("cannot be reached", (await server.TestAsync(TestContext.Current.CancellationToken)).Text, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", (await server.RefreshAsync(TestContext.Current.CancellationToken)).Problem, StringComparison.Ordinal);
        Assert.Equal(3, server.Models.Count);
    }

    [Fact]
    public async Task The_variables_name_the_server_and_move_only_the_one_they_name()
    {
        var variables = new Dictionary<string, string> { [SeedVariables.Provider] = "lemonade", [SeedVariables.Address] = "http://box:9" };
        var environment = new HostEnvironment(variables, _folder.Path, _folder.Path, HostPlatform.Linux);
        async Task<string> AddressAsync(string model)
        {
            var outcome = await HostFiles.Read(environment, _folder.Path).ResolveAsync(new() { Model = model }, _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]), TestContext.Current.CancellationToken);
            return Assert.IsType<ProviderChosen>(outcome).Choice.BaseUrl!.ToString();
        }

        Assert.Equal("http://box:9/api/v1", await AddressAsync("lemonade/x"));
        Assert.Equal("http://localhost:11434/", await AddressAsync("ollama/x"));
        variables.Remove(SeedVariables.Provider);
        Assert.Equal("http://box:9/", await AddressAsync("ollama/x"));
        Assert.Equal("http://localhost:13305/api/v1", await AddressAsync("lemonade/x"));
    }

    private FakeVendor Vendor(string provider, string version) => provider switch
    {
        "ollama" => FakeLocal.Ollama(_models), "lemonade" => FakeLocal.Lemonade(_models), _ => FakeLocal.LmStudio(Version.Parse(version), _models),
    };
}
