using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Models;
using Bridle.Sandboxing;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Sandboxes;

/// <summary>Every key of <c>sandbox</c> with what a command notices of it. A key that is ignored turns its test red.</summary>
public sealed class SandboxSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectingSink _sink = new();

    public SandboxSettingsTests() => Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    public void Dispose() => _folder.Dispose();

    private HarnessRequest Request(string command, string arguments = "") => new(_folder.Environment(("PATH", Environment.GetEnvironmentVariable("PATH")!)), Work)
    {
        ConfinedUnasked = true,
        Model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{"command":"{{System.Text.Json.JsonEncodedText.Encode(command)}}"{{arguments}}}""")), ScriptedReply.Text("done")),
        Sinks = [_sink], FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
    };

    private async Task<string> RunAsync(HarnessRequest request)
    {
        var start = await Composition.StartAsync(request, TestContext.Current.CancellationToken);
        await using var harness = Assert.IsType<HarnessStarted>(start).Harness;
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        return string.Join('\n', harness.Session.Transcript.Messages.SelectMany(message => message.Parts).OfType<Messages.ToolResultPart>().SelectMany(part => part.Content).OfType<Messages.TextPart>().Select(part => part.Text));
    }

    private Task<string> RunAsync(string settings, string command, string arguments = "")
    {
        _folder.Write(".config/bridle/settings.json", settings);
        return RunAsync(Request(command, arguments));
    }

    private IEnumerable<T> Recorded<T>()
        where T : DurableEvent => _sink.Events.OfType<Recorded>().Select(one => one.Event).OfType<T>();

    private string Isolation() => Recorded<ToolStarted>().Last().Isolation;

    [Fact]
    public async Task It_is_on_by_default_and_the_record_says_by_what()
    {
        var said = await RunAsync("{}", "touch /etc/bridle-x || echo refused");

        Assert.Contains("refused", said, StringComparison.Ordinal);
        Assert.StartsWith("bubblewrap: changes only the workspace", Isolation(), StringComparison.Ordinal);
        Assert.StartsWith("bubblewrap: ", Recorded<RunStarted>().Last().Isolation, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_host_is_told_to_the_call_that_asked_for_it_and_what_runs_behind_it_is_named_apart()
    {
        Assert.SkipUnless(NetDoor.IsPresent, "No network door for this kind of machine.");
        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "network": { "allowedDomains": ["good.invalid"] } } }""");
        const string Behind = "for i in $(seq 400); do [ -e go ] && break; sleep 0.05; done; curl -s -o /dev/null http://behind.invalid/; touch gone";
        const string Before = "curl -s -o /dev/null http://before.invalid/; touch go; for i in $(seq 400); do [ -e gone ] && break; sleep 0.05; done; echo end";
        var request = Request("") with
        {
            Model = new ScriptedModel(
                ScriptedReply.Calls(("Bash", $$"""{"command":"{{System.Text.Json.JsonEncodedText.Encode(Behind)}}","run_in_background":true}""")),
                ScriptedReply.Calls(("Bash", $$"""{"command":"{{System.Text.Json.JsonEncodedText.Encode(Before)}}"}""")), ScriptedReply.Text("done")),
        };

        var said = await RunAsync(request);

        Assert.Matches("end\n?\n\\[The sandbox kept the command from these hosts:\n[^\n]*before\\.invalid[^\n]*\\]\n\\[Meanwhile the sandbox kept commands in the background from these hosts:\n[^\n]*behind\\.invalid", said);
    }

    [Fact]
    public async Task The_record_of_a_call_that_Bridle_carries_out_itself_does_not_claim_the_sandbox()
    {
        var request = Request("") with { Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"a","content":"x"}""")), ScriptedReply.Text("done")) };

        await RunAsync(request);

        Assert.True(File.Exists(Path.Combine(Work, "a")));
        Assert.StartsWith("bridle: files by handle", Isolation(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "permissions": { "additionalDirectories": ["../other"] } }""")]
    [InlineData("""{ "sandbox": { "filesystem": { "allowWrite": ["../other"] } } }""")]
    public async Task A_repository_in_another_folder_that_is_opened_is_protected_as_the_workspace_is(string settings)
    {
        var hook = _folder.Write("other/.git/hooks/post-checkout", "honest");
        var nested = _folder.Write("other/lib/.git/config", "honest");
        var said = await RunAsync(settings, "cd ../other; echo yes > made; g=$(printf .%s git); sh -c \"echo x > $g/hooks/post-checkout; echo x > lib/$g/config; cp -r $g gone\"");

        Assert.True(File.Exists(Path.Combine(_folder.Path, "other/made")), said);
        Assert.Equal(("honest", "honest"), (File.ReadAllText(hook), File.ReadAllText(nested)));
        Assert.True(Path.Exists(Path.Combine(_folder.Path, "other/gone/hooks")), said);
    }

    [Theory]
    [InlineData("""{ "sandbox": { "enabled": false } }""")]
    [InlineData("""{ "sandbox": { "backend": "none" } }""")]
    public async Task It_can_be_switched_off_and_then_nothing_is_allowed_for_it(string settings)
    {
        var said = await RunAsync(settings, "touch a");

        Assert.Contains("Permission denied", said, StringComparison.Ordinal);
        Assert.Equal("none: switched off in settings; runs as you, on this machine", Recorded<RunStarted>().Last().Isolation);
    }

    [Fact]
    public async Task Where_no_backend_works_and_none_was_named_nothing_is_confined_and_that_is_said()
    {
        var request = Request("true") with { Sandboxes = [PretendSandbox.Broken("it is broken.")] };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;

        Assert.Contains(harness.Notices, notice => notice.StartsWith("Commands are not confined:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", Verdict.Ask)]
    [InlineData("""{ "sandbox": { "autoAllow": true } }""", Verdict.Allow)]
    [InlineData("""{ "sandbox": { "autoAllow": true, "enabled": false } }""", Verdict.Ask)]
    public void What_is_explained_is_what_a_session_there_would_do(string settings, Verdict verdict)
    {
        _folder.Write(".config/bridle/settings.json", settings);
        var overview = PermissionOverview.Read(Request("true") with { ConfinedUnasked = false }).Overview!;

        Assert.Equal(verdict, overview.Policy.Explain(overview.CallOf("Bash(touch a)").Call!).Judgement.Verdict);
    }

    [Fact]
    public async Task A_backend_that_is_named_and_not_here_refuses_the_start()
    {
        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "backend": "seatbelt" } }""");

        Assert.Equal("sandbox", Assert.IsType<HarnessRefused>(await Composition.StartAsync(Request("true"), TestContext.Current.CancellationToken)).Kind);
    }

    [Fact]
    public async Task A_demanded_sandbox_that_cannot_start_refuses_the_start()
    {
        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "required": true } }""");

        var refused = Assert.IsType<HarnessRefused>(await Composition.StartAsync(Request("true") with { Sandboxes = [PretendSandbox.Broken("it is broken.")] }, TestContext.Current.CancellationToken));

        Assert.Equal("sandbox", refused.Kind);
        Assert.Contains("pretend: it is broken", refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, ".local/share/bridle/sessions")));
    }

    [Fact]
    public async Task Without_demand_a_sandbox_that_cannot_start_is_said()
    {
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(Request("true") with { Sandboxes = [PretendSandbox.Broken("it is broken.")] }, TestContext.Current.CancellationToken)).Harness;

        Assert.Contains(harness.Notices, notice => notice.Contains("it is broken", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Auto_allow_is_on_where_nobody_is_there_and_off_where_somebody_is()
    {
        Assert.DoesNotContain("Permission denied", await RunAsync("{}", "touch made"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(Work, "made")));

        Assert.Contains("Permission denied", await RunAsync("""{ "sandbox": { "autoAllow": false } }""", "touch not-made"), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Work, "not-made")));

        var approver = new TestApprover();
        _folder.Write(".config/bridle/settings.json", "{}");
        await RunAsync(Request("touch asked") with { Approver = approver, ConfinedUnasked = false });
        Assert.Single(approver.Prompts);

        _folder.Write(".config/bridle/settings.json", """{ "sandbox": { "autoAllow": true } }""");
        await RunAsync(Request("touch unasked") with { Approver = approver, ConfinedUnasked = false });
        Assert.Single(approver.Prompts);
        Assert.True(File.Exists(Path.Combine(Work, "unasked")));
    }

    [Fact]
    public async Task A_command_that_nobody_was_asked_about_reaches_no_host_that_settings_open_and_one_that_a_rule_allows_does()
    {
        const string Open = "\"sandbox\": { \"toolchains\": [], \"network\": { \"allowedDomains\": [\"*\"] } }";

        var said = await RunAsync($"{{ {Open} }}", "curl -sS -m 20 http://example.invalid/");
        Assert.Contains("example.invalid:80 was not reached: no network rule names it. Nobody was asked about this command", said, StringComparison.Ordinal);
        Assert.Contains("; no network; ", Isolation(), StringComparison.Ordinal);
        Assert.Equal("It runs confined to the workspace with no network (sandbox.autoAllow).", Recorded<CallJudged>().Last().Reason);

        await RunAsync($$"""{ {{Open}}, "permissions": { "allow": ["Bash(true)"] } }""", "true");
        Assert.Contains("; network only to *; ", Isolation(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_fetches_packages_unasked_reaches_the_registries_of_its_toolchain_alone()
    {
        await RunAsync("""{ "sandbox": { "toolchains": ["go", "npm"], "network": { "allowedDomains": ["docs.example"] } } }""", "go list");

        Assert.Contains("; network only to proxy.golang.org, sum.golang.org; ", Isolation(), StringComparison.Ordinal);
        Assert.Contains("no network but the package registries of go (", Recorded<CallJudged>().Last().Reason, StringComparison.Ordinal);
        var overview = PermissionOverview.Read(Request("true")).Overview!;
        Assert.Equal(Recorded<CallJudged>().Last().Reason, overview.Explain(overview.CallOf("Bash(go list)").Call!).Judgement.Reason);
    }

    [Theory]
    [InlineData(",\"sandbox\":\"off\"")]
    [InlineData(",\"dangerouslyDisableSandbox\":true")]
    public async Task Asking_to_run_without_it_always_needs_a_person(string arguments)
    {
        Assert.Contains("It asks to run without confinement", await RunAsync("{}", "touch free", arguments), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Work, "free")));

        var outside = Path.Combine(_folder.Path, "outside");
        await RunAsync(Request($"echo x > {outside}", arguments) with { Approver = TestApprover.Yes(), ConfinedUnasked = false });

        Assert.True(File.Exists(outside));
        Assert.StartsWith("none: asked to run without the sandbox", Isolation(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allowUnconfined", "touch:*", true)]
    [InlineData("excludedCommands", "touch:*", true)]
    [InlineData("allowUnconfined", "Bash(touch free)", true)]
    [InlineData("allowUnconfined", "touch other", false)]
    public async Task A_command_that_is_named_for_it_runs_without_the_sandbox_unasked_when_the_model_asks_for_that(string key, string command, bool runs)
    {
        var said = await RunAsync($$"""{ "sandbox": { "{{key}}": ["{{command}}"] } }""", "touch free", ",\"sandbox\":\"off\"");

        Assert.Equal(runs, File.Exists(Path.Combine(Work, "free")));
        Assert.Equal(!runs, said.Contains("It asks to run without confinement", StringComparison.Ordinal));
        if (runs)
        {
            Assert.StartsWith("none: asked to run without the sandbox", Isolation(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_may_run_without_the_sandbox_still_runs_in_it_when_nobody_asks_otherwise_and_a_rule_for_the_command_alone_frees_nothing()
    {
        await RunAsync("""{ "sandbox": { "allowUnconfined": ["touch:*"] } }""", "touch held");
        Assert.StartsWith("bubblewrap: ", Isolation(), StringComparison.Ordinal);

        var said = await RunAsync("""{ "permissions": { "allow": ["Bash(touch:*)"] } }""", "touch free", ",\"sandbox\":\"off\"");
        Assert.Contains("It asks to run without confinement", said, StringComparison.Ordinal);

        Assert.Contains("The person can name the command in sandbox.allowUnconfined in their own settings ('touch free')", said, StringComparison.Ordinal);

        said = await RunAsync("""{ "permissions": { "deny": ["Bash(touch:*)"] }, "sandbox": { "allowUnconfined": ["touch:*"] } }""", "touch free", ",\"sandbox\":\"off\"");
        Assert.Contains("deny Bash(touch:*)", said, StringComparison.Ordinal);

        said = await RunAsync("""{ "sandbox": { "allowUnconfined": ["touch:*"] } }""", "touch free && rm -rf ~", ",\"sandbox\":\"off\"");
        Assert.Contains("Permission denied", said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Work, "free")));
    }

    [Fact]
    public async Task Where_there_is_no_sandbox_at_all_asking_for_none_is_not_refused_in_mode_bypass()
    {
        await RunAsync(Request("touch free", ",\"sandbox\":\"off\"") with { Sandbox = "off", Mode = "bypass" });

        Assert.True(File.Exists(Path.Combine(Work, "free")));
        Assert.StartsWith("none: ", Isolation(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_tells_the_model_what_it_may_ask_for_and_nothing_is_run_again()
    {
        var said = await RunAsync("{}", "echo x >> count; touch /etc/bridle-x");

        Assert.Contains("sandbox: \"off\"", said, StringComparison.Ordinal);
        Assert.Equal("x\n", File.ReadAllText(Path.Combine(Work, "count")));
    }

    [Fact]
    public async Task Folders_beside_the_workspace_can_be_opened_and_folders_in_it_closed()
    {
        var (beside, closed) = (Directory.CreateDirectory(Path.Combine(_folder.Path, "beside")).FullName, Directory.CreateDirectory(Path.Combine(Work, "closed")).FullName);
        await RunAsync($$$"""{ "sandbox": { "filesystem": { "allowWrite": ["{{{beside}}}"], "denyWrite": ["closed"] } } }""", $"echo x > {beside}/a; echo x > closed/a");

        Assert.True(File.Exists(Path.Combine(beside, "a")));
        Assert.Empty(Directory.EnumerateFiles(closed));
    }

    [Fact]
    public async Task Folders_can_be_hidden_and_built_in_ones_shown()
    {
        _folder.Write("private/note", "hush");
        _folder.Write(".aws/config", "cloud");
        var look = $"HOME={_folder.Path}; x=.a; cat ~/private/note ~/${{x}}ws/config";

        // Named as writable so that they are seen at all: the home of this test lies in /tmp.
        Task<string> With(string more) => RunAsync($$"""{ "sandbox": { "filesystem": { "allowWrite": ["~/private", "~/.aws"]{{more}} } } }""", look);

        var plain = await With("");
        Assert.Contains("hush", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("cloud", plain, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", await With(""", "denyRead": ["~/private"]"""), StringComparison.Ordinal);
        Assert.Contains("cloud", await With(""", "allowRead": ["~/.aws"]"""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("processes", "30", "ulimit -u", "30")]
    [InlineData("memoryMb", "100", "ulimit -d", "102400")]
    [InlineData("cpuSeconds", "7", "ulimit -t", "7")]
    [InlineData("openFiles", "1000", "ulimit -n", "1000")]
    [InlineData("fileSizeMb", "3", "ulimit -f", "3072")]
    public async Task Each_limit_reaches_the_command(string key, string value, string command, string says)
    {
        Assert.Contains(says, await RunAsync($$$"""{ "sandbox": { "limits": { "{{{key}}}": {{{value}}} } } }""", command), StringComparison.Ordinal);
        Assert.DoesNotContain(says, await RunAsync("{}", command), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unix_sockets_are_made_only_where_they_are_let()
    {
        const string Make = "/usr/bin/python3 -c 'import socket; socket.socket(socket.AF_UNIX); print(\"made\")'";

        Assert.Contains("PermissionError", await RunAsync("""{ "sandbox": { "toolchains": [] } }""", Make), StringComparison.Ordinal);
        Assert.Contains("made", await RunAsync("""{ "sandbox": { "toolchains": [], "network": { "unixSockets": true } } }""", Make), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Variables_pass_only_when_they_are_named()
    {
        Environment.SetEnvironmentVariable("BRIDLE_TEST_VARIABLE", "seen");

        Assert.DoesNotContain("seen", await RunAsync("{}", "printenv BRIDLE_TEST_VARIABLE"), StringComparison.Ordinal);
        Assert.Contains("seen", await RunAsync("""{ "sandbox": { "environment": { "pass": ["BRIDLE_TEST_VARIABLE"] } } }""", "printenv BRIDLE_TEST_VARIABLE"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_may_only_make_it_stricter()
    {
        _folder.Write("work/.bridle/settings.json", """{ "sandbox": { "enabled": false, "autoAllow": true, "allowUnconfined": ["touch:*"], "excludedCommands": ["rm:*"], "limits": { "processes": 20, "openFiles": 100000 }, "filesystem": { "allowWrite": ["/"], "denyWrite": ["closed"] }, "environment": { "pass": ["HOME2"] } } }""");
        Directory.CreateDirectory(Path.Combine(Work, "closed"));

        var said = await RunAsync("{}", "ulimit -u; ulimit -n; touch closed/a; touch /etc/bridle-x");

        Assert.Contains("20\n4096\n", said, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(Work, "closed")));
        Assert.StartsWith("bubblewrap: ", Isolation(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_command_leaves_in_tmp_is_there_for_the_next_and_gone_with_the_session()
    {
        var request = Request("echo kept > /tmp/bridle-kept") with
        {
            Model = new ScriptedModel(
                ScriptedReply.Calls(("Bash", """{"command":"echo kept > /tmp/bridle-kept"}""")), ScriptedReply.Calls(("Bash", """{"command":"cat /tmp/bridle-kept"}""")), ScriptedReply.Text("done")),
        };

        Assert.Contains("kept", await RunAsync(request), StringComparison.Ordinal);
        Assert.False(File.Exists("/tmp/bridle-kept"));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(_folder.Path, ".local/state/bridle/sandbox")));
    }
}
