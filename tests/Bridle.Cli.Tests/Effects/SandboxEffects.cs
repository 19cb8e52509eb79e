using Bridle.FakeVendors;
using Bridle.Sandboxing;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys below <c>sandbox</c> do: programs in the real sandbox of this machine, and an engine for containers that writes down what it is asked.</summary>
internal static class SandboxEffects
{
    private const string WriteOutside = "touch OUT/made 2>/dev/null && echo outside > made.txt || echo kept inside > made.txt";
    private const string Fork = "for i in $(seq 40); do sleep 2 > /dev/null 2>&1 & done\necho all forty > made.txt";
    private const string Big = "dd if=/dev/zero of=big bs=1M count=3 2> /dev/null\necho $(($(wc -c < big) >> 20)) > made.txt";
    private const string Spend = "while read -r line < /proc/self/stat && set -- $line && [ $((${14} + ${15})) -lt 200 ]; do :; done\necho two seconds > made.txt";

    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["sandbox"] = new(stage => ScriptAsync(stage, """{ "enabled": false }""", WriteOutside), "outside", "kept inside"),
        ["sandbox.enabled"] = new(stage => ScriptAsync(stage, """{ "enabled": false }""", WriteOutside), "outside", "kept inside"),
        ["sandbox.backend"] = new(stage => ScriptAsync(stage, """{ "backend": "none" }""", WriteOutside), "outside", "kept inside"),
        ["sandbox.required"] = new(RequiredAsync, "refused", "done"),
        ["sandbox.autoAllow"] = new(stage => SettingEffect.CallAsync(stage, """{ "sandbox": { "autoAllow": false } }""", "Bash", """{ "command": "touch made.txt" }"""), "denied", "done"),
        ["sandbox.allowUnsandboxedCommands"] = new(
            stage => SettingEffect.CallAsync(stage, """{ "permissions": { "allow": ["Bash"] }, "sandbox": { "allowUnsandboxedCommands": false } }""", "Bash", """{ "command": "true", "sandbox": "off" }""", "--mode", "bypass", "--sandbox", "off"), "denied", "done"),
        ["sandbox.toolchains"] = new(ToolchainAsync, "no cache", "a cache"),
        ["sandbox.network"] = new(stage => AskProxyAsync(stage, """{ "allowedDomains": ["HOST"] }"""), "200", "no proxy"),
        ["sandbox.network.allowedDomains"] = new(stage => AskProxyAsync(stage, """{ "allowedDomains": ["HOST"], "privateDomains": ["corp.invalid"] }"""), "200", "403"),
        ["sandbox.network.privateDomains"] = new(stage => AskProxyAsync(stage, """{ "allowedDomains": ["HOST"], "privateDomains": ["corp.invalid"] }""", "corp.invalid"), "502", "403"),
        ["sandbox.network.deniedDomains"] = new(stage => AskProxyAsync(stage, """{ "allowedDomains": ["HOST"], "deniedDomains": ["127.0.0.1"] }"""), "403", "200"),
        ["sandbox.network.unixSockets"] = new(
            stage => ScriptAsync(stage, """{ "toolchains": [], "network": { "unixSockets": true } }""", "perl -MSocket -e 'exit(socket(my $s, AF_UNIX, SOCK_STREAM, 0) ? 0 : 1)' && echo a socket > made.txt || echo none > made.txt"),
            "a socket", "none"),
        ["sandbox.filesystem"] = new(stage => ScriptAsync(stage, """{ "filesystem": { "allowWrite": ["OUT"] } }""", WriteOutside), "outside", "kept inside"),
        ["sandbox.filesystem.allowWrite"] = new(stage => ScriptAsync(stage, """{ "filesystem": { "allowWrite": ["OUT"] } }""", WriteOutside), "outside", "kept inside"),
        ["sandbox.filesystem.denyWrite"] = new(stage => KeptAsync(stage, """{ "denyWrite": ["kept"] }""", "touch kept/x 2>/dev/null && echo changed > made.txt || echo unchanged > made.txt"), "unchanged", "changed"),
        ["sandbox.filesystem.denyRead"] = new(stage => KeptAsync(stage, """{ "denyRead": ["kept"] }""", "grep -s seen kept/note > made.txt || echo unseen > made.txt"), "unseen", "seen"),
        ["sandbox.filesystem.allowRead"] = new(BuiltInListAsync, "seen", "unseen"),
        ["sandbox.container"] = new(stage => EngineAsync(stage, """{ "network": true }""", "--network none"), "False", "True"),
        ["sandbox.container.network"] = new(stage => EngineAsync(stage, """{ "network": true }""", "--network none"), "False", "True"),
        ["sandbox.container.memoryMb"] = new(stage => EngineAsync(stage, """{ "memoryMb": 777 }""", "--memory 777m"), "True", "False"),
        ["sandbox.container.image"] = new(BackendImageAsync, "True", "False"),
        ["sandbox.allowUnconfined"] = new(stage => OutsideAsync(stage, "allowUnconfined"), "True", "False"),
        ["sandbox.excludedCommands"] = new(stage => OutsideAsync(stage, "excludedCommands"), "True", "False"),
        ["sandbox.limits"] = new(stage => ScriptAsync(stage, """{ "limits": { "fileSizeMb": 1 } }""", Big), "1", "3"),
        ["sandbox.limits.processes"] = new(stage => ScriptAsync(stage, """{ "limits": { "processes": 8 } }""", Fork), "nothing", "all forty"),
        ["sandbox.limits.memoryMb"] = new(
            stage => ScriptAsync(stage, """{ "limits": { "memoryMb": 100 } }""", "dd if=/dev/zero of=/dev/null bs=200M count=1 2>/dev/null && echo fits > made.txt || echo too much > made.txt"), "too much", "fits"),
        ["sandbox.limits.cpuSeconds"] = new(stage => ScriptAsync(stage, """{ "limits": { "cpuSeconds": 1 } }""", Spend), "nothing", "two seconds"),
        ["sandbox.limits.openFiles"] = new(
            stage => ScriptAsync(stage, """{ "limits": { "openFiles": 64 }, "toolchains": [] }""", "bash -c 'exec 100< /dev/null' 2>/dev/null && echo open > made.txt || echo too many > made.txt"), "too many", "open"),
        ["sandbox.limits.fileSizeMb"] = new(stage => ScriptAsync(stage, """{ "limits": { "fileSizeMb": 1 } }""", Big), "1", "3"),
        ["sandbox.environment"] = new(stage => ScriptAsync(stage, """{ "environment": { "pass": ["TEAM_OF_MINE"] } }""", "echo \"<$TEAM_OF_MINE>\" > made.txt"), "<tools>", "<>"),
        ["sandbox.environment.pass"] = new(stage => ScriptAsync(stage, """{ "environment": { "pass": ["TEAM_OF_MINE"] } }""", "echo \"<$TEAM_OF_MINE>\" > made.txt"), "<tools>", "<>"),
    };

    /// <summary>What a script in the workspace leaves in <c>made.txt</c>; <c>OUT</c> stands for a folder beside the workspace, both in the settings and in the script.</summary>
    private static async Task<string> ScriptAsync(CliStage stage, string sandbox, string script)
    {
        var outside = Path.GetDirectoryName(stage.Write("out/old", ""))!;
        // Programs get what this very process has; no other test asks for it.
        Environment.SetEnvironmentVariable("TEAM_OF_MINE", "tools");
        stage.Write("work/probe.sh", script.Replace("OUT", outside, StringComparison.Ordinal) + "\n");
        var settings = $$"""{ "sandbox": {{sandbox.Replace("OUT", outside, StringComparison.Ordinal)}}, "permissions": { "allow": ["Bash(sh probe.sh)"] } }""";
        await SettingEffect.CallAsync(stage, settings, "Bash", """{ "command": "sh probe.sh" }""");
        var made = Path.Combine(stage.Work, "made.txt");
        return File.Exists(made) ? (await File.ReadAllTextAsync(made, TestContext.Current.CancellationToken)).Trim() : "nothing";
    }

    private static Task<string> KeptAsync(CliStage stage, string filesystem, string script)
    {
        stage.Write("work/kept/note", "seen\n");
        return ScriptAsync(stage, $$"""{ "filesystem": {{filesystem}} }""", script);
    }

    // A workspace with a package.json gets npm's own cache; an empty list of toolchains takes it away.
    private static Task<string> ToolchainAsync(CliStage stage)
    {
        stage.Write("work/package.json", "{}");
        return ScriptAsync(stage, """{ "toolchains": [] }""", "touch \"$npm_config_cache/x\" 2>/dev/null && echo a cache > made.txt || echo no cache > made.txt");
    }

    // The home folder of the stage lies where programs see nothing; it is opened whole, and the built-in list closes part of it again.
    private static Task<string> BuiltInListAsync(CliStage stage)
    {
        var secret = stage.Write("home/.docker/config.json", "seen\n");
        return ScriptAsync(stage, """{ "filesystem": { "allowWrite": ["~"], "allowRead": ["~/.docker/config.json"] } }""", $"grep -s seen {secret} > made.txt || echo unseen > made.txt");
    }

    private static Task<string> RequiredAsync(CliStage stage)
    {
        stage.Adjust = request => request with { Sandboxes = [PretendSandbox.Broken("it is missing")] };
        return SettingEffect.CallAsync(stage, """{ "sandbox": { "required": true }, "permissions": { "allow": ["Bash(touch:*)"] } }""", "Bash", """{ "command": "touch made.txt" }""");
    }

    /// <summary>The status with which the sandbox's proxy answers a program that asks for a host; a server of our own stands behind <c>HOST</c>.</summary>
    private static async Task<string> AskProxyAsync(CliStage stage, string network, string? host = null)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Text(200, "text/plain", "hello") with { Close = true });
        var own = server.Url.Authority;
        var answer = await ScriptAsync(stage, $$"""{ "toolchains": [], "network": {{network.Replace("HOST", own, StringComparison.Ordinal)}} }""", $$"""
            cat > ask.sh <<'ASK'
            exec 3<> /dev/tcp/127.0.0.1/3128 || exit 1
            printf 'GET http://{{host ?? own}}/ HTTP/1.1\r\nHost: {{host ?? own}}\r\nConnection: close\r\n\r\n' >&3
            read -r version status rest <&3
            echo "$status" > made.txt
            ASK
            bash ask.sh 2>/dev/null || echo no proxy > made.txt
            """);
        Assert.Equal(answer == "200" ? 1 : 0, server.Requests.Count);
        return answer;
    }

    /// <summary>Whether a command that asks to run outside gets there; nobody is there to be asked.</summary>
    private static async Task<string> OutsideAsync(CliStage stage, string key)
    {
        var outside = Path.Combine(Path.GetDirectoryName(stage.Write("out/old", ""))!, "new");
        await SettingEffect.CallAsync(stage, $$"""{ "sandbox": { "{{key}}": ["touch:*"] } }""", "Bash", $$"""{ "command": "touch {{outside}}", "sandbox": "off" }""");
        return File.Exists(outside).ToString();
    }

    /// <summary>Whether the containers of the sandbox are made of the image of the settings.</summary>
    private static async Task<string> BackendImageAsync(CliStage stage)
    {
        var asked = RecordingEngine(stage);
        await SettingEffect.CallAsync(stage, """{ "sandbox": { "backend": "container", "container": { "image": "localhost/of-mine:1" } } }""", "Bash", """{ "command": "true" }""");
        return (await File.ReadAllTextAsync(asked, TestContext.Current.CancellationToken)).Contains("localhost/of-mine:1", StringComparison.Ordinal).ToString();
    }

    private static string RecordingEngine(CliStage stage)
    {
        var asked = stage.PathOf("asked");
        var engine = stage.Write("bin/engine", $"#!/bin/sh\necho \"$*\" >> '{asked}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(engine, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        stage.Variables["SANDBOX_CONTAINER_RUNTIME_EXECUTABLE"] = engine;
        return asked;
    }

    /// <summary>Whether the engine is asked in those words when the model wants a command in a container.</summary>
    private static async Task<string> EngineAsync(CliStage stage, string container, string words)
    {
        var asked = RecordingEngine(stage);
        stage.Variables["SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME"] = "vol";
        await SettingEffect.CallAsync(
            stage, $$"""{ "sandbox": { "container": {{container}} }, "permissions": { "allow": ["execute_sandboxed_command"] } }""", "execute_sandboxed_command", """{ "command": "true" }""");
        return (await File.ReadAllLinesAsync(asked, TestContext.Current.CancellationToken)).Single(line => line.StartsWith("run ", StringComparison.Ordinal)).Contains(words, StringComparison.Ordinal).ToString();
    }
}
