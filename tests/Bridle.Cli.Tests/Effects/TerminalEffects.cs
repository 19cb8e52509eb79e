using Bridle.Cli.Tests.Terminals;
using Bridle.Cli.Tests.Terminals.Screens;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys do that say how a chat looks and sounds.</summary>
internal static class TerminalEffects
{
    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["plain"] = new(async stage => (await ChatAsync(stage, """{ "plain": true }""")).Frames > 0 ? "moves" : "plain", "plain", "moves"),
        ["notifications"] = new(async stage => (await ChatAsync(stage, """{ "notifications": "off" }""")).Bells > 0 ? "rings" : "silent", "silent", "rings"),
    };

    private static async Task<VirtualTerminal> ChatAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        var (screen, keys) = (new VirtualTerminal(80, 24), new FakeKeys("go{enter}"));
        (stage.Screen, stage.Keys) = (screen, () => keys);
        stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{ "command": "touch made.txt" }""")), ScriptedReply.Text("done"));
        var chat = stage.RunAsync("chat", "--sandbox", "off");
        await screen.WaitForAsync("[y] yes, once");
        keys.Type("n{enter}");
        await screen.WaitForAsync("2 steps");
        keys.Type("{ctrl-d}");
        await chat;
        return screen;
    }
}
