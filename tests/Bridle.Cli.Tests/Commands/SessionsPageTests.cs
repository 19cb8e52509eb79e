namespace Bridle.Cli.Tests.Commands;

/// <summary>Runs the examples of docs/sessions.md, one after another as they stand there.</summary>
public sealed class SessionsPageTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Every_example_does_what_it_says()
    {
        _stage.Write("work/notes.txt", "alpha\n");
        var ran = await ConsoleExamples.RunAsync(_stage, "sessions.md");
        Assert.True(ran > 12, $"{ran} examples ran");
    }
}
