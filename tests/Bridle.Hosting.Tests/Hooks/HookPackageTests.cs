using System.Diagnostics;
using System.Security.Cryptography;
using Bridle.Hosting.Hooks;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>
/// Hook scripts as people publish them, from packages of named versions, run unchanged: <c>@coo-quack/sensitive-canary</c> 0.8.1 (Node), <c>@torka/claude-qol</c> 0.3.0
/// (Python) and <c>selfish-pipeline</c> 1.3.0 (bash). Needs Node, npm, Python and bash; what is installed stays beside the tests' binaries.
/// </summary>
public sealed class HookPackageTests(HookPackageTests.Installed packages) : IClassFixture<HookPackageTests.Installed>, IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    private string Node(string script) => $"node '{packages.Folder}/node_modules/@coo-quack/sensitive-canary/dist/{script}'";

    private string Bash(string script) => $"bash '{packages.Folder}/node_modules/selfish-pipeline/scripts/{script}'";

    // What a key looks like; put together here so that no scanner takes this file for one.
    private static string Key => "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a";

    [Fact]
    public async Task The_Node_guard_of_prompts_refuses_a_message_with_a_key()
    {
        _rig.Hook("UserPromptSubmit", Node("user-prompt-submit-hook.js"));
        var model = new ScriptedModel(ScriptedReply.Text("hello"));
        var refused = await _rig.RunAsync(model, text: $"deploy with {Key}");
        Assert.Equal(Events.TurnOutcome.Stopped, refused.Outcome);
        Assert.Empty(model.Requests);
        Assert.Equal(Events.TurnOutcome.Completed, (await _rig.RunAsync(model, text: "say hello")).Outcome);
    }

    [Fact]
    public async Task The_Node_guard_of_calls_refuses_to_read_a_file_with_a_key()
    {
        _rig.File("work/config.txt", $"token = {Key}\n");
        _rig.File("work/plain.txt", "nothing here\n");
        _rig.UserSettings($$$"""{"hooks":{"PreToolUse":[{"matcher":"Read|NotebookRead|Bash|Grep|mcp__.*","hooks":[{"type":"command","command":{{{HookRig.Quoted(Node("pre-tool-use-hook.js"))}}} }]}]}}""");
        Assert.Single((await _rig.RunAsync(HookRig.Calls("Read", """{"file_path":"config.txt"}"""))).Denied);
        Assert.Empty((await _rig.RunAsync(HookRig.Calls("Read", """{"file_path":"plain.txt"}"""))).Denied);
    }

    [Theory]
    [InlineData("Bash", """{"command":"git status"}""", Verdict.Allow)]
    [InlineData("Bash", """{"command":"rm -rf / --no-preserve-root"}""", Verdict.Deny)]
    [InlineData("Read", """{"file_path":"a.txt"}""", Verdict.Allow)]
    [InlineData("TodoWrite", """{"todos":[]}""", Verdict.Ask)]
    public async Task The_Python_approver_decides(string tool, string input, Verdict verdict)
    {
        _rig.File("work/.git/HEAD", "ref: refs/heads/main\n");
        _rig.Hook("PreToolUse", $"python3 '{packages.Folder}/node_modules/@torka/claude-qol/hooks/auto_approve_safe.py'");
        var together = (await _rig.TryAsync("PreToolUse", tool, input)).Together;
        Assert.Equal(verdict, together.Verdict);
        Assert.False(string.IsNullOrEmpty(together.Decider!.Answer.Reason));
    }

    [Fact]
    public async Task The_bash_pipeline_guards_hints_answers_and_tells()
    {
        _rig.File("work/.claude/.selfish-active", "login\n");
        _rig.File("work/.claude/.selfish-phase", "implement\n");
        string One(string name, string script) => $$$"""{{{HookRig.Quoted(name)}}}:[{"hooks":[{"type":"command","command":{{{HookRig.Quoted(Bash(script))}}} }]}]""";
        _rig.UserSettings($$"""
            {"hooks":{
              {{One("PreToolUse", "selfish-bash-guard.sh")}}, {{One("PermissionRequest", "selfish-permission-request.sh")}},
              {{One("PostToolUseFailure", "selfish-failure-hint.sh")}}, {{One("UserPromptSubmit", "selfish-user-prompt-submit.sh")}},
              {{One("SessionStart", "session-start-context.sh")}}, {{One("SessionEnd", "selfish-session-end.sh")}}
            } }
            """);

        var pushing = HookRig.Calls("Bash", """{"command":"git push --force"}""");
        var result = await _rig.RunAsync(pushing, TestApprover.Yes());
        Assert.Contains("git push --force is blocked during pipeline", Assert.Single(result.Denied).Reason);
        Assert.Contains("[SELFISH PIPELINE ACTIVE] Feature: login", HookRig.LastSent(pushing));
        Assert.Contains("[Pipeline: login] [Phase: implement]", HookRig.LastSent(pushing));

        var asked = TestApprover.No();
        var missing = HookRig.Calls("Bash", """{"command":"shellcheck no-such-file.sh"}""");
        Assert.Empty((await _rig.RunAsync(missing, asked)).Denied);
        Assert.Empty(asked.Prompts);
        Assert.Contains("[SELFISH HINT]", HookRig.LastSent(missing));
        Assert.True(_rig.Has("work/.claude/.selfish-failures.log"));
    }

    [Fact]
    public void The_whole_file_of_hooks_of_a_package_is_taken_with_what_waits_named()
    {
        _rig.File(".config/bridle/hooks.json", File.ReadAllText(Path.Combine(packages.Folder, "node_modules/selfish-pipeline/hooks/hooks.json")));
        var hooks = _rig.Book().Hooks;
        Assert.Contains(hooks, one => one is { Event: "PreToolUse", Standing: HookStanding.Active });
        Assert.Contains(hooks, one => one is { Event: "SubagentStart", Standing: HookStanding.Active });
        Assert.All(hooks.Where(one => one.Standing is HookStanding.Rejected), one => Assert.Contains("wait for", one.Reason));
    }

    /// <summary>Installs the packages once for all tests, and again only when the lock file changed.</summary>
    public sealed class Installed : IAsyncLifetime
    {
        public string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Hooks", "packages");

        public async ValueTask InitializeAsync()
        {
            var wanted = Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder, "package-lock.json"))));
            var mark = Path.Combine(Folder, "node_modules", ".installed");
            if (File.Exists(mark) && await File.ReadAllTextAsync(mark) == wanted)
            {
                return;
            }

            using var process = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-progress", "--ignore-scripts", "--no-audit", "--no-fund"]) { WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, "npm could not install the packages of hooks:\n" + await errors + await output);
            await File.WriteAllTextAsync(mark, wanted);
        }

        public ValueTask DisposeAsync() => default;
    }
}
