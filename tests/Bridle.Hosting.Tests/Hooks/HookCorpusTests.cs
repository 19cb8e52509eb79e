using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Hooks;
using Bridle.Permissions;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>The cases of the attack corpus about hooks, each carried out with real hook programs in a real session.</summary>
public sealed class HookCorpusTests : IDisposable
{
    private readonly HookRig _rig = new();

    public static IEnumerable<TheoryDataRow<string>> Cases => File.ReadLines(CorpusFile()).Where(line => line.Contains("\"tool\": \"Hook\"", StringComparison.Ordinal))
        .Select(line => new TheoryDataRow<string>(line) { TestDisplayName = $"{nameof(Every_case_of_the_corpus_about_hooks_has_its_verdict)} {line[8..12]}" });

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void The_corpus_has_eight_such_cases() => Assert.Equal(8, Cases.Count());

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Every_case_of_the_corpus_about_hooks_has_its_verdict(string line)
    {
        using var document = JsonDocument.Parse(line);
        var one = document.RootElement;
        var verdict = await CarryOutAsync(one.GetProperty("input"), one.GetProperty("policy"));
        string[] right = [one.GetProperty("expected").GetString()!, .. one.GetProperty("also_ok").EnumerateArray().Select(ok => ok.GetString()!)];
        Assert.True(right.Contains(verdict), $"{one.GetProperty("id")}: {verdict}, not {string.Join(" or ", right)} ({one.GetProperty("why")})");
        Assert.False(_rig.Has("work/PWNED"), "the attack was carried out");
    }

    private async Task<string> CarryOutAsync(JsonElement input, JsonElement policy)
    {
        if (input.TryGetProperty("template", out var template))
        {
            _rig.Hook("PreToolUse", template.GetString()!);
            return _rig.Book().Hooks.Single().Standing is HookStanding.Rejected ? "error" : "allow";
        }

        if (input.TryGetProperty("file", out var file))
        {
            _rig.File(Path.Combine("work", Path.GetRelativePath("/ws", file.GetString()!)), ContentOf(input));
            await _rig.RunAsync(new ScriptedModel(ScriptedReply.Text("ok")));
            return _rig.Has("work/PWNED") ? "allow" : "deny";
        }

        if (input.TryGetProperty("resulting_call", out var later))
        {
            _rig.File("work/seen.txt", "x");
            _rig.Hook("PostToolUse", $"echo {Quoted(input.GetProperty("text").GetString()!)}");
            return await JudgedAsync(policy, ("Read", """{"file_path":"seen.txt"}"""), ("Bash", Command(later.GetString()!)));
        }

        var said = input.TryGetProperty("stdout", out var stdout) ? stdout.GetString()! : $$"""{"hookSpecificOutput":{{Specific(input.GetProperty("result"))}} }""";
        _rig.Hook("PreToolUse", $"echo {Quoted(said)}");
        return await JudgedAsync(policy, ("Bash", Command((input.TryGetProperty("call", out var call) ? call : input.GetProperty("original")).GetString()!)));
    }

    private async Task<string> JudgedAsync(JsonElement policy, params (string Tool, string Input)[] calls)
    {
        string[] Rules(string name) => [.. policy.GetProperty(name).EnumerateArray().Select(rule => rule.GetString()!)];
        var approver = TestApprover.No();
        var model = new ScriptedModel([.. calls.Select(call => ScriptedReply.Calls(call)), ScriptedReply.Text("done")]);
        var request = _rig.Request(model, approver) with { Allow = Rules("allow"), Deny = Rules("deny") };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        var result = await harness.Session.RunAsync("go", TestContext.Current.CancellationToken);
        Assert.Equal(TurnOutcome.Completed, result.Outcome);
        return approver.Prompts.Count > 0 ? "ask" : result.Denied.Count > 0 ? "deny" : "allow";
    }

    private static string ContentOf(JsonElement input) =>
        input.TryGetProperty("content", out var content) ? content.GetRawText() : $"---\nname: a\nhooks:\n  PreToolUse: {input.GetProperty("frontmatter").GetProperty("hooks").GetProperty("PreToolUse").GetString()}\n---\nAn agent.\n";

    private static string Specific(JsonElement result) => "{\"hookEventName\":\"PreToolUse\"," + result.GetRawText().Trim()[1..];

    private static string Command(string command) => $$"""{"command":{{HookRig.Quoted(command)}} }""";

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string CorpusFile()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl");
    }
}
