using System.Text.RegularExpressions;
using Bridle.Permissions.Shell;

namespace Bridle.Tests.Permissions.Shell;

/// <summary>
/// Where the body of a here-document starts and ends, with lines that end inside quotes, substitutions, arrays and conditions. Real bash runs every text: what it touches must
/// have been found, or the text must have been refused. The programs are q1, q2 …; qn stands where nothing runs it.
/// </summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed partial class HereDocumentTests
{
    [Fact]
    public async Task What_bash_runs_around_a_here_document_is_found_or_the_text_is_refused()
    {
        var texts = Cases("read").Concat(Cases("refused")).Select(Named).ToList();
        using var oracle = new BashOracle();
        var touched = await oracle.RunAsync(texts);
        foreach (var text in texts)
        {
            var reading = CommandReading.Of(ShellParser.Parse(text.Text));
            var found = reading.Commands.Select(command => command.Name).ToHashSet();
            var missed = text.Programs.Where(name => touched.Contains(name) && !found.Contains(name)).ToList();
            Assert.True(missed.Count == 0 || reading.Unresolved is not null, $"{string.Join(", ", missed)} of <<{text.Text}>>");
            Assert.True(text.Files.All(name => !touched.Contains(name)), $"bash runs what stands as text: <<{text.Text}>>");
        }

        Assert.True(texts.Sum(text => text.Programs.Count(touched.Contains)) > texts.Count, "bash ran next to nothing: the test says little.");
    }

    [Fact]
    public void What_is_plain_is_read_to_its_end_and_a_body_is_no_command()
    {
        foreach (var text in Cases("read").Select(Named))
        {
            var script = ShellParser.Parse(text.Text);
            var commands = CommandReading.Of(script).Commands.Where(command => command.Direct).Select(command => command.Name).ToHashSet();
            Assert.True(script.Problem is null, $"{script.Problem}: <<{text.Text}>>");
            Assert.True(!text.Files.Any(commands.Contains), $"a body is taken for a command: <<{text.Text}>>");
        }
    }

    [Fact]
    public void What_versions_of_bash_read_differently_is_refused()
    {
        foreach (var text in Cases("refused"))
        {
            Assert.True(ShellParser.Parse(text).Problem is not null, $"read: <<{text}>>");
        }
    }

    private static string[] Cases(string kind) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Permissions", $"here-documents.{kind}.txt")).TrimEnd('\n').Split("\n====\n");

    // The trace tells texts apart by the names in them. What must not run is given as a file, so that it is no program of the text.
    private static GeneratedText Named(string text, int number)
    {
        string Of(string name) => $"q{name[1] switch { 'n' => 'n', var digit => (char)('a' + (digit - '1')) }}here{(char)('a' + (number / 26))}{(char)('a' + (number % 26))}";
        var names = Name().Matches(text).Select(match => match.Value).Distinct().ToList();
        return new GeneratedText(Name().Replace(text, match => Of(match.Value)), [.. names.Where(name => name != "qn").Select(Of)], [.. names.Where(name => name == "qn").Select(Of)]);
    }

    [GeneratedRegex("q[1-9n]")]
    private static partial Regex Name();
}
