namespace Bridle.Cli.Tests.Commands;

public sealed class PermissionsCheckTests : IDisposable
{
    private const string Rest = """ "policy":{"mode":"default","root":"/ws","trusted":true,"allow":["Bash(ls:*)","Read(//ws/**)"],"ask":[],"deny":["Bash(rm:*)"],"read_only_commands":"ask"},"why":"x" """;

    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Right_verdicts_pass_and_the_last_line_counts_them()
    {
        Assert.Equal(0, await CheckAsync(Case("1", "Bash", "\"ls -la\"", "allow"), Case("2", "Bash", "\"rm x\"", "deny"), Case("3", "Bash", "\"make\"", "ask"), ""));
        Assert.Equal("3 passed, 0 failed\n", _stage.Out.ToString());
    }

    [Fact]
    public async Task A_wrong_verdict_is_a_line_with_id_class_input_expected_got_and_what_decided_and_the_program_fails()
    {
        Assert.Equal(1, await CheckAsync(Case("X7", "Bash", "\"rm x\"", "allow"), Case("2", "Bash", "\"ls\"", "allow")));
        var lines = _stage.Out.ToString().TrimEnd().Split('\n');
        Assert.Equal("X7 own rm x: expected allow, got deny (deny Bash(rm:*) (case X7))", lines[0]);
        Assert.Equal("1 passed, 1 failed", lines[^1]);
    }

    [Fact]
    public async Task Skipped_cases_are_printed_and_counted()
    {
        Assert.Equal(0, await CheckAsync(Case("H1", "Http", "{}", "deny"), Case("S1", "Bash", "\"ls\"", "deny", "sandbox"), Case("2", "Bash", "\"ls\"", "allow")));
        var text = _stage.Out.ToString();
        Assert.Contains("H1", text);
        Assert.Contains("S1", text);
        Assert.EndsWith("2 skipped\n1 passed, 0 failed\n", text);
    }

    [Fact]
    public async Task The_set_up_of_a_case_is_made_and_links_are_followed()
    {
        var set = """ "setup":[{"mkdir":"/outside"},{"link":"/ws/out","to":"/outside"},{"file":"/ws/in/a.txt","text":"x"},{"hardlink":"/ws/second","to":"/ws/in/a.txt"},{"fifo":"/ws/pipe"}], """;
        Assert.Equal(0, await CheckAsync(
            Case("1", "Read", """{"path":"/ws/out/x"}""", "ask", "own", set), Case("2", "Read", """{"path":"/ws/in/a.txt"}""", "allow", "own", set),
            Case("3", "Read", """{"path":"/ws/pipe"}""", "error", "own", set), Case("4", "Write", """{"path":"/ws/second","content":"x"}""", "ask", "own", set)));
    }

    [Theory]
    [InlineData("not json", "Line 1")]
    [InlineData("""{"id":"1","class":"c","tool":"Bash","input":"ls","policy":{},"expected":"maybe"}""", "maybe")]
    [InlineData("""{"id":"1","class":"c","tool":"Bash","policy":{},"expected":"allow"}""", "'input' is missing")]
    [InlineData("""{"id":"1","class":"c","tool":"Bash","input":"ls","policy":{"allow":["WebFetch(x)"]},"expected":"allow"}""", "WebFetch(domain:x)")]
    [InlineData("""{"id":"1","class":"c","tool":"Bash","input":"ls","policy":{"mode":"yolo"},"expected":"allow"}""", "yolo")]
    public async Task A_line_that_is_no_case_is_a_mistake_of_usage_and_nothing_passes(string line, string said)
    {
        Assert.Equal(2, await CheckAsync(line));
        Assert.Contains(said, _stage.Error.ToString());
        Assert.DoesNotContain("passed", _stage.Out.ToString());
    }

    [Fact]
    public async Task A_file_that_is_missing_is_a_mistake_of_usage()
    {
        Assert.Equal(2, await CommandLine.RunAsync(["permissions", "check", "--cases", Path.Combine(_stage.Work, "none.jsonl")], _stage.Context(), TestContext.Current.CancellationToken));
        Assert.Contains("none.jsonl", _stage.Error.ToString());
    }

    private static string Case(string id, string tool, string input, string expected, string kind = "own", string more = "") =>
        $$"""{"id":"{{id}}","class":"{{kind}}","tool":"{{tool}}","input":{{input}},{{more}}"expected":"{{expected}}","also_ok":[],{{Rest}}}""";

    private Task<int> CheckAsync(params string[] lines) =>
        CommandLine.RunAsync(["permissions", "check", "--cases", _stage.Write("cases.jsonl", string.Join('\n', lines))], _stage.Context(), TestContext.Current.CancellationToken);
}
