using System.Text.RegularExpressions;
using Bridle.Cli.Tests.Reference;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs what docs/permissions.md shows.</summary>
public sealed partial class PermissionsPageTests : IDisposable
{
    private readonly CliStage _stage = new();

    private static string Page => File.ReadAllText(Path.Combine(ReferencePage.Root, "docs", "permissions.md"));

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_explained_command_of_the_page_says_what_the_page_says()
    {
        var words = Quoted().Matches(Block("sh", 0).Trim()).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value).Skip(1).ToList();
        Assert.Equal(5, await CommandLine.RunAsync(words, _stage.Context(), TestContext.Current.CancellationToken));
        Assert.StartsWith(Block("text", 0), _stage.Out.ToString());
    }

    [Fact]
    public async Task The_cases_of_the_page_pass_as_it_says()
    {
        var file = _stage.Write("cases.jsonl", Block("json", 0));
        Assert.Equal(0, await CommandLine.RunAsync(["permissions", "check", "--cases", file], _stage.Context(), TestContext.Current.CancellationToken));
        Assert.Equal(Block("text", 1), _stage.Out.ToString());
    }

    [Fact]
    public async Task The_examples_of_the_page_agree_with_their_rules_and_one_that_does_not_is_found_and_shuts_the_rule()
    {
        var settings = Block("settings", 0);
        var file = _stage.Write("work/mine.json", settings);
        Assert.Equal(0, await CommandLine.RunAsync(["settings", "check", file], _stage.Context(), TestContext.Current.CancellationToken));
        Assert.Equal(0, await ExplainAsync("Bash(git log -1)"));

        _stage.Write("work/mine.json", settings.Replace("Bash(git log; make)", "Bash(git log; git log -2)", StringComparison.Ordinal).Replace("make && git push origin", "make", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Failed, await CommandLine.RunAsync(["settings", "check", file], _stage.Context(), TestContext.Current.CancellationToken));
        Assert.Contains($"The rule 'allow Bash(git log:*)' in {file} matches its example 'Bash(git log; git log -2)'. It does not count until they agree.", _stage.Out.ToString());
        Assert.Contains($"The rule 'deny Bash(git push:*)' in {file} does not match its example 'Bash(make)'. It holds for every call of its tools until they agree.", _stage.Out.ToString());
        Assert.Equal(5, await ExplainAsync("Bash(git log -1)"));

        Task<int> ExplainAsync(string call) => CommandLine.RunAsync(["permissions", "explain", call, "--settings", file], _stage.Context(), TestContext.Current.CancellationToken);
    }

    private static string Block(string language, int index) => Regex.Matches(Page, $"```{language}\n(?<text>.*?)```", RegexOptions.Singleline)[index].Groups["text"].Value;

    [GeneratedRegex(@"'([^']*)'|\S+")]
    private static partial Regex Quoted();
}
