using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of a page of the documentation, one after another as they stand there: each <c>console</c> block, a command after each <c>$</c>, then lines of what it says.</summary>
internal static class ConsoleExamples
{
    /// <summary>Plays all of them and gives how many there were. <c>(exit code N)</c> stands for another end than 0, and <c>…</c> for anything.</summary>
    public static async Task<int> PlayAsync(CliStage stage, string page, [CallerFilePath] string here = "")
    {
        var ran = 0;
        var text = await File.ReadAllTextAsync(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs", page)), TestContext.Current.CancellationToken);
        foreach (Match block in Regex.Matches(text, "```console\n(.*?)```", RegexOptions.Singleline))
        {
            foreach (var example in Regex.Split(block.Groups[1].Value, @"^\$ ", RegexOptions.Multiline).Where(part => part.Length > 0))
            {
                await PlayAsync(stage, example.TrimEnd('\n').Split('\n'));
                ran++;
            }
        }

        return ran;
    }

    private static async Task PlayAsync(CliStage stage, string[] example)
    {
        var words = Regex.Matches(example[0], @"(?:[^\s']|'[^']*')+").Select(word => word.Value.Replace("'", "", StringComparison.Ordinal)).ToList();
        Assert.Equal("bridle", words[0]);
        var wanted = example.Select(line => Regex.Match(line, @"^\(exit code (\d+)\)$")).FirstOrDefault(match => match.Success) is { } end ? int.Parse(end.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var exitCode = await stage.RunAsync([.. words[1..]]);
        var said = stage.Out.Take() + stage.Error.Take();
        Assert.True(exitCode == wanted, $"{example[0]} ended with {exitCode}: {said}");
        var at = 0;
        foreach (var line in example[1..].Where(line => !line.StartsWith("(exit code ", StringComparison.Ordinal)))
        {
            var found = new Regex(Regex.Escape(line.Trim()).Replace("…", ".*", StringComparison.Ordinal)).Match(said, at);
            Assert.True(found.Success, $"{example[0]}\nshould say: {line}\nsaid: {said}");
            at = found.Index + found.Length;
        }
    }
}
