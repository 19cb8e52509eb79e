using System.Runtime.CompilerServices;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionImportTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Theory]
    [InlineData("codex.jsonl", "codex")]
    [InlineData("opencode.json", "opencode")]
    [InlineData("claude.jsonl", "claude")]
    public async Task An_imported_session_can_be_shown_exported_listed_replayed_and_continued(string file, string program)
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "import", Transcript(file), "talk"));
        Assert.Contains($"of {program}. Go on with: bridle run --resume talk", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "show", "talk"));
        Assert.Contains("a.txt", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", "talk", "--format", "html"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", "talk", "--format", "messages"));
        _stage.Out.Take();

        var model = new ScriptedModel(ScriptedReply.Text("On it."));
        _stage.Model = model;
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", "talk", "And now?"));
        Assert.Equal("And now?", model.Requests.Single().Messages[^1].Parts.OfType<TextPart>().Last().Text);
        Assert.True(model.Requests.Single().Messages.Count > 4);
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "talk"));
        Assert.Contains("1 run, 1 request built again and the same.", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "verify", "talk"));
    }

    [Fact]
    public async Task The_file_as_it_was_is_kept_without_its_secrets_and_a_name_is_made_of_program_and_time()
    {
        const string Key = "sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789abcdefghij";
        var file = _stage.Write("work/t.jsonl", File.ReadAllText(Transcript("claude.jsonl")).Replace("Thanks.", Key, StringComparison.Ordinal));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "import", file, "--from", "claude"));
        var log = Directory.GetFiles(Path.Combine(_stage.Home, ".local/share/bridle/sessions"), "session_claude-2026-11-20_*.jsonl").Single();
        var blobs = Directory.GetFiles(Path.Combine(_stage.Home, ".local/share/bridle/blobs")).Select(File.ReadAllText).ToList();
        Assert.Contains(blobs, blob => blob.Contains("A reply that was left.", StringComparison.Ordinal));
        Assert.All(blobs.Append(File.ReadAllText(log)), text => Assert.DoesNotContain(Key, text, StringComparison.Ordinal));
        Assert.Contains("not taken over: 1 × lines of a branch that was left", _stage.Out.ToString());
    }

    [Fact]
    public async Task The_folder_that_a_transcript_names_is_worked_in_only_when_the_person_trusts_it()
    {
        var named = Directory.CreateDirectory(Path.Combine(_stage.Home, "private")).FullName;
        var file = _stage.Write("work/t.jsonl", $$"""{"type":"user","sessionId":"s","timestamp":"2026-01-01T00:00:00Z","cwd":"{{named}}","message":{"content":"Hi."} }""" + "\n");
        async Task<string?> FolderAsync(string name)
        {
            _stage.Model = new ScriptedModel(ScriptedReply.Text("Ok."));
            Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "import", file, name));
            Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--resume", name, "And now?"));
            return ((ScriptedModel)_stage.Model).Requests[0].System;
        }

        Assert.Contains($"The working folder is {_stage.Work}.", await FolderAsync("before"));
        Assert.Contains($"which is no folder that you trust; it goes on in {_stage.Work}", _stage.Out.Take().ReplaceLineEndings(" ").Replace("    ", " ", StringComparison.Ordinal) + _stage.Error);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("trust", named));
        Assert.Contains($"The working folder is {named}.", await FolderAsync("after"));
    }

    [Fact]
    public async Task What_is_no_transcript_or_would_overwrite_is_refused_and_nothing_is_made()
    {
        var file = _stage.Write("work/x.txt", "hello");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "import", file));
        Assert.Contains("it is no transcript of Codex, opencode or Claude Code", _stage.Error.ToString());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "import", "none.jsonl"));
        System.Diagnostics.Process.Start("mkfifo", [_stage.PathOf("work/pipe")]).WaitForExit();
        foreach (var odd in new[] { _stage.PathOf("work/pipe"), "/dev/zero" })
        {
            Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "import", odd).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            Assert.Contains("no ordinary file", _stage.Error.Take());
        }

        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "import", Transcript("codex.jsonl"), "--from", "claude"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "import", Transcript("codex.jsonl"), "talk"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "import", Transcript("codex.jsonl"), "talk"));
        Assert.Single(Directory.GetFiles(Path.Combine(_stage.Home, ".local/share/bridle/sessions"), "*.jsonl"));
    }

    private static string Transcript(string file, [CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../Bridle.Hosting.Tests/Imports/transcripts", file));
}
