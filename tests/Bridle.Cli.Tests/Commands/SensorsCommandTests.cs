using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Reference;

namespace Bridle.Cli.Tests.Commands;

public sealed class SensorsCommandTests : IDisposable
{
    private readonly CliStage _stage = new() { Width = 400 };

    public void Dispose() => _stage.Dispose();

    private static string Example(string name) =>
        Regex.Match(File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "sensors.md")), $@"<!-- example: {name} -->\n```\w+\n(?<text>.*?)```", RegexOptions.Singleline).Groups["text"].Value;

    [Fact]
    public async Task The_example_of_the_page_does_what_the_page_says()
    {
        _stage.Write("home/.config/bridle/settings.json", Example("settings"));
        _stage.Write("work/src/plants.py", "plants = []\n# FIXME: water them\n");
        var (command, output) = Example("run").Split('\n', 2) is [var first, var rest] ? (first, rest) : default;
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync(command["$ bridle ".Length..].Split(' ')));
        Assert.Equal(output, _stage.Out.ToString());

        _stage.Out.Take();
        _stage.Write("work/src/plants.py", "plants = ['fern']\n");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sensors", "run"));
        Assert.Equal("The sensor 'fixme' is green now.\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task The_list_says_where_each_is_from_and_why_it_does_not_look()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sensors": { "define": { "mine": { "command": "true", "when": ["edit"] }, "not": { "command": "false", "enabled": false } } } }""");
        _stage.Write("work/tsconfig.json", "{}");
        _stage.Write("work/package.json", "{}");
        _stage.Write("work/node_modules/.bin/tsc", "");
        async Task<string> ListAsync(params string[] flags)
        {
            _stage.Out.Take();
            Assert.Equal(0, await _stage.RunAsync(["sensors", "list", "--json", .. flags]));
            using var list = JsonDocument.Parse(_stage.Out.ToString());
            return string.Join('\n', list.RootElement.EnumerateArray().Select(one => $"{one.GetProperty("name").GetString()} {one.GetProperty("looks").GetBoolean()} {one.GetProperty("why_not").GetString()?.Split(' ')[0]}"));
        }

        Assert.Equal("mine True \nnot False switched\ntsc False the", await ListAsync());
        Assert.Equal("mine True \nnot False switched\ntsc False ready-made", await ListAsync("--trust"));
        Assert.Equal("mine True \nnot False switched\ntsc True ", await ListAsync("--trust", "--settings", """{ "sensors": { "detect": true } }"""));
        _stage.Out.Take();
        await _stage.RunAsync("sensors", "list", "--trust");
        Assert.Contains("looks mine [edit]  true", _stage.Out.ToString(), StringComparison.Ordinal);
        Assert.Contains("ready-made, because of tsconfig.json", _stage.Out.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mime", "There is no sensor 'mime'. Did you mean 'mine'?")]
    [InlineData("not", "switched off")]
    public async Task One_that_cannot_look_is_said(string name, string words)
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sensors": { "define": { "mine": { "command": "true" }, "not": { "command": "false", "enabled": false } } } }""");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sensors", "run", name));
        Assert.Contains(words, _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Doctor_says_which_look_and_which_could()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sensors": { "define": { "mine": { "command": "true" } } } }""");
        await _stage.RunAsync("doctor");
        Assert.Matches(@"sensors\s+mine \(turn\)", _stage.Out.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_persons_sensor_stands_for_itself_unconfined_only_in_a_trusted_folder(bool trust)
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sensors": { "define": { "mine": { "command": "sh tool.sh" } } } }""");
        _stage.Write("work/tool.sh", "echo x > ran");
        _stage.Model = new Testing.ScriptedModel(Testing.ScriptedReply.Calls(("Write", """{ "file_path": "a.cs", "content": "x" }""")), Testing.ScriptedReply.Text("Done."));
        await _stage.RunAsync(["run", "--sandbox", "off", "--mode", "acceptEdits", .. trust ? ["--trust"] : Array.Empty<string>(), "task"]);
        Assert.Equal(trust, File.Exists(Path.Combine(_stage.Work, "ran")));
    }
}
