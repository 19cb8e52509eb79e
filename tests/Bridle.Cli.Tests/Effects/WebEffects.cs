using Bridle.FakeVendors;
using Bridle.Testing;
using Bridle.Workspaces;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys about searching the web do: which address is asked.</summary>
internal static class WebEffects
{
    private const string Url = """{ "url": "https://search.example/find" }""";

    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["webSearch"] = new(stage => SearchAsync(stage, Url), "https://search.example/find?q=bridles&format=json", "nothing"),
        ["webSearch.url"] = new(stage => SearchAsync(stage, Url), "https://search.example/find?q=bridles&format=json", "nothing"),
        ["webSearch.engines"] = new(async stage => (await SearchAsync(stage, """{ "engines": ["bing"] }""")).Split('?')[0], "https://www.bing.com/search", "nothing"),
        ["providers.NAME.webGrounding"] = new(GroundedAsync, "True", "False"),
    };

    /// <summary>What a search asks the network for first.</summary>
    private static async Task<string> SearchAsync(CliStage stage, string search)
    {
        var network = new ScriptedNetwork();
        stage.Adjust = request => request with { Workspace = new Surroundings(new LocalWorkspace(stage.Work, null, request.Time), network) };
        await SettingEffect.CallAsync(stage, $$"""{ "webSearch": {{search}}, "permissions": { "allow": ["WebSearch"] } }""", "WebSearch", """{ "query": "bridles" }""");
        return network.Fetched.Select(address => address.AbsoluteUri).FirstOrDefault() ?? "nothing";
    }

    private static async Task<string> GroundedAsync(CliStage stage)
    {
        await using var vendor = new FakeGemini(FakeTurn.Say("Done."));
        stage.Write("home/.config/bridle/settings.json", $$"""{ "model": "lab/gemini-3-pro", "providers": { "lab": { "api": "gemini", "baseUrl": "{{vendor.Url}}", "apiKey": "k", "webGrounding": true } } }""");
        await stage.RunAsync("run", "task");
        return vendor.Server.Requests.First(request => request.Method == "POST").Text.Contains("googleSearch", StringComparison.Ordinal).ToString();
    }

    /// <summary>The files and programs of this machine, and a network of the test's.</summary>
    private sealed class Surroundings(IWorkspace inner, INetwork network) : IWorkspace
    {
        public IFiles Files => inner.Files;

        public IProcesses Processes => inner.Processes;

        public INetwork Network => network;
    }
}
