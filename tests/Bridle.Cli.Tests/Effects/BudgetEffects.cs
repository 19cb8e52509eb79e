using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that limit money beyond a turn.</summary>
internal static class BudgetEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["maxSessionCost"] = new(stage => EndAsync(stage, """{ "maxSessionCost": 0 }"""), "4", "0"),
        ["maxDayCost"] = new(stage => EndAsync(stage, """{ "maxDayCost": 0 }"""), "4", "0"),
        ["maxMonthCost"] = new(stage => EndAsync(stage, """{ "maxMonthCost": 0 }"""), "4", "0"),
        ["whenSpent"] = new(stage => EndAsync(stage, """{ "maxSessionCost": 0, "whenSpent": "ask" }"""), "0", "4"),
    };

    private static async Task<string> EndAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        stage.Adjust = request => request with { Approver = new TestApprover(answer: _ => "go on") };
        stage.Model = new ScriptedModel(ScriptedReply.Text("Done.")) { Info = new("test", "scripted", "scripted") { Price = new Price(1, 1) } };
        return $"{await stage.RunAsync("run", "task")}";
    }
}
