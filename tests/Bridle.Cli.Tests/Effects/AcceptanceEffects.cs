using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that say when a turn counts as done.</summary>
internal static class AcceptanceEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["acceptance"] = new(stage => EndAsync(stage, """{ "acceptance": [ { "file": "gone.txt" } ], "acceptanceRounds": 0 }"""), "1 1", "0 1"),
        ["acceptanceRounds"] = new(stage => EndAsync(stage, """{ "acceptance": [ { "file": "gone.txt" } ], "acceptanceRounds": 1 }"""), "1 2", "1 4"),
        ["sealedFiles"] = new(stage => SettingEffect.CallAsync(stage, """{ "sealedFiles": ["made.txt"] }""", "Write", """{ "file_path": "made.txt", "content": "x" }""", "--mode", "acceptEdits"), "denied", "done"),
    };

    /// <summary>The exit code of a turn whose model only says that it is done, and how often it was asked.</summary>
    private static async Task<string> EndAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        var model = new ScriptedModel(Enumerable.Range(0, 9).Select(_ => ScriptedReply.Text("Done.")));
        stage.Model = model;
        return $"{await stage.RunAsync("run", "task")} {model.Requests.Count}";
    }
}
