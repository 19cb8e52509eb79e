using System.Diagnostics;
using System.Text.Json;
using Bridle.Cli.Tests.Reference;
using Bridle.Sandboxing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SandboxCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public SandboxCommandTests() => Assert.SkipUnless(BubblewrapSandbox.Shared.Probe().Works, BubblewrapSandbox.Shared.Probe().Detail);

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_sandbox_case_of_the_corpus_is_refused_or_allowed_as_it_must_be()
    {
        var corpus = Path.Combine(ReferencePage.Root, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl");

        var code = await _stage.RunAsync("sandbox", "check", "--cases", corpus);

        Assert.True(code == 0 && _stage.Out.ToString().EndsWith("22 passed, 0 failed\n", StringComparison.Ordinal), _stage.Out.ToString());
    }

    [Fact]
    public async Task Under_landlock_every_forbidden_act_is_refused_too_and_what_it_cannot_allow_is_a_line()
    {
        Assert.SkipUnless(LandlockSandbox.Shared.Probe().Works, LandlockSandbox.Shared.Probe().Detail);
        var corpus = Path.Combine(ReferencePage.Root, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl");

        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sandbox", "check", "--backend", "landlock", "--cases", corpus));

        var lines = _stage.Out.ToString().TrimEnd().Split('\n');
        Assert.True(lines[^1] == "21 passed, 1 failed", _stage.Out.ToString());
        Assert.Equal("A591 sandbox \"touch ok && cat /etc/hostname\": expected allow, got deny (exit code 1: touch: cannot touch 'ok': Permission denied)", lines[^2]);
    }

    [Fact]
    public async Task The_corpus_holds_for_an_ordinary_user_with_a_bare_environment_as_well()
    {
        const int Nobody = 65534;
        var path = Environment.GetEnvironmentVariable("PATH")!;
        Assert.SkipUnless(Environment.IsPrivilegedProcess && path.Split(':').Any(folder => File.Exists(Path.Combine(folder, "setpriv"))), "only root can become an ordinary user, and by setpriv");
        var place = Directory.CreateTempSubdirectory("bridle-nobody-");
        try
        {
            var corpus = Path.Combine(place.FullName, "cases.jsonl");
            File.Copy(Path.Combine(ReferencePage.Root, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl"), corpus);
            using (var chown = Process.Start("chown", ["-R", $"{Nobody}:{Nobody}", place.FullName]))
            {
                await chown.WaitForExitAsync(TestContext.Current.CancellationToken);
            }

            var program = Path.Combine(ReferencePage.Root, "artifacts", "bin", "Bridle.Cli", "debug", "Bridle.Cli");
            var start = new ProcessStartInfo("setpriv", ["--reuid", $"{Nobody}", "--regid", $"{Nobody}", "--clear-groups", program, "sandbox", "check", "--cases", corpus])
            {
                WorkingDirectory = place.FullName, RedirectStandardOutput = true, RedirectStandardError = true,
            };
            start.Environment.Clear();
            start.Environment["PATH"] = path;
            start.Environment["HOME"] = place.FullName;
            start.Environment["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT");
            using var check = Process.Start(start)!;
            var errors = check.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var output = await check.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await check.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.SkipWhen((await errors).Contains("Permission denied", StringComparison.Ordinal), "the repository lies where an ordinary user may not look");

            Assert.EndsWith("22 passed, 0 failed\n", output, StringComparison.Ordinal);
        }
        finally
        {
            place.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_wrong_verdict_is_a_line_and_an_exit_code()
    {
        var cases = _stage.Write("cases.jsonl", """
            {"id":"W1","class":"sandbox","tool":"Bash","input":"touch a","policy":{"sandbox_profile":{"write":["/ws"],"net":"off"}},"expected":"deny","also_ok":[]}
            {"id":"W2","class":"sandbox","tool":"Bash","input":"no-such-program-here","policy":{"sandbox_profile":{"write":["/ws"]}},"expected":"deny","also_ok":[]}
            {"id":"W3","class":"shell","tool":"Bash","input":"ls","policy":{},"expected":"allow"}
            """);

        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sandbox", "check", "--cases", cases));

        var shown = _stage.Out.ToString();
        Assert.Contains("W1 sandbox \"touch a\": expected deny, got allow (exit code 0)", shown, StringComparison.Ordinal);
        Assert.Contains("not run W2 sandbox: a program it needs is missing", shown, StringComparison.Ordinal);
        Assert.EndsWith("1 not run\n0 passed, 1 failed\n", shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "It holds no case of the class 'sandbox'.")]
    [InlineData("{\"id\":\"x\"}", "Line 1: 'class' is missing.")]
    public async Task Cases_that_check_nothing_are_refused(string text, string said)
    {
        var cases = _stage.Write("cases.jsonl", text);
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sandbox", "check", "--cases", cases));
        Assert.Contains(said, _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("permissions", "check", "--cases", cases));
    }

    [Fact]
    public async Task A_file_that_is_no_list_of_cases_is_refused_with_the_line()
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sandbox", "check", "--cases", _stage.Write("cases.jsonl", "\n{ nonsense")));

        Assert.Contains("Line 2 is no case", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_report_says_what_is_requested_enforced_and_outside()
    {
        Assert.Equal(0, await _stage.RunAsync("sandbox", "report"));

        var shown = _stage.Out.ToString();
        foreach (var text in new[] { "requested    sandbox", "enforced by  bubblewrap", "network      ", "limit        processes: 1024", "outside      Bridle itself", "outside      hooks" })
        {
            Assert.Contains(text, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_report_for_machines_is_one_object()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sandbox": { "limits": { "processes": 99 } } }""");

        Assert.Equal(0, await _stage.RunAsync("sandbox", "report", "--json"));

        using var report = JsonDocument.Parse(_stage.Out.ToString());
        Assert.Equal("bubblewrap", report.RootElement.GetProperty("enforced").GetProperty("by").GetString());
        Assert.Equal(99, report.RootElement.GetProperty("limits").GetProperty("processes").GetInt64());
        Assert.Contains(report.RootElement.GetProperty("outside").EnumerateArray(), one => one.GetProperty("what").GetString() == "hooks");
    }

    [Fact]
    public async Task Switched_off_the_report_says_so()
    {
        Assert.Equal(0, await _stage.RunAsync("sandbox", "report", "--sandbox", "off"));

        Assert.Contains("enforced by  none (switched off by --sandbox off", _stage.Out.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The commands of docs/sandbox.md, with what they print.</summary>
    [Fact]
    public async Task The_example_of_the_guide_does_what_it_says()
    {
        var guide = File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "sandbox.md"));
        var example = guide.Split("```jsonl\n")[1].Split("```")[0];
        var says = guide.Split("```text\n")[1].Split("```")[0];

        await _stage.RunAsync("sandbox", "check", "--cases", _stage.Write("work/cases.jsonl", example));

        Assert.Equal(says, _stage.Out.ToString());
    }
}
