using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that decide which instruction files a model is shown.</summary>
internal static class InstructionEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["instructionFiles"] = new(stage => ShownAsync(stage, """{ "instructionFiles": "claude-first" }"""), "claude", "agents claude"),
        ["instructionExcludes"] = new(stage => ShownAsync(stage, """{ "instructionExcludes": ["**/AGENTS.md"] }"""), "claude", "agents claude"),
        ["claudeMdExcludes"] = new(stage => ShownAsync(stage, """{ "claudeMdExcludes": ["**/CLAUDE.md"] }"""), "agents", "agents claude"),
        ["guides"] = new(GuidedAsync, "told", "not told"),
    };

    private static async Task<string> GuidedAsync(CliStage stage)
    {
        stage.Write("home/.config/bridle/settings.json", """{ "guides": [ { "name": "short", "text": "Write short." } ] }""");
        var model = new ScriptedModel(ScriptedReply.Text("done"));
        stage.Model = model;
        await stage.RunAsync("run", "task");
        return model.Requests[0].Messages[^1].Text.Contains("Write short.", StringComparison.Ordinal) ? "told" : "not told";
    }

    private static async Task<string> ShownAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        stage.Write("work/AGENTS.md", "For agents.");
        stage.Write("work/CLAUDE.md", "For Claude.");
        var model = new ScriptedModel(ScriptedReply.Text("done"));
        stage.Model = model;
        await stage.RunAsync("run", "task");
        var system = model.Requests[0].System;
        return string.Join(' ', new[] { system.Contains("For agents.", StringComparison.Ordinal) ? "agents" : "", system.Contains("For Claude.", StringComparison.Ordinal) ? "claude" : "" }.Where(word => word.Length > 0));
    }
}
