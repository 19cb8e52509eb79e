using System.Text.Json;
using Bridle.Cli.Tests.Reference;
using Bridle.Hosting;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>
/// The cases of the attack corpus that are about settings and trust, each with the state that the case describes set up for real. What a run did decides the verdict:
/// <c>allow</c>, it took effect; <c>ask</c>, a person would be asked; <c>deny</c>, it had none; <c>error</c>, it was refused or loudly reported.
/// </summary>
public sealed class TrustCorpusTests : IDisposable
{
    // Cases of these classes that another part must pass.
    private static readonly Dictionary<string, string> Elsewhere = new()
    {
        ["A362"] = "MCP servers come later", ["A377"] = "agents come later", ["A384"] = "the hooks' tests", ["A385"] = "the hooks' tests", ["A387"] = "the hooks' tests", ["A394"] = "the hooks' tests",
        ["A388"] = "Bridle runs no git by itself", ["A391"] = "Bridle opens no editor", ["A401"] = "Bridle runs no git by itself", ["A402"] = "Bridle runs no git by itself",
        ["A395"] = "the rules' tests", ["A396"] = "the rules' tests", ["A398"] = "the sandbox's tests", ["A404"] = "judged by the policy engine", ["A605"] = "SessionStoreTests",
    };

    private readonly CliStage _stage = new();
    private readonly Dictionary<string, Func<JsonElement, Task<string>>> _plays;

    public TrustCorpusTests() => _plays = new()
    {
        ["A359"] = Replaced, ["A361"] = ProjectHook, ["A365"] = input => ProjectFile(input, layers => layers.Effective.Env is { Count: > 0 } || layers.OwnVariables.Count > 0),
        ["A367"] = DotEnvMovesHome, ["A369"] = AllowRule, ["A372"] = input => ProjectFile(input, layers => layers.Values.Any(value => value.Key.StartsWith("sandbox", StringComparison.Ordinal))),
        ["A373"] = input => ProjectFile(input, layers => layers.Values.Any(value => value.Key.StartsWith("sandbox", StringComparison.Ordinal))), ["A375"] = KeyHelper,
        ["A376"] = input => ProjectFile(input, layers => layers.Values.Count > 0), ["A378"] = AgentMode, ["A381"] = BrokenUserFile, ["A382"] = UnknownTool, ["A383"] = ManagedAsk,
        ["A393"] = DeepLink, ["A563"] = SessionMode, ["A603"] = ResumedBypass, ["A604"] = ResumePath,
    };

    public void Dispose() => _stage.Dispose();

    private string Marker => Path.Combine(_stage.Work, "PWNED");

