using System.Text.Json;
using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Reference;
using Bridle.Testing;

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

    [Theory]
    [InlineData(5_000, "5000 errors", "5000", false)]
    [InlineData(25_000, "at least 20000 errors (counting stopped there)", "at least 20000", true)]
    public async Task Very_many_findings_are_counted_on_the_screen_in_the_result_and_in_the_receipt(int count, string said, string inReceipt, bool isAtLeast)
    {
        _stage.Write("home/.config/bridle/settings.json", $$"""{ "sensors": { "rounds": 1, "define": { "lint": { "command": "seq {{count}} | sed 's/.*/a.txt:&:1: error: wrong/'; exit 1" } } } }""");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sensors", "run", "lint"));
        Assert.Contains($"is red: {said}.\n", _stage.Out.Take(), StringComparison.Ordinal);
        Assert.Contains($": {said}; a.txt:1:1: error: wrong", _stage.Error.Take(), StringComparison.Ordinal);

        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")), ScriptedReply.Text("Done."), ScriptedReply.Text("Done."));
        Assert.True(await _stage.RunAsync("run", "--session", "s", "--output", "json", "--sandbox", "off", "--trust", "--mode", "acceptEdits", "task") is ExitCode.Failed, _stage.Out.ToString() + _stage.Error);
        using (var result = JsonDocument.Parse(_stage.Out.Take()))
        {
            var sensor = result.RootElement.GetProperty("sensors")[0];
            Assert.Equal((Math.Min(count, 20_000), isAtLeast), (sensor.GetProperty("errors").GetInt32(), sensor.TryGetProperty("at_least", out _)));
        }

        await _stage.RunAsync("runs", "show", "s/1");
        Assert.Contains($"lint red ({inReceipt})", _stage.Out.Take(), StringComparison.Ordinal);
        await _stage.RunAsync("runs", "show", "s/1", "--json");
        using (var receipt = JsonDocument.Parse(_stage.Out.Take()))
        {
            var sensor = receipt.RootElement.GetProperty("sensors")[0];
            Assert.Equal((Math.Min(count, 20_000), isAtLeast), (sensor.GetProperty("signals").GetInt32(), sensor.TryGetProperty("at_least", out _)));
        }

        await _stage.RunAsync("sessions", "export", "s");
        Assert.Contains($"(and {(isAtLeast ? "at least " : "")}{Math.Min(count, 20_000) - 100} more)", _stage.Out.Take(), StringComparison.Ordinal);
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
    [InlineData("list")]
    [InlineData("run")]
    public async Task Settings_that_cannot_be_used_are_said_and_not_that_there_is_no_sensor(string command)
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "sensors": { "rounds": 0, "define": { "mine": { "command": "true" } } } }""");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sensors", command));
        Assert.Contains("'sensors.rounds' is 0, but must be above zero.", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("no sensor", _stage.Error.ToString() + _stage.Out, StringComparison.OrdinalIgnoreCase);
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
