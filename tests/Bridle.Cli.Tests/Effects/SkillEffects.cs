using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that decide which skills and tools a model is told of.</summary>
internal static class SkillEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["skillListTokens"] = new(stage => ListAsync(stage, """{ "skillListTokens": 60 }"""), "cut", "whole"),
        ["skillOverrides"] = new(stage => ListAsync(stage, """{ "skillOverrides": { "letters": "off" } }"""), "none", "whole"),
        ["toolSearchOver"] = new(stage => ToolsAsync(stage, """{ "toolSearchOver": 10 }"""), "ToolSearch", "WebFetch"),
    };

    private static async Task<string> ToolsAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        var model = new ScriptedModel(ScriptedReply.Text("done"));
        stage.Model = model;
        await stage.RunAsync("run", "task");
        return string.Join(' ', model.Requests[0].Tools.Select(tool => tool.Name).Where(name => name is "ToolSearch" or "WebFetch"));
    }

    private static async Task<string> ListAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        stage.Write("home/.agents/skills/letters/SKILL.md", $"---\nname: letters\ndescription: Writes letters. {new string('x', 400)} END\n---\nText");
        var model = new ScriptedModel(ScriptedReply.Text("done"));
        stage.Model = model;
        await stage.RunAsync("run", "task");
        return !model.Requests[0].System.Contains("- letters: Writes", StringComparison.Ordinal) ? "none" : model.Requests[0].System.Contains("END", StringComparison.Ordinal) ? "whole" : "cut";
    }
}
