using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionsCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string LogOf(string name) => Path.Combine(_stage.Home, ".local/share/bridle/sessions", $"session_{name}.jsonl");

    private async Task<string> TalkAsync(string question = "What is it?")
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("It is ```a```."));
        _stage.Write("work/a.txt", "hello");
        var before = Names();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", question));
        return Names().Except(before).Single();
    }

    private string[] Names() => Directory.Exists(Path.GetDirectoryName(LogOf("x"))!)
        ? [.. Directory.GetFiles(Path.GetDirectoryName(LogOf("x"))!, "session_*.jsonl").Select(file => Path.GetFileNameWithoutExtension(file)["session_".Length..])]
        : [];

    [Fact]
    public async Task A_renamed_session_keeps_its_file_under_the_new_name_and_never_overwrites_one()
    {
        var name = await TalkAsync();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "rename", name, "todo"));
        Assert.Equal(["todo"], Names());
        var other = await TalkAsync();
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "rename", other, "todo"));
        Assert.Contains("There is a session \"todo\" already.", _stage.Error.ToString());
        Assert.Equal([other, "todo"], Names().Order());
    }

    [Fact]
    public async Task A_clone_and_a_fork_leave_every_byte_of_their_source_and_go_on_by_themselves()
    {
        var name = await TalkAsync();
        var bytes = File.ReadAllBytes(LogOf(name));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "clone", name));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "clone", name));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "fork", name, "early", "--at", "3"));
        Assert.Equal([name, $"{name}-clone", $"{name}-clone-2", "early"], Names().Order());
        Assert.Equal(bytes, File.ReadAllBytes(LogOf(name)));
        Assert.Equal(3, File.ReadAllLines(LogOf("early")).Length);
        Assert.Equal(File.ReadAllLines(LogOf(name)).Length, File.ReadAllLines(LogOf($"{name}-clone")).Length);

        _stage.Model = new ScriptedModel(ScriptedReply.Text("on"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", $"{name}-clone", "go on"));
        Assert.Equal(bytes, File.ReadAllBytes(LogOf(name)));
    }

    [Fact]
    public async Task A_fork_beyond_the_end_says_how_far_it_can_go()
    {
        var name = await TalkAsync();
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "fork", name, "--at", "999"));
        Assert.Contains($"has the records 1 to {File.ReadAllLines(LogOf(name)).Length}", _stage.Error.ToString());
        Assert.Equal([name], Names());
    }

    [Fact]
    public async Task Removing_asks_first_and_takes_nothing_without_a_yes()
    {
        var name = await TalkAsync();
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "rm", name));
        Assert.Contains("Add --yes", _stage.Error.ToString());
        (_stage.Terminal, _stage.Input) = (true, "n\n");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "rm", name));
        Assert.Equal([name], Names());
        _stage.Input = "y\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "rm", name));
        Assert.Empty(Names());
    }

    [Fact]
    public async Task Of_several_names_none_is_removed_when_one_is_wrong()
    {
        var name = await TalkAsync();
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "rm", "--yes", name, "nobody"));
        Assert.Contains("There is no session 'nobody'.", _stage.Error.ToString());
        Assert.Equal([name], Names());
    }

    [Fact]
    public async Task Verify_names_the_record_that_somebody_changed_and_ends_with_1()
    {
        var name = await TalkAsync("What is the zebra?");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "verify"));
        Assert.Contains($"ok   {name}: ", _stage.Out.ToString());
        var lines = File.ReadAllLines(LogOf(name));
        var changed = Array.FindIndex(lines, line => line.Contains("zebra"));
        lines[changed] = lines[changed].Replace("zebra", "zebro");
        File.WriteAllLines(LogOf(name), lines);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "verify", name));
        Assert.Contains($"BAD  {name}: changed since it was last closed: record {changed + 1}", _stage.Out.ToString());
    }

    [Fact]
    public async Task Verify_notices_records_that_are_gone_from_the_end()
    {
        var name = await TalkAsync();
        var lines = File.ReadAllLines(LogOf(name));
        File.WriteAllLines(LogOf(name), lines[..^2]);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "verify", name));
        Assert.Contains("2 records are gone from its end", _stage.Out.ToString());
    }

    [Fact]
    public async Task An_export_as_Markdown_shows_the_whole_conversation_in_fences_it_cannot_close()
    {
        var name = await TalkAsync();
        _stage.Write("work/a.txt", "```\n# not a heading of the transcript");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("Seen."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", name, "again"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", name, "--file", "talk.md"));
        var text = File.ReadAllText(Path.Combine(_stage.Work, "talk.md"));
        foreach (var part in new[] { $"# {name}", "## Person\n\nWhat is it?", "## Model", "**Call of Read**", "**Result of Read: completed**", "It is ```a```.", "````\n1\t```\n2\t# not a heading" })
        {
            Assert.Contains(part, text.Replace("     ", ""));
        }

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_stage.Work, "talk.md")));
        }

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "export", name, "--file", "talk.md"));
        Assert.Equal(text, File.ReadAllText(Path.Combine(_stage.Work, "talk.md")));
    }

    [Fact]
    public async Task Plain_messages_that_were_exported_can_be_dropped_in_and_are_the_same_conversation()
    {
        var name = await TalkAsync();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", name, "--format", "openai", "--file", "plain.jsonl"));
        var plain = File.ReadAllText(Path.Combine(_stage.Work, "plain.jsonl"));
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", name, "--openai"));
        Assert.Equal(plain, _stage.Out.ToString());
        Assert.Equal(["user", "assistant", "tool", "assistant"], plain.Trim().Split('\n').Select(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("role").GetString()));
        File.Copy(Path.Combine(_stage.Work, "plain.jsonl"), LogOf("dropped"));
        var model = new ScriptedModel(ScriptedReply.Text("I remember."));
        _stage.Model = model;
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", "dropped", "--accept-edits", "go on"));
        Assert.Equal("It is ```a```.", model.Requests[0].Messages[^2].Text);
    }
}
