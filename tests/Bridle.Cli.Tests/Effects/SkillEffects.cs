using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys about skills do.</summary>
internal static class SkillEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["skillListTokens"] = new(stage => ListAsync(stage, """{ "skillListTokens": 60 }"""), "cut", "whole"),
    };

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
