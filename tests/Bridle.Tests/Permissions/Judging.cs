using System.Text.Json;
using Bridle.Events;
using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

/// <summary>Makes policies and calls for tests in few words.</summary>
internal static class Judging
{
    public static readonly RuleSource User = new(RuleLayer.User, "user settings");

    public static PolicyOptions Options { get; } = new() { Root = "/ws", Home = "/home/u", HarnessFolders = ["/home/u/.local/share/bridle"] };

    public static PermissionRule Rule(string text, Verdict verdict, RuleSource? source = null) =>
        PermissionRule.Parse(text, verdict, source ?? User).Rule ?? throw new InvalidOperationException($"{text} is no rule.");

    public static PermissionPolicy Policy(PermissionMode mode = PermissionMode.Default, string[]? allow = null, string[]? ask = null, string[]? deny = null, bool trusted = false) =>
        new(Options with { Mode = mode, Trusted = trusted, Rules = Rules(allow, ask, deny) });

    public static PermissionRule[] Rules(string[]? allow = null, string[]? ask = null, string[]? deny = null) =>
        [.. (allow ?? []).Select(text => Rule(text, Verdict.Allow)), .. (ask ?? []).Select(text => Rule(text, Verdict.Ask)), .. (deny ?? []).Select(text => Rule(text, Verdict.Deny))];

    public static FakeFiles Files() => new FakeFiles().File("/ws/a.txt").File("/ws/.env").File("/ws/src/a.cs").Folder("/ws/sub").File("/etc/passwd");

    public static CallToJudge Bash(string command, FakeFiles? files = null) => Call("Bash", ToolKind.Execute, files, new CommandTarget(command));

    public static CallToJudge Reading(string path, string tool = "Read", FakeFiles? files = null) => Call(tool, ToolKind.Read, files, new FileTarget(path, FileAccessKind.Read));

    public static CallToJudge Writing(string path, string tool = "Write", FakeFiles? files = null) => Call(tool, ToolKind.Write, files, new FileTarget(path, FileAccessKind.Write));

    public static CallToJudge Fetching(string url) => Call("WebFetch", ToolKind.Network, null, new UrlTarget(url));

    public static CallToJudge Git(string verb, params string[] arguments) => Git(null, verb, arguments);

    public static CallToJudge Git(FakeFiles? files, string verb, params string[] arguments) => CallReader.Read(
        new ToolDefinition("Git", "", default, ToolKind.Write, ToolEffect.Once, false),
        new ToolInput(Json($$"""{"verb":"{{JsonEncodedText.Encode(verb)}}","arguments":[{{string.Join(',', arguments.Select(one => $"\"{JsonEncodedText.Encode(one)}\""))}}]}"""), new object(), []), files ?? Files(), "/ws");

    public static CallToJudge Call(string tool, ToolKind kind, FakeFiles? files = null, params ToolTarget[] targets) =>
        CallReader.Read(new ToolDefinition(tool, "", default, kind, ToolEffect.Once, false), new ToolInput(default, new object(), targets), files ?? Files(), "/ws");

    public static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
