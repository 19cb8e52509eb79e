using System.Text.Json;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>A run that shows what a settings key does.</summary>
/// <param name="Run">Plays it and says what came of it.</param>
/// <param name="With">What must come of it with the key.</param>
/// <param name="Without">What must come of it when the key is ignored.</param>
internal sealed record SettingEffect(Func<CliStage, Task<string>> Run, string With, string Without)
{
    /// <summary>How a run ends that makes one call, with the person's settings.</summary>
    public static async Task<string> CallAsync(CliStage stage, string settings, string tool, string input, params string[] flags)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        stage.Model = new ScriptedModel(ScriptedReply.Calls((tool, input)), ScriptedReply.Text("done"));
        return await stage.RunAsync(["run", .. flags, "task"]) switch { ExitCode.Done => "done", ExitCode.Denied => "denied", ExitCode.Usage => "refused", var other => $"{other}" };
    }

    /// <summary>The text as JSON.</summary>
    public static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
