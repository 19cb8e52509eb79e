namespace Bridle.Cli.Tests.Memory;

/// <summary>The examples of docs/memory.md.</summary>
public sealed class MemoryPageTests
{
    [Fact]
    public async Task Every_example_does_what_it_says()
    {
        using var stage = new CliStage();
        var written = stage.Write("written.md", PageExamples.Block("memory.md", "markdown"));
        stage.Variables["EDITOR"] = $"cp '{written}'";
        Assert.Equal(8, await PageExamples.RunAsync(stage, "memory.md"));
    }
}
