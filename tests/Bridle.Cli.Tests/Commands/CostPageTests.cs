using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of docs/cost.md and docs/acceptance-checks.md.</summary>
public sealed class CostPageTests : IDisposable
{
    private static readonly Price s_price = new(3, 15);
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_example_about_cost_does_what_it_says()
    {
        _stage.Write("work/notes.txt", "alpha\n");
        Script(ScriptedReply.Calls(("Read", """{ "file_path": "notes.txt" }""")), ScriptedReply.Text("It says alpha."));
        Assert.Equal(5, await ConsoleExamples.RunAsync(_stage, "cost.md"));
    }

    [Fact]
    public async Task Every_example_about_acceptance_does_what_it_says()
    {
        _stage.Write("work/tests/a.test", "expect 42\n");
        Script(
            ScriptedReply.Text("Done."), ScriptedReply.Calls(("Write", """{ "file_path": "out/report.md", "content": "# Summary\n" }""")), ScriptedReply.Text("The report is written."),
            ScriptedReply.Calls(("Write", """{ "file_path": "tests/a.test", "content": "" }""")), ScriptedReply.Text("I could not."));
        Assert.Equal(6, await ConsoleExamples.RunAsync(_stage, "acceptance-checks.md"));
    }

    private void Script(params ScriptedReply[] replies) => _stage.Model = new ScriptedModel(replies)
    {
        Info = new("anthropic", "claude-sonnet-4-5", "anthropic") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = s_price },
    };
}
