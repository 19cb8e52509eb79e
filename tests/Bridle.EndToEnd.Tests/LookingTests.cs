using System.Text.Json;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

public sealed class LookingTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task The_version_is_one_line_and_needs_nothing()
    {
        var ended = await _place.RunAsync("--version");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", ended.Out);
        Assert.Empty(ended.Error);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place.Home));
    }

    [Fact]
    public async Task Sessions_are_listed_the_latest_first_and_shown_as_they_were()
    {
        _place.Write("a.txt", "alpha\n");
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("One."), FakeTurn.Call("Read", """{"file_path":"a.txt"}"""), FakeTurn.Say("It says alpha."));
        await _place.RunAsync("run", "-m", "openai/test-model", "--session", "first", "Say one.");
        await _place.RunAsync("run", "-m", "openai/test-model", "--session", "second", "What does a.txt say?");
        File.SetLastWriteTimeUtc(_place.Sessions.Single(file => file.Contains("first", StringComparison.Ordinal)), DateTime.UtcNow.AddHours(-1));
        var listed = await _place.RunAsync("sessions", "list");
        Assert.True(listed.Code is 0, listed.ToString());
        Assert.Matches(@"^NAME +LAST USED +MESSAGES +COST +MODEL +TITLE\nsecond +\d{4}-\d\d-\d\d \d\d:\d\d +3 +\S+ +openai/test-model +What does a\.txt say\?\nfirst +\d{4}-\d\d-\d\d \d\d:\d\d +2 +\S+ +openai/test-model +Say one\.\n$", listed.Out);
        var shown = await _place.RunAsync("sessions", "show", "second");
        Assert.Equal("❯ What does a.txt say?\n• Read a.txt\n  1 alpha\nIt says alpha.\n", shown.Out.Replace('\t', ' '));
        var events = await _place.RunAsync("sessions", "show", "second", "--output", "events");
        var types = events.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()).ToList();
        Assert.Equal(("session_started", "run_finished"), (types[0], types[^1]));
        var wrong = await _place.RunAsync("sessions", "show", "secnd");
        Assert.True(wrong.Code is 2 && wrong.Error.Contains("Did you mean 'second'?", StringComparison.Ordinal), wrong.ToString());
    }

    [Fact]
    public async Task Bash_completes_commands_flags_and_values_at_the_tab_key()
    {
        var programs = Directory.CreateDirectory(Path.Combine(_place.Home, "programs")).FullName;
        File.CreateSymbolicLink(Path.Combine(programs, "bridle"), Place.Program);
        await File.WriteAllTextAsync(Path.Combine(_place.Home, "rc"), $"PS1='> '\nPATH={programs}:$PATH\neval \"$(bridle completion bash)\"\n");
        await using var tmux = await Tmux.OpenAsync(_place, "bash", "--rcfile", Path.Combine(_place.Home, "rc"), "-i");
        await tmux.WaitForAsync(">");
        foreach (var (typed, completed) in new[] { ("bridle mod", "> bridle models"), ("bridle models ref", "> bridle models refresh"), ("bridle run --mode acc", "> bridle run --mode acceptEdits"), ("bridle run --max-st", "> bridle run --max-steps") })
        {
            await tmux.TypeAsync(typed);
            await tmux.PressAsync("Tab");
            await tmux.WaitForAsync(completed);
            await tmux.PressAsync(Tmux.CtrlU);
        }
    }
}
