using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of a page of docs/, one after another as they stand there: a line after a dollar sign is a command, the lines below it are said in that order, <c>(exit code N)</c> stands for another end than 0, and <c>…</c> for anything.</summary>
internal static class ConsoleExamples
{
    /// <summary>The text of a page.</summary>
    public static string Read(string page, [CallerFilePath] string here = "") => File.ReadAllText(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../docs", page)));

    /// <summary>The fenced text below the mark <c>example: name</c>.</summary>
    public static string Marked(string page, string name) => Regex.Match(Read(page), $"<!-- example: {Regex.Escape(name)} -->\n```\\w+\n(.*?)```", RegexOptions.Singleline) is { Success: true } found
        ? found.Groups[1].Value : throw new InvalidOperationException($"docs/{page} has no example '{name}'.");

    /// <summary>Runs them all, and gives how many there were.</summary>
    /// <param name="stage">Where they run.</param>
    /// <param name="page">The page.</param>
    /// <param name="after">Called with each command when it has run: what a person does with their hands.</param>
    public static async Task<int> RunAsync(CliStage stage, string page, Action<string>? after = null)
    {
        var ran = 0;
        foreach (Match block in Regex.Matches(Read(page), "```console\n(.*?)```", RegexOptions.Singleline))
        {
            foreach (var example in Regex.Split(block.Groups[1].Value, @"^\$ ", RegexOptions.Multiline).Where(part => part.Length > 0))
            {
                await RunAsync(stage, example.TrimEnd('\n').Split('\n'));
                after?.Invoke(example);
                ran++;
            }
        }

        return ran;
    }

    private static async Task RunAsync(CliStage stage, string[] example)
    {
        var words = Regex.Matches(example[0], @"(?:[^\s']|'[^']*')+").Select(word => word.Value.Replace("'", "", StringComparison.Ordinal)).ToList();
        while (words[0].Contains('='))
        {
            stage.Variables[words[0][..words[0].IndexOf('=')]] = words[0][(words[0].IndexOf('=') + 1)..];
            words.RemoveAt(0);
        }

        Assert.Equal("bridle", words[0]);
        var wanted = example.Select(line => Regex.Match(line, @"^\(exit code (\d+)\)$")).FirstOrDefault(match => match.Success) is { } end ? int.Parse(end.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) : ExitCode.Done;
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
