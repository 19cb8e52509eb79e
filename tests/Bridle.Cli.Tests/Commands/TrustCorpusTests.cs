using System.Diagnostics;
using System.Text.Json;
using Bridle.Cli.Tests.Reference;
using Bridle.Hosting;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;
using Bridle.Permissions;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>
/// The cases of the attack corpus that are about settings and trust, each with the state that the case describes set up for real. What a run did decides the verdict:
/// <c>allow</c>, it took effect; <c>ask</c>, a person would be asked; <c>deny</c>, it had none; <c>error</c>, it was refused or loudly reported.
/// </summary>
public sealed class TrustCorpusTests : IDisposable
{
    private static readonly Dictionary<string, Func<TrustCorpusTests, JsonElement, Task<string>>> Plays = new()
    {
        ["A359"] = (test, input) => test.Replaced(input), ["A365"] = (test, input) => test.ProjectFile(input, layers => layers.Effective.Env is { Count: > 0 } || layers.OwnVariables.Count > 0),
        ["A367"] = (test, input) => test.DotEnvMovesHome(input), ["A369"] = (test, input) => test.AllowRule(input), ["A372"] = (test, input) => test.ProjectFile(input, ChangesSandbox),
        ["A373"] = (test, input) => test.ProjectFile(input, ChangesSandbox), ["A375"] = (test, input) => test.KeyHelper(input),
        ["A376"] = (test, input) => test.ProjectFile(input, layers => layers.Values.Count > 0), ["A378"] = (test, input) => test.AgentMode(input), ["A381"] = (test, input) => test.BrokenUserFile(input),
        ["A382"] = (test, input) => test.UnknownTool(input), ["A383"] = (test, input) => test.ManagedAsk(input), ["A388"] = (test, input) => test.OwnGit(input, "add", "status"),
        ["A393"] = (test, input) => test.DeepLink(input), ["A395"] = (test, input) => test.BroadRule(input), ["A396"] = (test, input) => test.RuleForEachPart(input),
        ["A401"] = (test, input) => test.OwnGit(input, "add", "add ."), ["A402"] = (test, input) => test.OwnGit(input, "stash", "diff"), ["A563"] = (test, input) => test.SessionMode(input),
        ["A603"] = (test, input) => test.ResumedBypass(input), ["A604"] = (test, input) => test.ResumePath(input), ["A605"] = (test, input) => test.TornTail(input),
    };

    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Marker => Path.Combine(_stage.Work, "PWNED");

    public static TheoryData<string> Cases =>
        [.. File.ReadLines(Path.Combine(ReferencePage.Root, "tests", "Bridle.Tests", "Permissions", "attacks.jsonl"))
            .Where(line => Judges(Text(line, "id")))];

    /// <summary>Whether the case with that id is judged here.</summary>
    internal static bool Judges(string id) => Plays.ContainsKey(id);

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task A_case_about_settings_and_trust_ends_as_the_corpus_says(string line)
    {
        var id = Text(line, "id");
        using var document = JsonDocument.Parse(line);
        var attack = document.RootElement;
        if (attack.GetProperty("policy").GetProperty("trusted").GetBoolean() && id is not "A359")
        {
            Assert.Equal(0, await _stage.RunAsync("trust"));
        }

        var got = await Plays[id](this, attack.GetProperty("input"));
        var right = attack.GetProperty("also_ok").EnumerateArray().Select(verdict => verdict.GetString()!).Append(Text(line, "expected"));
        Assert.Contains(got, right);
        Assert.False(File.Exists(Marker), "The payload ran.");
    }

