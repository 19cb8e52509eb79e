using System.Text.RegularExpressions;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>A long output lies beside the log, and its result names the file: the model can look at it, at no other, and change none.</summary>
public sealed class SpillTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("default", "auto")]
    [InlineData("bypass", "auto")]
    [InlineData("bypass", "off")]
    public async Task The_whole_of_a_long_output_is_read_where_the_result_says_it_is(string mode, string sandbox)
    {
        string[] flags = ["--mode", mode, "--sandbox", sandbox, "--allow", "Bash(seq:*)"];
        var looks = new[]
        {
            Call("Read", """{ "file_path": "PATH", "offset": 31000, "limit": 2 }"""), Call("Grep", """{ "pattern": "^3141.$", "path": "PATH", "output_mode": "content" }"""),
            Call("Bash", """{ "command": "tail -1 PATH && wc -l < PATH" }"""), Call("Bash", """{ "command": "rm -f PATH" }"""), Call("Write", """{ "file_path": "PATH", "content": "x" }"""), ScriptedReply.Text("Seen."),
        };
        var first = await RunAsync([Call("Bash", """{ "command": "seq 1 60000" }"""), .. looks], ["--session", "own", .. flags]);
        Assert.Contains("Read or Grep", first[0]);
        Expect(first[^5..]);
        Expect((await RunAsync(looks, ["--resume", "own", .. flags]))[^5..]);

        var path = PathIn(first[0]);
        Assert.Equal(60_000, (await File.ReadAllLinesAsync(path, TestContext.Current.CancellationToken)).Length);
        var others = await RunAsync([.. looks[..3].Select(one => Named(one, path)), ScriptedReply.Text("No.")], ["--session", "other", .. flags]);
        Assert.All(others, result => Assert.Contains("belongs to the harness itself", result));
    }

    [Fact]
    public async Task A_log_that_comes_from_elsewhere_opens_nothing()
    {
        var look = Call("Read", """{ "file_path": "PATH" }""");
        var first = await RunAsync([Call("Bash", """{ "command": "seq 1 60000" }"""), ScriptedReply.Text("Done.")], ["--session", "own", "--mode", "bypass"]);
        var sessions = _stage.PathOf("home/.local/share/bridle/sessions");
        File.Copy(Path.Combine(sessions, "session_own.jsonl"), Path.Combine(sessions, "session_copy.jsonl"));
        Assert.Contains("belongs to the harness itself", (await RunAsync([look, ScriptedReply.Text("No.")], ["--resume", "copy", "--mode", "bypass"]))[^1]);
        Assert.Contains("59999", first[0]);
    }

    private static void Expect(IReadOnlyList<string> results)
    {
        Assert.Contains("31001", results[0]);
        Assert.Contains("31415", results[1]);
        Assert.Contains("60000", results[2]);
        Assert.Contains("may only be read", results[3]);
        Assert.Contains("belongs to the harness itself", results[4]);
    }

    private async Task<string[]> RunAsync(IReadOnlyList<ScriptedReply> script, params string[] flags)
    {
        var model = new ScriptedModel(script);
        _stage.Model = model;
        await _stage.RunAsync(["run", "look", .. flags]);
        return [.. Results(model.Requests[^1])];
    }

    private static IEnumerable<string> Results(ModelRequest request) => request.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().Select(part => string.Concat(part.Content.OfType<TextPart>().Select(text => text.Text)));

    private static string PathIn(string result) => Regex.Match(result, "The whole is in (/[^;]+);").Groups[1].Value;

    private static ScriptedReply Call(string tool, string arguments) =>
        new(request => ScriptedReply.Calls((tool, arguments.Replace("PATH", Results(request).Select(PathIn).FirstOrDefault(path => path.Length > 0), StringComparison.Ordinal))).Updates(request));

    private static ScriptedReply Named(ScriptedReply reply, string path) => new(request => reply.Updates(request with
    {
        Messages = [.. request.Messages, new Message(Role.User, [new ToolResultPart(new CallId("c0"), "Bash", [new TextPart($"The whole is in {path};")], false)])],
    }));
}
