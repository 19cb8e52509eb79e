using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Journal;
using Bridle.Permissions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Providers;

/// <summary>One vendor in the place of another in the middle of a conversation, over real connections: what each is sent must be a history that it takes.</summary>
public sealed class FallbackTests : IDisposable
{
    private static readonly string[] s_apis = ["openai", "openai-responses", "anthropic", "gemini", "ollama"];
    private static readonly FakeTurn s_overloaded = new() { Fault = new FakeFault.Status(503, "overloaded") { Headers = new Dictionary<string, string> { ["retry-after"] = "3600" } } };
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Pairs => [.. s_apis.SelectMany(one => s_apis.Where(other => other != one).Select(other => (one, other)))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task A_turn_that_changes_its_vendor_and_comes_back_sends_each_a_history_that_it_takes_and_no_ones_reasoning_to_another(string one, string other)
    {
        await using var first = Vendor(one,
            FakeTurn.Call("Ls", "{}") with { Reasoning = "secret thought of the first" }, s_overloaded, FakeTurn.Say("Back again."));
        await using var second = Vendor(other,
            FakeTurn.Call("Ls", """{"path":"."}""") with { Reasoning = "secret thought of the second" }, FakeTurn.Say("Listed."));
        await using var harness = await StartAsync(one, first, other, second);
        var result = await harness.Session.RunAsync("list the files", Token);
        Assert.True(result.Outcome is TurnOutcome.Completed, $"{result.Error} {string.Join(' ', second.Refusals)}");
        Assert.Equal(("Listed.", "second/n"), (result.Answer, result.Model));
        var back = await harness.Session.RunAsync("and again", Token);
        Assert.Equal(("Back again.", "first/m"), (back.Answer, back.Model));
        Assert.Empty(first.Refusals.Concat(second.Refusals));
        Assert.Equal((3, 2), (first.Bodies.Count, second.Bodies.Count));
        Assert.DoesNotContain(second.Bodies, body => body.GetRawText().Contains("thought of the first", StringComparison.Ordinal));
        Assert.DoesNotContain(first.Bodies, body => body.GetRawText().Contains("thought of the second", StringComparison.Ordinal));
        Assert.Equal([null, "second/n", "second/n", null], Records(harness).OfType<ModelReplied>().Select(replied => replied.By));
        Assert.Equal("first/m", (await File.ReadAllTextAsync(At("home/.local/state/bridle/previous_model_name"), Token)).Trim());
    }

    [Fact]
    public async Task A_session_that_died_while_another_stood_in_goes_on_with_the_first()
    {
        using var dying = new CancellationTokenSource();
        await using var first = Vendor("anthropic", s_overloaded, FakeTurn.Say("I am here."));
        await using var second = new FakeOpenAiChat
        {
            Script = (_, _) =>
            {
                // What a process leaves that is killed at this moment.
                foreach (var file in Directory.EnumerateFiles(At("home"), "*", SearchOption.AllDirectories))
                {
                    var copy = file.Replace(At("home"), At("killed"), StringComparison.Ordinal);
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    File.WriteAllBytes(copy, BytesOf(file));
                    File.SetUnixFileMode(copy, File.GetUnixFileMode(file));
                }

                dying.Cancel();
                return new FakeTurn { Text = ["half"], Fault = new FakeFault.Stall() };
            },
        };
        string name;
        await using (var harness = await StartAsync("anthropic", first, "openai", second))
        {
            name = harness.Name;
            Assert.Equal(TurnOutcome.Interrupted, (await harness.Session.RunAsync("hello", dying.Token)).Outcome);
        }

        Directory.Delete(At("home"), recursive: true);
        Directory.Move(At("killed"), At("home"));
        await using var again = await StartAsync("anthropic", first, "openai", second, name);
        var result = await again.Session.RunAsync([], "", Token);
        Assert.Equal(("I am here.", "first/m"), (result.Answer, result.Model));
        Assert.Single(Records(again).OfType<ModelStoodIn>());
        Assert.Empty(first.Refusals);
    }

    // Past the lock that the writer holds.
    private static byte[] BytesOf(string file)
    {
        using var cat = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("cat", [file]) { RedirectStandardOutput = true })!;
        using var bytes = new MemoryStream();
        cat.StandardOutput.BaseStream.CopyTo(bytes);
        return bytes.ToArray();
    }

