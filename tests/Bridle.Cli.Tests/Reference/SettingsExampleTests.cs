using System.Text.RegularExpressions;

namespace Bridle.Cli.Tests.Reference;

/// <summary>The examples of docs/settings.md and docs/trust.md are run as they stand there; each line that they show must come.</summary>
public sealed partial class SettingsExampleTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("settings.md", 4, "home/.config/bridle/settings.json", "work/.bridle/settings.json")]
    [InlineData("trust.md", 5, "work/.bridle/settings.json")]
    public async Task The_example_of_the_page_is_what_happens(string page, int commands, params string[] files)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(ReferencePage.Root, "docs", page), TestContext.Current.CancellationToken);
        var contents = Blocks(text, "json");
        Assert.Equal(files.Length, contents.Count);
        foreach (var (file, content) in files.Zip(contents))
        {
            _stage.Write(file, content);
        }

        _stage.Write("work/a.txt", "one\n");
        var ran = 0;
        foreach (var part in Assert.Single(Blocks(text, "console")).Split("$ bridle ", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = part.TrimEnd('\n').Split('\n');
            var (outBefore, errorBefore) = (_stage.Out.ToString().Length, _stage.Error.ToString().Length);
            Assert.Equal(0, await _stage.RunAsync([.. Words().Matches(lines[0]).Select(word => word.Value.Trim('\'', '"'))]));
            var said = Plain(_stage.Out.ToString()[outBefore..] + "\n" + _stage.Error.ToString()[errorBefore..]);
            Assert.All(lines[1..], line => Assert.Contains(Plain(line.Replace("WORK", _stage.Work, StringComparison.Ordinal).Replace("HOME", _stage.Home, StringComparison.Ordinal)), said));
            ran++;
        }

        Assert.Equal(commands, ran);
    }

    private static List<string> Blocks(string text, string kind) => [.. Regex.Matches(text, $"```{kind}\n(?<inner>.*?)```", RegexOptions.Singleline).Select(match => match.Groups["inner"].Value)];

    private static string Plain(string text) => Blank().Replace(text, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blank();

    [GeneratedRegex("""'[^']*'|"[^"]*"|\S+""")]
    private static partial Regex Words();
}
