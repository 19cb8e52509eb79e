using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bridle.Cli.Tests.Memory;

/// <summary>Runs the console examples of a page of the documentation, one after another as they stand there, and holds what is said to the lines below each.</summary>
internal static class PageExamples
{
    public static async Task<int> RunAsync(CliStage stage, string page)
    {
        var ran = 0;
        foreach (Match block in Regex.Matches(Text(page), "```console\n(.*?)```", RegexOptions.Singleline))
        {
            foreach (var example in Regex.Split(block.Groups[1].Value, @"^\$ ", RegexOptions.Multiline).Where(part => part.Length > 0))
            {
                await RunAsync(stage, example.TrimEnd('\n').Split('\n'));
                ran++;
            }
        }

        return ran;
    }

    /// <summary>The first block of that language.</summary>
    public static string Block(string page, string language) => Regex.Match(Text(page), $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;

    private static async Task RunAsync(CliStage stage, string[] example)
    {
        var words = Regex.Matches(example[0], @"(?:[^\s'""]|'[^']*'|""[^""]*"")+").Select(word => word.Value.Replace("'", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal)).ToList();
        Assert.Equal("bridle", words[0]);
        var exitCode = await stage.RunAsync([.. words[1..]]);
        var said = stage.Out.Take() + stage.Error.Take();
        Assert.True(exitCode == ExitCode.Done, $"{example[0]} ended with {exitCode}: {said}");
        var at = 0;
        foreach (var line in example[1..])
        {
            var pattern = Regex.Escape(Regex.Replace(line.Trim(), " +", " ")).Replace("\\ ", " +", StringComparison.Ordinal).Replace("…", ".*", StringComparison.Ordinal);
            var found = new Regex(pattern).Match(said, at);
            Assert.True(found.Success, $"{example[0]}\nshould say: {line}\nsaid: {said}");
            at = found.Index + found.Length;
        }
    }

    private static string Text(string page, [CallerFilePath] string here = "") => File.ReadAllText(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs", page)));
}