    [Fact]
    public async Task Every_failed_try_is_made_before_another_is_asked()
    {
        await using var first = Vendor("openai", [.. Enumerable.Repeat(new FakeTurn { Fault = new FakeFault.Status(429, "slow down") { Headers = new Dictionary<string, string> { ["retry-after"] = "0" } } }, 5)]);
        await using var second = Vendor("gemini", FakeTurn.Say("Here."));
        await using var harness = await StartAsync("openai", first, "gemini", second);
        Assert.Equal("Here.", (await harness.Session.RunAsync("hello", Token)).Answer);
        Assert.Equal(5, first.Bodies.Count);
        Assert.Equal("rate_limit", Records(harness).OfType<ModelStoodIn>().Single().Why);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(400)]
    [InlineData(404)]
    public async Task A_key_or_a_request_that_is_refused_is_not_taken_elsewhere(int status)
    {
        await using var first = Vendor("openai", FakeTurn.Fail(status, "no"));
        await using var second = Vendor("gemini");
        await using var harness = await StartAsync("openai", first, "gemini", second);
        Assert.Equal(TurnOutcome.ModelFailed, (await harness.Session.RunAsync("hello", Token)).Outcome);
        Assert.Empty(second.Bodies);
    }

    [Fact]
    public async Task A_fallback_that_cannot_be_used_is_said_at_the_start_and_left_out()
    {
        await using var first = Vendor("openai", FakeTurn.Say("Fine."));
        await using var harness = await StartAsync("openai", first, "gemini", first, fallbacks: "[\"third/x\", \"second/n\"]");
        Assert.Contains(harness.Notices, notice => notice.StartsWith("The fallback model 'third/x' cannot be used: There is no key for 'third'", StringComparison.Ordinal));
        Assert.Equal("Fine.", (await harness.Session.RunAsync("hello", Token)).Answer);
    }

    [Fact]
    public async Task A_flag_takes_the_place_of_the_settings_chain()
    {
        await using var first = Vendor("openai", s_overloaded);
        await using var second = Vendor("gemini");
        await using var harness = await StartAsync("openai", first, "gemini", second, flag: []);
        Assert.Equal(TurnOutcome.ModelFailed, (await harness.Session.RunAsync("hello", Token)).Outcome);
        Assert.Empty(second.Bodies);
    }

    private string At(string path) => Path.Combine(_folder.Path, path);

    private List<DurableEvent> Records(Harness harness) =>
        [.. new SessionStore(At("home/.local/share/bridle"), At("home/.local/state/bridle")).Read(harness.Name).Journal.Read().Select(record => record.Event)];

    private async Task<Harness> StartAsync(string one, FakeVendor first, string other, FakeVendor second, string? resume = null, string fallbacks = "[\"second/n\"]", IReadOnlyList<string>? flag = null)
    {
        var home = At("home");
        Directory.CreateDirectory(Path.Combine(home, ".config/bridle"));
        Directory.CreateDirectory(At("work"));
        await File.WriteAllTextAsync(Path.Combine(home, ".config/bridle/settings.json"), $$"""
            { "model": "first/m", "fallbackModel": {{fallbacks}}, "providers": {
                "first": { "api": "{{one}}", "baseUrl": "{{first.Url}}", "apiKey": "k1" }, "second": { "api": "{{other}}", "baseUrl": "{{second.Url}}", "apiKey": "k2" }, "third": { "api": "openai", "baseUrl": "{{first.Url}}", "keyEnv": "NOWHERE" } } }
            """, Token);
        var environment = new HostEnvironment(new Dictionary<string, string>(), home, At("work"), HostPlatform.Linux) { ManagedFolder = At("managed") };
        var start = await Composition.StartAsync(new(environment, At("work")) { SessionName = resume, Resume = resume is not null, Sandbox = "off", FallbackModels = flag, Approver = new TestApprover() }, Token);
        return Assert.IsType<HarnessStarted>(start).Harness;
    }

    private static FakeVendor Vendor(string api, params FakeTurn[] turns)
    {
        FakeVendor vendor = api switch
        {
            "openai" => new FakeOpenAiChat(),
            "openai-responses" => new FakeOpenAiResponses(),
            "anthropic" => new FakeAnthropic(),
            "gemini" => new FakeGemini(),
            _ => new FakeOllama(),
        };
        vendor.Add(turns);
        return vendor;
    }
}
