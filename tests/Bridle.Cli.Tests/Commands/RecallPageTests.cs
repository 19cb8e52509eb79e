using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of docs/recall.md, one after another as they stand there.</summary>
public sealed class RecallPageTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_example_does_what_it_says()
    {
        _stage.Write("work/notes.txt", "The lighthouse keeper of Zürich\n");
        _stage.Write("work/支付服务.txt", "an order\n");
        var ran = 0;
        foreach (Match block in Regex.Matches(await File.ReadAllTextAsync(Page(), TestContext.Current.CancellationToken), "```console\n(.*?)```", RegexOptions.Singleline))
        {
            foreach (var example in Regex.Split(block.Groups[1].Value, @"^\$ ", RegexOptions.Multiline).Where(part => part.Length > 0))
            {
                await RunAsync(example.TrimEnd('\n').Split('\n'));
                ran++;
            }
        }

        Assert.True(ran > 7, $"{ran} examples ran");
    }

    private async Task RunAsync(string[] example)
    {
        var words = Regex.Matches(example[0], @"(?:[^\s']|'[^']*')+").Select(word => word.Value.Replace("'", "", StringComparison.Ordinal)).ToList();
        Assert.Equal("bridle", words[0]);
        var exitCode = await _stage.RunAsync([.. words[1..]]);
        var said = _stage.Out.Take() + _stage.Error.Take();
        Assert.True(exitCode == (example[1..].Contains("Nothing was found.") ? ExitCode.Failed : ExitCode.Done), $"{example[0]} ended with {exitCode}: {said}");
        var at = 0;
        foreach (var line in example[1..])
        {
            var found = new Regex(Regex.Escape(line.Trim()).Replace("…", ".*", StringComparison.Ordinal)).Match(said, at);
            Assert.True(found.Success, $"{example[0]}\nshould say: {line}\nsaid: {said}");
            at = found.Index + found.Length;
        }
    }

    private static string Page([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs/recall.md"));
}
