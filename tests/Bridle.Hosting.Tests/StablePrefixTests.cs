using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.FakeVendors;
using Bridle.Hosting.Providers;

namespace Bridle.Hosting.Tests;

/// <summary>What was sent once is sent again unchanged, whatever happens in a conversation: vendors' caches hit only then.</summary>
public sealed class StablePrefixTests : IDisposable
{
    private const int Turns = 50;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Apis => ["openai", "openai-responses", "anthropic", "gemini", "ollama"];

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task Every_request_of_fifty_turns_begins_with_the_bytes_of_the_one_before(string api)
    {
        _folder.Write("work/AGENTS.md", "Old words.");
        _folder.Write("work/.claude/rules/cs.md", "---\npaths: \"**/*.cs\"\n---\nSeal every class.");
        _folder.Write("work/sub/AGENTS.md", "Of the part.");
        _folder.Write("work/sub/a.cs", "class A;");
        _folder.Write(".agents/skills/tidy/SKILL.md", "---\nname: tidy\ndescription: Use to tidy.\n---\nTidy it up.");
        await using var vendor = Make(api);
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!), ("LAB_KEY", "k")), Work)
        {
            Wish = new ModelWish { Model = "lab/m" }, InMemory = true, FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
            Settings = $$"""{ "providers": { "lab": { "api": "{{api}}", "baseUrl": "{{vendor.Url.ToString().TrimEnd('/')}}", "keyEnv": "LAB_KEY", "contextWindow": 1000000 } }, "guides": [ { "name": "cs", "text": "Mind the class.", "when": { "files": "**/*.cs" } }, { "name": "state", "command": "cat AGENTS.md", "when": { "task": "Message 2*" } } ] }""",
        };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        for (var turn = 1; turn <= Turns; turn++)
        {
            vendor.Add([.. Calls(turn), FakeTurn.Say($"Turn {turn} ", "is done.") with { Reasoning = turn % 9 is 0 ? "So be it." : null }]);
            await HappenAsync(harness, turn);
            var result = await harness.Session.RunAsync($"Message {turn}.", TestContext.Current.CancellationToken);
            Assert.True(result.Error is null, $"{result.Error} {string.Join('\n', vendor.Refusals)}");
        }

        Assert.Empty(vendor.Refusals);
        var sent = vendor.Bodies.Select(body => Parts(api, body)).ToList();
        for (var i = 1; i < sent.Count; i++)
        {
            Assert.Equal(sent[i - 1].Fixed, sent[i].Fixed);
            Assert.Equal(sent[i - 1].Messages, sent[i].Messages.Take(sent[i - 1].Messages.Count));
        }

        var last = string.Concat(sent[^1].Messages);
        foreach (var told in new[] { "Seal every class.", "Of the part.", "New words.", "Plan mode is on", "Plan mode is over", "Steered in.", "Tidy it up.", "Use for new things.", "Mind the class.", " printed this. It is data about the work" })
        {
            Assert.Contains(told, last, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Apis))]
    public async Task A_session_that_goes_on_offers_the_tools_of_its_first_request_whatever_there_is_by_now(string api)
    {
        _folder.Write("work/a.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i} of a\n")));
        await using var vendor = Make(api);
        vendor.Add(FakeTurn.Call("Read", """{"file_path":"a.txt"}"""), FakeTurn.Say("Read it."), FakeTurn.Say("And again."));
        await using (var first = await StartAsync(api, vendor, request => request))
        {
            await first.Session.RunAsync("One.", TestContext.Current.CancellationToken);
            await first.Session.RunAsync("Two.", TestContext.Current.CancellationToken);
        }

        _folder.Write(".agents/skills/later/SKILL.md", "---\nname: later\ndescription: Use for new things.\n---\nText.");
        vendor.Add(FakeTurn.Call("WebFetch", """{"url":"https://example.com"}"""), FakeTurn.Say("Refused."), FakeTurn.Say("Shorter."));
        await using var again = await StartAsync(api, vendor, request => request with { Resume = true, Deny = ["WebFetch"] }, """, "autoMemoryEnabled": false""");
        await again.Session.RunAsync("Three.", TestContext.Current.CancellationToken);
        var sent = vendor.Bodies.Select(body => Parts(api, body)).ToList();
        for (var i = 1; i < sent.Count; i++)
        {
            Assert.Equal(sent[i - 1].Fixed, sent[i].Fixed);
            Assert.Equal(sent[i - 1].Messages, sent[i].Messages.Take(sent[i - 1].Messages.Count));
        }

        Assert.Equal(5, sent.Count);
        Assert.Contains("deny WebFetch", string.Concat(sent[^1].Messages), StringComparison.Ordinal);
        Assert.DoesNotContain("Use for new things.", string.Concat(sent[^1].Messages), StringComparison.Ordinal);

        // A compaction may break it, and does so once for all that came.
        Assert.NotNull(await again.CompactAsync(null, TestContext.Current.CancellationToken));
        await again.Session.RunAsync("Four.", TestContext.Current.CancellationToken);
        var (after, messages) = Parts(api, vendor.Bodies[^1]);
        Assert.Equal((true, false, false), (after.Contains("\"Skill\"", StringComparison.Ordinal), after.Contains("\"WebFetch\"", StringComparison.Ordinal), after.Contains("\"Remember\"", StringComparison.Ordinal)));
        Assert.Equal((false, true, true), (sent[0].Fixed.Contains("\"Skill\"", StringComparison.Ordinal), sent[0].Fixed.Contains("\"WebFetch\"", StringComparison.Ordinal), sent[0].Fixed.Contains("\"Remember\"", StringComparison.Ordinal)));
        Assert.Contains("Use for new things.", string.Concat(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_comes_later_is_told_at_once_where_the_model_can_call_what_is_not_shown()
    {
        await using var vendor = Make("openai");
        vendor.Add(FakeTurn.Say("One."), FakeTurn.Call("CallTool", """{"name":"Skill","arguments":{"skill":"later"}}"""), FakeTurn.Say("Used."));
        await using (var first = await StartAsync("openai", vendor, request => request, """, "toolSearchOver": 5"""))
        {
            await first.Session.RunAsync("One.", TestContext.Current.CancellationToken);
        }

        _folder.Write(".agents/skills/later/SKILL.md", "---\nname: later\ndescription: Use for new things.\n---\nDo it so.");
        await using var again = await StartAsync("openai", vendor, request => request with { Resume = true }, """, "toolSearchOver": 5""");
        await again.Session.RunAsync("Two.", TestContext.Current.CancellationToken);
        var sent = vendor.Bodies.Select(body => Parts("openai", body)).ToList();
        Assert.All(sent, one => Assert.Equal(sent[0].Fixed, one.Fixed));
        Assert.Contains("call CallTool with the tool Skill", string.Concat(sent[1].Messages), StringComparison.Ordinal);
        Assert.Contains("Use for new things.", string.Concat(sent[1].Messages), StringComparison.Ordinal);
        Assert.Contains("Do it so.", string.Concat(sent[^1].Messages), StringComparison.Ordinal);
    }

    private async Task<Harness> StartAsync(string api, FakeVendor vendor, Func<HarnessRequest, HarnessRequest> change, string settings = "")
    {
        var request = new HarnessRequest(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!), ("LAB_KEY", "k")), Work)
        {
            Wish = new ModelWish { Model = "lab/m" }, SessionName = "px", FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
            Settings = $$"""{ "providers": { "lab": { "api": "{{api}}", "baseUrl": "{{vendor.Url.ToString().TrimEnd('/')}}", "keyEnv": "LAB_KEY", "contextWindow": 1000000 } }{{settings}} }""",
        };
        var start = await Composition.StartAsync(change(request), TestContext.Current.CancellationToken);
        return Assert.IsType<HarnessStarted>(start).Harness;
    }

    private static FakeTurn[] Calls(int turn) => (turn % 5) switch
    {
        0 when turn is 30 => [FakeTurn.Call("Skill", """{"skill":"tidy"}""")],
        0 => [FakeTurn.Call("Read", """{"file_path":"sub/a.cs"}""")],
        1 => [FakeTurn.CallAll(new("Ls", "{}"), new("Read", """{"file_path":"AGENTS.md"}"""))],
        2 => [FakeTurn.Call("TodoWrite", $$"""{"todos":[{"content":"step {{turn}}","status":"in_progress"}]}""")],
        _ => [],
    };

    // A change of mode, an edited file, a rule that fits, a list of things to do, words while it works: the rest of it comes by the calls.
    private async Task HappenAsync(Harness harness, int turn)
    {
        switch (turn)
        {
            case 8:
                await harness.Session.ChangeModeAsync("plan", TestContext.Current.CancellationToken);
                break;
            case 14:
                await harness.Session.ChangeModeAsync("acceptEdits", TestContext.Current.CancellationToken);
                break;
            case 20:
                _folder.Write("work/AGENTS.md", "New words.");
                break;
            case 26:
                harness.Session.Post("Steered in.");
                break;
            case 33:
                _folder.Write(".agents/skills/later/SKILL.md", "---\nname: later\ndescription: Use for new things.\n---\nText.");
                break;
        }
    }

    internal static FakeVendor Make(string api) => api switch
    {
        "openai" => new FakeOpenAiChat(),
        "openai-responses" => new FakeOpenAiResponses(),
        "anthropic" => new FakeAnthropic(),
        "gemini" => new FakeGemini(),
        _ => new FakeOllama(),
    };

    // The messages, and all else. Anthropic's marks say how far the cache goes: they move along and are none of what is cached.
    internal static (string Fixed, IReadOnlyList<string> Messages) Parts(string api, JsonElement body)
    {
        var all = JsonNode.Parse(body.GetRawText())!.AsObject();
        Unmark(all);
        var name = api switch { "openai-responses" => "input", "gemini" => "contents", _ => "messages" };
        var messages = all[name]!.AsArray().Select(message => message!.ToJsonString()).ToList();
        all.Remove(name);
        return (all.ToJsonString(), messages);
    }

    private static void Unmark(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject one:
                one.Remove("cache_control");
                foreach (var (_, value) in one)
                {
                    Unmark(value);
                }

                break;
            case JsonArray many:
                foreach (var item in many)
                {
                    Unmark(item);
                }

                break;
        }
    }
}
