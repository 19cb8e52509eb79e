using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that name models beside the one that answers: who was asked, and for what.</summary>
internal static class RoleEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["fallbackModel"] = new(FallbackAsync, "0 answered by other/b", "3 answered by main/a"),
        ["roles"] = new(stage => AskedAsync(stage, "planner", "--mode", "plan"), "other", "main"),
        ["roles.planner"] = new(stage => AskedAsync(stage, "planner", "--mode", "plan"), "other", "main"),
        ["roles.judge"] = new(stage => AskedAsync(stage, "judge"), "main other", "main main"),
        ["roles.guide"] = new(stage => AskedAsync(stage, "guide"), "other main", "main main"),
        ["roles.reviewer"] = new(ReviewerAsync, "main other", "main"),
        ["roles.large"] = new(stage => AskedAsync(stage, "large"), "other", "main"),
        ["roles.compactor"] = new(CompactedAsync, "model", "steps"),
    };

    private static async Task<string> FallbackAsync(CliStage stage)
    {
        await using var main = new FakeOpenAiChat { Script = (_, _) => new FakeTurn { Fault = Overloaded } };
        await using var other = new FakeAnthropic { Script = (_, _) => FakeTurn.Say("Here.") };
        Write(stage, main, other, "\"fallbackModel\": [\"other/b\"]");
        var code = await stage.RunAsync("run", "--output", "json", "task");
        using var result = System.Text.Json.JsonDocument.Parse(stage.Out.ToString());
        return $"{code} answered by {result.RootElement.GetProperty("model").GetString()}";
    }

    /// <summary>A server that says when to come again, later than anybody waits: it is given up at once.</summary>
    public static FakeFault Overloaded { get; } = new FakeFault.Status(503, "overloaded") { Headers = new Dictionary<string, string> { ["retry-after"] = "3600" } };

    // Who was asked, in the order in which they were asked first, the judge's question among them.
    private static async Task<string> AskedAsync(CliStage stage, string role, params string[] flags)
    {
        var asked = new List<string>();
        FakeTurn Note(string who, string text)
        {
            lock (asked)
            {
                asked.Add(who);
            }

            return FakeTurn.Say(text);
        }

        await using var main = new FakeOpenAiChat { Script = (_, body) => Note("main", body.GetRawText().Contains("You check what", StringComparison.Ordinal) ? """{"ok":true}""" : "Done.") };
        await using var other = new FakeAnthropic { Script = (_, _) => Note("other", """{"ok":true}""") };
        var hook = role is "guide" ? ""","guides": [{ "name": "advice", "prompt": "What is forgotten?" }]""" : role is "judge" ? ""","hooks": { "Stop": [{ "hooks": [{ "type": "prompt", "prompt": "Is it fine?" }] }] }""" : "";
        Write(stage, main, other, $$"""  "roles": { "{{role}}": "other/b" }{{hook}} """, window: role is "large" ? 2_000 : 100_000);
        await stage.RunAsync(["run", .. flags, role is "large" ? new string('x', 8_000) : "task"]);
        return string.Join(' ', asked);
    }

    private static async Task<string> ReviewerAsync(CliStage stage)
    {
        var (asked, steps) = (new List<string>(), 0);
        FakeTurn Answer(string who)
        {
            lock (asked)
            {
                asked.Add(who);
                return who is "main" && steps++ < 10 ? FakeTurn.Call("Glob", $$"""{"pattern":"x{{steps}}*"}""") : FakeTurn.Say("Done.");
            }
        }

        await using var main = new FakeOpenAiChat { Script = (_, _) => Answer("main") };
        await using var other = new FakeAnthropic { Script = (_, _) => Answer("other") };
        Write(stage, main, other, """ "learningReview": true, "roles": { "reviewer": "other/b" } """);
        await stage.RunAsync("run", "task");
        return string.Join(' ', asked.Distinct());
    }

    private static async Task<string> CompactedAsync(CliStage stage)
    {
        await using var other = new FakeAnthropic { Script = (_, _) => FakeTurn.Say("## Next\n- read on") };
        stage.Write("home/.config/bridle/settings.json", $$"""
            { "providers": { "other": { "api": "anthropic", "baseUrl": "{{other.Url}}", "apiKey": "k" } }, "roles": { "compactor": "other/b" } }
            """);
        return await CompactionEffects.ReadALotAsync(stage, 70, null);
    }

    private static void Write(CliStage stage, FakeVendor main, FakeVendor other, string keys, int window = 100_000) => stage.Write("home/.config/bridle/settings.json", $$"""
        { "model": "main/a", {{keys}}, "providers": {
            "main": { "api": "openai", "baseUrl": "{{main.Url}}", "apiKey": "k", "contextWindow": {{window}}, "maxOutputTokens": 200 },
            "other": { "api": "anthropic", "baseUrl": "{{other.Url}}", "apiKey": "k", "contextWindow": 200000 } } }
        """);
}
