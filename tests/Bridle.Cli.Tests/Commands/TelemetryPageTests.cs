using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Reference;
using Bridle.FakeVendors;
using Bridle.Hosting.Settings;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs what docs/telemetry.md shows, and reads what it and docs/models.md show of settings.</summary>
public sealed class TelemetryPageTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_command_of_the_page_sends_all_that_the_page_names()
    {
        await using var collector = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        var command = Block("telemetry.md", "sh");
        foreach (Match variable in Regex.Matches(command, @"(?<name>[A-Z_]+)=(?<value>\S+)"))
        {
            _stage.Variables[variable.Groups["name"].Value] = variable.Groups["value"].Value.Replace("http://localhost:4318", collector.Url.ToString(), StringComparison.Ordinal);
        }

        _stage.Write("work/a.txt", "TODO: all of it\n");
        _stage.Model = new ScriptedModel(
            ScriptedReply.Of([new TextPart("Looking."), new ToolCallPart(new CallId("c1"), "Grep", """{"pattern":"TODO"}""")], StopReason.ToolUse, new Models.TextArrived("Looking.")), ScriptedReply.Text("a.txt."));
        Assert.Equal(0, await _stage.RunAsync("run", "--stream", "--sandbox", "off", Regex.Match(command, "\"(?<task>.*)\"").Groups["task"].Value));
        var sent = string.Concat(collector.Requests.Select(request => request.Text));
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Requests.Select(request => request.Path).Distinct().Order());
        var page = Page("telemetry.md");
        var tables = page[page.IndexOf("| Span |", StringComparison.Ordinal)..page.IndexOf("Figures are cumulative", StringComparison.Ordinal)];
        var names = Regex.Matches(tables, "`(?<name>(?:gen_ai|bridle|invoke|execute)[a-z_. ]*)").Select(match => match.Groups["name"].Value.Trim()).Distinct().ToList();
        Assert.True(names.Count > 15);
        Assert.All(names.Except(["bridle.cost", "bridle.cost.usd", "bridle.cost.estimated_usd", "bridle.usage.estimated"]), name => Assert.Contains(name, sent));
    }

    [Theory]
    [InlineData("telemetry.md")]
    [InlineData("models.md")]
    public void Every_setting_that_the_page_shows_is_one(string page)
    {
        var blocks = Regex.Matches(Page(page), "```json\n(?<text>.*?)```", RegexOptions.Singleline).Select(match => match.Groups["text"].Value).ToList();
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Empty(SettingsReview.Of(_stage.Write("work/shown.json", block))));
    }

    private static string Page(string name) => File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", name));

    private static string Block(string page, string language) => Regex.Match(Page(page), $"```{language}\n(?<text>.*?)```", RegexOptions.Singleline).Groups["text"].Value;
}
