using System.Text.Json;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of docs/goals.md as they stand there, and holds its reference against what comes of them.</summary>
public sealed class GoalsPageTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_example_does_what_it_says_and_every_field_that_it_leaves_is_in_the_reference()
    {
        _stage.Write("work/notes.md", "Three columns.\n");
        _stage.Write("work/table.txt", "one\ntwo\nthree\n");
        _stage.Model = new ScriptedModel(
            [.. Enumerable.Repeat(ScriptedReply.Text("It is described."), 4), Write("format.md"), ScriptedReply.Text("The columns are in format.md."), Write("export.sh"), ScriptedReply.Text("It exports.")]);
        Assert.Equal(8, await ConsoleExamples.RunAsync(_stage, "goals.md", command =>
        {
            if (command.StartsWith("bridle goal new", StringComparison.Ordinal))
            {
                _stage.Write("work/.bridle/goals/csv-export.json", ConsoleExamples.Marked("goals.md", "goal"));
            }
        }));
        using var left = JsonDocument.Parse(File.ReadAllText(_stage.PathOf("work/.bridle/goals/csv-export.json")));
        var reference = ConsoleExamples.Read("reference/goals.md");
        var names = Names(left.RootElement).Distinct().ToList();
        Assert.Contains("requests_without_price", names);
        Assert.All(names, name => Assert.Contains($"`{name}`", reference));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "list", "--json"));
        using var list = JsonDocument.Parse(_stage.Out.Take());
        Assert.All(Names(list.RootElement).Distinct(), name => Assert.Contains($"`{name}`", reference));
    }

    private static IEnumerable<string> Names(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => Names(field.Value).Prepend(field.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Names),
        _ => [],
    };

    private static ScriptedReply Write(string path) => ScriptedReply.Calls(("Write", $$"""{ "file_path": "{{path}}", "content": "Text.\n" }"""));
}
