using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionFilesTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string PathOf(string name) => Path.Combine(_stage.Home, ".local/share/bridle/sessions", $"session_{name}.jsonl");

    private async Task TalkAsync(string name)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("It says alpha."));
        Assert.Equal(0, await _stage.RunAsync("run", "--session", name, "what does a.txt say?"));
        _stage.Out.Take();
    }

    [Fact]
    public async Task A_session_is_renamed_and_goes_on_under_its_new_name()
    {
        await TalkAsync("first");
        Assert.Equal(0, await _stage.RunAsync("sessions", "rename", "first", "second"));
        Assert.Equal("first is called second now.\n", _stage.Out.Take());
        Assert.Equal((false, true), (File.Exists(PathOf("first")), File.Exists(PathOf("second"))));
        _stage.Model = new ScriptedModel(ScriptedReply.Text("As I said."));
        Assert.Equal(0, await _stage.RunAsync("run", "--resume", "second", "Again?"));
        await TalkAsync("third");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "rename", "third", "second"));
        Assert.Contains("There is a session \"second\" already.", _stage.Error.ToString());
    }

    [Fact]
    public async Task A_session_is_copied_whole_or_up_to_a_record()
    {
        await TalkAsync("first");
        var before = await File.ReadAllBytesAsync(PathOf("first"), TestContext.Current.CancellationToken);
        Assert.Equal(0, await _stage.RunAsync("sessions", "clone", "first", "whole"));
        Assert.Equal(0, await _stage.RunAsync("sessions", "clone", "first", "part", "--up-to", "2"));
        Assert.Equal(before, await File.ReadAllBytesAsync(PathOf("first"), TestContext.Current.CancellationToken));
        _stage.Out.Take();
        Assert.Equal(0, await _stage.RunAsync("sessions", "show", "whole"));
        Assert.Equal("❯ what does a.txt say?\nIt says alpha.\n", _stage.Out.Take());
        Assert.Equal(0, await _stage.RunAsync("sessions", "show", "part"));
        Assert.Equal("❯ what does a.txt say?\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "clone", "first", "a/b"));
        Assert.Contains("cannot be the name of a session", _stage.Error.ToString());
    }

    [Fact]
    public async Task A_session_is_removed_and_only_the_one_that_was_named()
    {
        await TalkAsync("first");
        await TalkAsync("other");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "remove", "frist"));
        Assert.Equal(0, await _stage.RunAsync("sessions", "remove", "first"));
        Assert.Equal((false, true), (File.Exists(PathOf("first")), File.Exists(PathOf("other"))));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "show", "first"));
    }

    [Fact]
    public async Task What_changed_since_a_session_was_closed_is_said()
    {
        await TalkAsync("first");
        var lines = await File.ReadAllLinesAsync(PathOf("first"), TestContext.Current.CancellationToken);
        Assert.Equal(0, await _stage.RunAsync("sessions", "verify", "first"));
        Assert.Equal($"first: all {lines.Length} sealed records are as they were.\n", _stage.Out.Take());

        Assert.Equal(0, await _stage.RunAsync("sessions", "clone", "first", "copy"));
        _stage.Out.Take();
        Assert.Equal(0, await _stage.RunAsync("sessions", "verify", "copy"));
        Assert.Contains("nothing of it was sealed", _stage.Out.Take());

        lines[1] = lines[1].Replace("a.txt", "b.txt", StringComparison.Ordinal);
        await File.WriteAllLinesAsync(PathOf("first"), lines[..^1], TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "verify", "first"));
        Assert.Equal($"first: of {lines.Length} sealed records 2 is not as sealed. 1 at the end is gone.\n", _stage.Out.Take());

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "clone", "first", "again"));
        Assert.Contains("line 2 is damaged or was edited", _stage.Error.ToString());
        var seal = Directory.EnumerateFiles(_stage.Home, "first.seal", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(seal, "x", TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "verify", "first"));
        Assert.Contains("nothing can be said", _stage.Out.Take());
    }
}
