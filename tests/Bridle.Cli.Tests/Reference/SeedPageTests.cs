using System.Text.RegularExpressions;
using Bridle.FakeVendors;

namespace Bridle.Cli.Tests.Reference;

public sealed class SeedPageTests
{
    [Fact]
    public async Task The_commands_of_the_page_do_what_stands_below_them()
    {
        using var stage = new CliStage();
        await using var ollama = FakeLocal.Ollama(
            [new("qwen3:8b"), new("gemma3:4b", Tools: false)],
            FakeTurn.Call("Read", """{"file_path":"notes.txt"}"""), FakeTurn.Say("The word is kestrel."), FakeTurn.Say("Kestrel."), FakeTurn.Say("lertsek"));
        stage.Write("work/notes.txt", "the word is kestrel\n");
        stage.Variables["OLLAMA_API_URL"] = ollama.Server.Url.ToString().TrimEnd('/');
        var page = await File.ReadAllTextAsync(Path.Combine(ReferencePage.Root, "docs", "seed-commands.md"), TestContext.Current.CancellationToken);
        var steps = page.Split("```console\n")[1].Split("```")[0].Split("$ bridle ", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(7, steps.Length);
        foreach (var step in steps)
        {
            var (command, expected) = (step.Split('\n', 2)[0], step.Split('\n', 2)[1]);
            var words = Regex.Matches(command, "\"([^\"]*)\"|(\\S+)").Select(word => word.Groups[1].Success ? word.Groups[1].Value : word.Groups[2].Value);
            await stage.RunAsync([.. words]);
            var (shown, told) = (stage.Out.Take(), stage.Error.Take());
            Assert.Equal(Plain(expected), Plain(shown.Length > 0 ? shown : told));
        }

        Assert.Empty(ollama.Refusals);
    }

    // The port and the time are another machine's.
    private static string Plain(string text) => Regex.Replace(Regex.Replace(text, "http://(localhost|127\\.0\\.0\\.1):[0-9]+", "SERVER"), "[0-9]+ ms", "N ms");
}
