using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Context;
using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.Providers;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests;

/// <summary>Where there are many tools, requests show the core, and the others are found, loaded and called without a byte of the beginning changing.</summary>
public sealed class ToolSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Apis => ["openai", "openai-responses", "anthropic", "gemini", "ollama"];

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_tool_is_found_loaded_and_called_over_every_protocol(string api)
    {
        await using var vendor = StablePrefixTests.Make(api);
        vendor.Add(
            FakeTurn.Call("ToolSearch", """{"query":"weather"}"""), FakeTurn.Call("CallTool", """{"name":"weather_07","arguments":"{\"place\":\"Oslo\"}"}"""), FakeTurn.Call("weather_08", """{"place":"Rome"}"""),
            FakeTurn.CallAll(new("CallTool", """{"name":"weather_09","arguments":"{}"}"""), new("CallTool", """{"name":"wether_09"}""")), FakeTurn.Say("Sunny."));
        var request = Request() with
        {
            Wish = new ModelWish { Model = "lab/m" }, FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
            Settings = $$"""{ "providers": { "lab": { "api": "{{api}}", "baseUrl": "{{vendor.Url.ToString().TrimEnd('/')}}", "keyEnv": "LAB_KEY" } } }""",
        };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        var result = await harness.Session.RunAsync("How is the weather?", TestContext.Current.CancellationToken);
        Assert.True(result.Error is null, $"{result.Error} {string.Join('\n', vendor.Refusals)}");
        Assert.Empty(vendor.Refusals);
        var sent = vendor.Bodies.Select(body => StablePrefixTests.Parts(api, body)).ToList();
        Assert.All(sent, one => Assert.Equal(sent[0].Fixed, one.Fixed));
        for (var i = 1; i < sent.Count; i++)
        {
            Assert.Equal(sent[i - 1].Messages, sent[i].Messages.Take(sent[i - 1].Messages.Count));
        }

        // The name of each stands in the beginning, the definition of none.
        var first = sent[0].Fixed + string.Concat(sent[0].Messages);
        Assert.Contains("weather_07, weather_08", first);
        Assert.DoesNotContain("Weather of a place, kind 4.", first);
        Assert.Contains("Finds tools that are not shown here", sent[0].Fixed);
        var told = string.Concat(sent[1].Messages);
        Assert.Contains("Loaded: weather_00, weather_01, weather_02, weather_03, weather_04.", told);
        Assert.Contains("Weather of a place, kind 4.", told);
        Assert.DoesNotContain("Weather of a place, kind 5.", told);
        var all = string.Concat(sent[^1].Messages);
        Assert.Contains("Oslo is sunny (07)", all);
        Assert.Contains("Rome is sunny (08)", all);
        Assert.Contains("Missing required argument", all);
        Assert.Contains("Did you mean", all);
    }

    [Fact]
    public async Task Rules_and_the_log_see_the_tool_that_was_meant_and_a_denied_one_is_not_found()
    {
        var sink = new CollectingSink();
        var model = new ScriptedModel(
            ScriptedReply.Calls(("CallTool", """{"name":"weather_01","arguments":{"place":"Oslo"}}"""), ("CallTool", """{"name":"weather_02","arguments":{"place":"Oslo"}}""")),
            ScriptedReply.Calls(("ToolSearch", """{"query":"select:weather_01,weather_02"}""")), ScriptedReply.Text("Done."));
        await using var harness = await StartAsync(Request() with { Model = model, Deny = ["weather_01"], Sinks = [sink] });
        var result = await harness.Session.RunAsync("Go.", TestContext.Current.CancellationToken);
        Assert.Equal("weather_01", Assert.Single(result.Denied).Tool);
        Assert.Equal(["weather_02", "ToolSearch"], sink.Events.OfType<Recorded>().Select(one => one.Event).OfType<ToolReturned>().Where(one => one.Outcome is CallOutcome.Completed).Select(one => one.Tool));
        Assert.Equal(["weather_02"], Assert.Single(sink.Events.OfType<Recorded>().Select(one => one.Event).OfType<ToolsLoaded>()).Names);
        Assert.DoesNotContain("weather_01", model.Requests[0].System);
    }

    [Fact]
    public async Task What_was_loaded_is_told_again_after_a_compaction()
    {
        var model = new ScriptedModel(
            [ScriptedReply.Calls(("ToolSearch", """{"query":"select:weather_03"}""")), .. Enumerable.Repeat(ScriptedReply.Calls(("CallTool", """{"name":"weather_03","arguments":{"place":"Oslo"}}""")), 8), ScriptedReply.Text("Done."), ScriptedReply.Text("More.")]);
        await using var harness = await StartAsync(Request() with { Model = model });
        await harness.Session.RunAsync("Go.", TestContext.Current.CancellationToken);
        Assert.NotNull(await harness.CompactAsync(null, TestContext.Current.CancellationToken));
        await harness.Session.RunAsync("Go on.", TestContext.Current.CancellationToken);
        Assert.Equal(model.Requests[0].System, model.Requests[^1].System);
        Assert.Equal(1, Said(model.Requests[^1]).Split("<tool name=\"weather_03\">").Length - 1);
        Assert.Equal(1, Said(model.Requests[^2]).Split("<tool name=\"weather_03\">").Length - 1);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, true)]
    public async Task With_more_tools_than_the_setting_says_some_are_left_out(int beside, bool left)
    {
        var whole = ContextOverview.Of(Request() with { Settings = """{ "toolSearchOver": 1000 }""" }).Overview!.Parts.Where(part => part.Kind is "tool").Select(part => part.Source).ToList();
        var most = whole.Count + beside;
        var model = new ScriptedModel(ScriptedReply.Text("Done."));
        var request = Request() with { Model = model, Settings = $$"""{ "toolSearchOver": {{most}} }""" };
        var (overview, _) = ContextOverview.Of(request);
        await using var harness = await StartAsync(request);
        await harness.Session.RunAsync("Go.", TestContext.Current.CancellationToken);
        var shown = model.Requests[0].Tools.Select(tool => tool.Name).ToList();
        Assert.Equal((!left, left, !left, true), (shown.Contains("weather_01"), shown.Contains("ToolSearch"), shown.Contains("WebFetch"), shown.Contains("always")));
        Assert.Equal(overview!.Parts.Where(part => part.Kind is "tool").Select(part => part.Source), shown);
        Assert.Equal(left ? whole.Except(shown) : [], overview.Deferred.Select(part => part.Source));
        Assert.Equal(left, overview.Parts.Any(part => part.Kind is ToolOffer.Part));
    }

    [Fact]
    public async Task A_tool_that_appears_later_is_told_once_and_can_be_found()
    {
        var source = new Growing([.. Tools()]);
        var offer = new ToolOffer();
        var set = offer.Decide(new ToolSet([], [source, offer]), 10);
        var words = Assert.Single(offer.Prompt(new(new() { Root = "/", Home = "/" }))).Text;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(words)));
        var transcript = new Transcript();
        transcript.Apply(new Recorded(1, default, new RunId("1"), new ModelRequested("m", "a", [new RequestPart(ToolOffer.Part, "bridle", hash, 1)], 0, null, ToolCalling.Native)));
        var guide = offer.Guides.Single(one => one.Name is "changed tools");
        Assert.Empty(await guide.Speak(new GuideMoment(transcript, ""), default));
        source.Tools = [.. source.Tools, new Weather("mcp__new__tool", 1)];
        Assert.Contains("mcp__new__tool", Assert.Single(await guide.Speak(new GuideMoment(transcript, ""), default)).Text);
        Assert.False(offer.Shows("mcp__new__tool"));
        Assert.NotNull(set.Resolve("mcp__new__tool"));
        Assert.Contains(offer.Deferred, tool => tool.Name is "mcp__new__tool");
    }

    private static async Task<Harness> StartAsync(HarnessRequest request) => Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;

    private HarnessRequest Request() => new(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!), ("LAB_KEY", "k")), Work) { InMemory = true, ExtraTools = [.. Tools()] };

    private static IEnumerable<Tool> Tools() => Enumerable.Range(0, 60).Select(i => new Weather($"weather_{i:00}", i)).Append(new Weather("always", 99, always: true));

    private static string Said(ModelRequest request) => string.Concat(request.Messages.SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text));

    private sealed class Growing(IReadOnlyList<Tool> tools) : IToolSource
    {
        public IReadOnlyList<Tool> Tools { get; set; } = tools;
    }

    private sealed class Weather(string name, int number, bool always = false) : Tool
    {
        private static readonly JsonElement s_schema = JsonDocument.Parse("""{"type":"object","properties":{"place":{"type":"string"}},"required":["place"],"additionalProperties":false}""").RootElement;

        public override ToolDefinition Definition { get; } = new(name, $"Weather of a place, kind {number}.", s_schema, ToolKind.Meta, ToolEffect.Repeatable, true) { AlwaysShown = always };

        public override BindOutcome Bind(JsonElement arguments) => new SchemaBinder(s_schema).Bind(arguments);

        public override ValueTask<ToolResult> RunAsync(ToolInput input, CallScope scope, CancellationToken cancellationToken) =>
            ValueTask.FromResult(ToolResult.Completed($"{input.Json.GetProperty("place").GetString()} is sunny ({number:00})"));
    }
}