    private static string Text(string line, string key)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty(key).GetString()!;
    }

    private static bool ChangesSandbox(LayeredSettings layers) => layers.Values.Any(value => value.Key.StartsWith("sandbox", StringComparison.Ordinal));

    private HostFiles Read() => HostFiles.Read(_stage.Context().Environment, _stage.Work);

    private void Project(JsonElement input) => _stage.Write("work/.bridle/settings.json", input.GetProperty("content").GetRawText());

    private async Task<string> RunBashAsync(string command, params string[] flags)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", $$"""{ "command": {{Quoted(command)}} }""")), ScriptedReply.Text("done"));
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

    /// <summary>The Git tool works on a repository that configures the payload; git by hand must run it, else the state is no attack.</summary>
    private async Task<string> OwnGit(JsonElement input, string verb, string byHand)
    {
        var attributes = input.TryGetProperty(".gitattributes", out var given) ? given.GetString()! : "*.u diff=x";
        _stage.Write("work/.gitattributes", attributes + "\n");
        var file = _stage.Write("work/a.u", "one\n");
        string[] user = ["-c", "user.name=A", "-c", "user.email=a@b.example"];
        Git("init", "-q");
        Git("add", ".");
        Git([.. user, "commit", "-qm", "first"]);
        foreach (var setting in input.GetProperty("repo_config").EnumerateObject())
        {
            Git("config", setting.Name, setting.Value.GetString()!);
        }

        Git("config", "user.name", "A");
        Git("config", "user.email", "a@b.example");
        await File.WriteAllTextAsync(file, "two\n", TestContext.Current.CancellationToken);
        string[][] calls = verb == "add" ? [["add", "."], ["commit", "--allow-empty", "-m", "second"]] : [["stash"], ["stash", "show", "-p"], ["stash", "pop"]];
        _stage.Model = new ScriptedModel([.. calls.Select(call => ScriptedReply.Calls(("Git", $$"""{ "verb": "{{call[0]}}", "arguments": [{{string.Join(',', call[1..].Select(Quoted))}}] }"""))), ScriptedReply.Text("done")]);
        await _stage.RunAsync("run", "--sandbox", "off", "--allow", "Git", "task");
        var ran = File.Exists(Marker);
        File.Delete(Marker);
        await File.WriteAllTextAsync(file, "three\n", TestContext.Current.CancellationToken);
        Git(byHand.Split(' '));
        Assert.True(File.Exists(Marker), $"git {byHand} by hand does not run the payload, so this shows nothing.");
        File.Delete(Marker);
        return ran ? "allow" : "deny";
    }

    private void Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = _stage.Work, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _ = git.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        git.StandardOutput.ReadToEnd();
        git.WaitForExit();
    }

    /// <summary>A person says "always" to the command; then the others are judged with what was kept of it.</summary>
    private async Task<IReadOnlyList<string>> AfterAlways(JsonElement input, params string[] others)
    {
        var approver = new TestApprover(_ => new ApprovalAnswer(true, "always"));
        _stage.Adjust = request => request with { Approver = approver };
        await RunBashAsync(input.GetProperty("suggest_always_for").GetString()!);
        Assert.Single(approver.Prompts);
        _stage.Adjust = request => request;
        var verdicts = new List<string>();
        foreach (var other in others)
        {
            _stage.Out.Take();
            verdicts.Add(await RunBashAsync(other));
        }

        return verdicts;
    }

    private async Task<string> BroadRule(JsonElement input) => (await AfterAlways(input, "python3 -c 'print(1)'", "python3 -c 'print(2)'", "python3 x.py")) switch
    {
        ["allow", not "allow", not "allow"] => "deny",
        var got => string.Join(' ', got),
    };

    private async Task<string> RuleForEachPart(JsonElement input)
    {
        _stage.Write("work/src/package.json", """{ "scripts": { "test": "true", "other": "true" } }""");
        return (await AfterAlways(input, "cd src && npm test", "npm test", "cd src && npm run other")) switch { ["allow", "allow", not "allow"] => "allow", var got => string.Join(' ', got) };
    }

    private async Task<string> TornTail(JsonElement input)
    {
        Assert.Equal("allow", await RunBashAsync("touch first", "--session", "s", "--allow", "Bash(touch first)"));
        var log = Directory.GetFiles(Path.Combine(_stage.Home, ".local", "share", "bridle", "sessions"), "s*.jsonl").Single();
        var before = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(log, input.GetProperty("tail").GetString(), TestContext.Current.CancellationToken);
        _stage.Error.Take();
        var got = await RunBashAsync("touch second", "--resume", "s", "--allow", "Bash(touch second)");
        var after = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        Assert.StartsWith(before, after, StringComparison.Ordinal);
        Assert.Contains("cut", after[before.Length..].Split('\n')[0], StringComparison.Ordinal);
        return got;
    }

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
