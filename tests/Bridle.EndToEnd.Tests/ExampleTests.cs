namespace Bridle.EndToEnd.Tests;

public sealed class ExampleTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_minimal_example_answers_about_real_files_without_a_key_and_leaves_nothing_behind()
    {
        _place.Write("a.c", "// TODO: handle the empty list\n");
        var ended = await RunAsync("Example.Minimal");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains("a.c, line 1: handle the empty list", ended.Out, StringComparison.Ordinal);
        Assert.Empty(_place.Sessions);
    }

    [Fact]
    public async Task The_example_of_an_own_tool_shows_what_the_model_sees_of_it()
    {
        var ended = await RunAsync("Example.OwnTool");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains("tool_returned c1 Completed \"a saddle\"", ended.Out, StringComparison.Ordinal);
        Assert.Contains("tool_returned c2 Completed \"TWO BRIDLES\"", ended.Out, StringComparison.Ordinal);
        Assert.Contains("tool_returned c3 Failed \"There is no order 9. Known are 7, 8.\"", ended.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_tests_of_the_example_agent_pass()
    {
        var ended = await RunAsync("Example.TestYourAgent", "-noLogo", "-noColor");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains("Total: 3, Errors: 0, Failed: 0", ended.Out, StringComparison.Ordinal);
    }

    private async Task<Ended> RunAsync(string example, params string[] arguments)
    {
        using var process = _place.StartProgram(Place.Program.Replace("Bridle.Cli", example, StringComparison.Ordinal), arguments);
        process.StandardInput.Close();
        return await Place.EndAsync(process);
    }
}
