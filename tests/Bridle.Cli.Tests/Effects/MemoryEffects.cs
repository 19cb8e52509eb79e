using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that decide whether and how notes are kept.</summary>
internal static class MemoryEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["autoMemoryEnabled"] = new(stage => KeptAsync(stage, """{ "autoMemoryEnabled": false, "permissions": { "allow": ["Remember"] } }"""), "", "n.md shown"),
        ["memoryStore"] = new(stage => KeptAsync(stage, """{ "memoryStore": "jsonl", "permissions": { "allow": ["Remember"] } }"""), "shared.jsonl shown", "n.md shown"),
        ["memoryIndexBytes"] = new(stage => KeptAsync(stage, """{ "memoryIndexBytes": 400, "permissions": { "allow": ["Remember"] } }"""), "n.md", "n.md shown"),
        ["experienceEnabled"] = new(ToldAsync, "told", ""),
        ["learningReview"] = new(ReviewedAsync, "reviewed", ""),
    };

    private static async Task<string> ToldAsync(CliStage stage)
    {
        stage.Write("home/.config/bridle/settings.json", """{ "experienceEnabled": true }""");
        ScriptedModel? model = null;
        foreach (var session in new[] { "one", "two" })
        {
            stage.Model = model = new ScriptedModel(ScriptedReply.Text("done"));
            await stage.RunAsync("run", "--session", session, "Count the lines of the parser");
        }

        return model!.Requests[0].Messages.Any(message => message.Text.Contains("<experience", StringComparison.Ordinal)) ? "told" : "";
    }

    private static async Task<string> ReviewedAsync(CliStage stage)
    {
        stage.Write("home/.config/bridle/settings.json", """{ "learningReview": true }""");
        var model = new ScriptedModel([.. Enumerable.Range(1, 10).Select(n => ScriptedReply.Calls(("Glob", $$"""{"pattern":"x{{n}}*"}"""))), ScriptedReply.Text("done"), ScriptedReply.Text("nothing to keep")]);
        stage.Model = model;
        await stage.RunAsync("run", "task");
        return model.Requests[^1].System.StartsWith("You look back", StringComparison.Ordinal) ? "reviewed" : "";
    }

    private static async Task<string> KeptAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        var description = new string('d', 150);
        stage.Model = new ScriptedModel(ScriptedReply.Calls(("Remember", $$"""{"name":"n","description":"{{description}}","text":"t"}""")), ScriptedReply.Text("done"));
        await stage.RunAsync("run", "task");
        var model = new ScriptedModel(ScriptedReply.Text("done"));
        stage.Model = model;
        await stage.RunAsync("run", "task");
        var memory = stage.PathOf("home/.local/share/bridle/memory");
        var files = Directory.Exists(memory) ? Directory.EnumerateFiles(memory, "*", SearchOption.AllDirectories).Select(Path.GetFileName).Where(name => name is "n.md" or "shared.jsonl") : [];
        return string.Join(' ', files.Append(model.Requests[0].System.Contains(description, StringComparison.Ordinal) ? "shown" : "").Where(word => word!.Length > 0));
    }
}