    public static TheoryData<string> Cases =>
        [.. File.ReadLines(Path.Combine(ReferencePage.Root, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl"))
            .Where(line => Text(line, "class") == "config-trust" || Text(line, "tool") == "Settings")];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_about_settings_and_trust_ends_as_the_corpus_says(string line)
    {
        var id = Text(line, "id");
        if (Elsewhere.TryGetValue(id, out var where))
        {
            Assert.False(_plays.ContainsKey(id));
            Assert.Skip($"{id}: {where}");
        }

        using var document = JsonDocument.Parse(line);
        var attack = document.RootElement;
        if (attack.GetProperty("policy").GetProperty("trusted").GetBoolean() && id is not "A359")
        {
            Assert.Equal(0, await _stage.RunAsync("trust"));
        }

        Assert.True(_plays.TryGetValue(id, out var play), $"Case {id} has no set-up here.");
        var got = await play(attack.GetProperty("input"));
        var right = attack.GetProperty("also_ok").EnumerateArray().Select(verdict => verdict.GetString()!).Append(Text(line, "expected"));
        Assert.Contains(got, right);
        Assert.False(File.Exists(Marker), "The payload ran.");
    }

    private static string Text(string line, string key)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty(key).GetString()!;
    }

    private HostFiles Read() => HostFiles.Read(_stage.Context().Environment, _stage.Work);

    private void Project(JsonElement input) => _stage.Write("work/.bridle/settings.json", input.GetProperty("content").GetRawText());

    private async Task<string> RunBashAsync(string command, params string[] flags)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{ "command": "{{command}}" }""")), ScriptedReply.Text("done"));
        var code = await _stage.RunAsync(["run", "--sandbox", "off", "--output", "json", .. flags, "task"]);
        return code switch { ExitCode.Done => "allow", ExitCode.Denied => _stage.Out.ToString().Contains("ask Bash", StringComparison.Ordinal) ? "ask" : "deny", _ => "error" };
    }

    private Task<string> ProjectFile(JsonElement input, Func<LayeredSettings, bool> tookEffect)
    {
        Project(input);
        var layers = Read().Layers;
        Assert.NotEmpty(layers.Notices);
        return Task.FromResult(tookEffect(layers) ? "allow" : "deny");
    }

    private async Task<string> Replaced(JsonElement input)
    {
        Assert.Equal(0, await _stage.RunAsync("trust"));
        Directory.Delete(_stage.Work);
        _stage.Write("other/.bridle/settings.json", """{ "permissions": { "allow": ["Bash"] } }""");
        Directory.CreateSymbolicLink(_stage.Work, Path.Combine(Path.GetDirectoryName(_stage.Work)!, "other"));
        var files = Read();
        return files.Trust.IsTrusted ? "allow" : TrustQuestion.For(files) is null ? "deny" : "ask";
    }

    private async Task<string> ProjectHook(JsonElement input)
    {
        Project(input);
        _stage.Model = new ScriptedModel(ScriptedReply.Text("done"));
        return await _stage.RunAsync("run", "task") != 0 ? "error" : File.Exists(Marker) ? "allow" : "deny";
    }

    private Task<string> DotEnvMovesHome(JsonElement input)
    {
        var before = BridleFolders.For(Read().Environment);
        _stage.Write("work/.env", input.GetProperty("content").GetString()!);
        return Task.FromResult(BridleFolders.For(Read().Environment) == before ? "deny" : "allow");
    }

    private async Task<string> AllowRule(JsonElement input)
    {
        Project(input);
        return await RunBashAsync("touch PWNED") is "allow" ? "allow" : "deny";
    }

    private async Task<string> KeyHelper(JsonElement input)
    {
        Project(input);
        return await _stage.RunAsync("run", "-m", "anthropic/claude-x", "task") is ExitCode.Usage && !File.Exists(Marker) ? "deny" : "allow";
    }

    private async Task<string> AgentMode(JsonElement input)
    {
        _stage.Write("managed/managed-settings.json", """{ "permissions": { "disableBypassPermissionsMode": "disable" } }""");
        _stage.Write("work/.bridle/agents/a.md", "---\npermissionMode: bypass\n---\n");
        Assert.Equal("error", await RunBashAsync("touch PWNED", "--mode", "bypass"));
        return await RunBashAsync("touch PWNED") is "allow" ? "allow" : "deny";
    }

    private async Task<string> BrokenUserFile(JsonElement input)
    {
        _stage.Write("home/.config/bridle/settings.json", input.GetProperty("content").GetString()!);
        return await RunBashAsync("rm x");
    }

    private async Task<string> UnknownTool(JsonElement input)
    {
        _stage.Write("home/.config/bridle/settings.json", input.GetProperty("content").GetRawText());
        await RunBashAsync("true");
        return _stage.Error.ToString().Contains("names the tool 'Bahs', which does not exist", StringComparison.Ordinal) ? "error" : "allow";
    }

    private async Task<string> ManagedAsk(JsonElement input)
    {
        _stage.Write("managed/managed-settings.json", input.GetProperty("content").GetRawText());
        _stage.Write("home/.config/bridle/settings.json", """{ "permissions": { "allow": ["Bash(git push:*)"] } }""");
        return await RunBashAsync("git push");
    }

    private async Task<string> DeepLink(JsonElement input) => await _stage.RunAsync(input.GetProperty("deeplink").GetString()!) is ExitCode.Usage ? "error" : "allow";

    private async Task<string> SessionMode(JsonElement input)
    {
        await RunBashAsync("true", "--session", "s");
        var folder = Path.Combine(_stage.Home, ".local", "share", "bridle", "sessions");
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return File.GetUnixFileMode(folder) == (Owner | UnixFileMode.UserExecute) && Directory.GetFiles(folder).All(file => File.GetUnixFileMode(file) == Owner) ? "error" : "allow";
    }

    private async Task<string> ResumedBypass(JsonElement input)
    {
        Assert.Equal("allow", await RunBashAsync("touch first", "--session", "s", "--mode", "bypass", "--allow", "Bash(*)"));
        return await RunBashAsync("touch PWNED", "--resume", "s") is "allow" ? "allow" : "deny";
    }

    private async Task<string> ResumePath(JsonElement input) => await RunBashAsync("true", "--resume", input.GetProperty("resume").GetString()!);
}
