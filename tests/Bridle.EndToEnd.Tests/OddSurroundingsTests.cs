using System.Diagnostics;
using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>Where the surroundings fail, the program says so in a line, ends with a code that is not 0 and leaves a log that can be read.</summary>
public sealed class OddSurroundingsTests : IDisposable
{
    private readonly Place _place = new();

    public void Dispose() => _place.Dispose();

    [Theory]
    [InlineData("text", "| head -1", null)]
    [InlineData("events", "| head -1", null)]
    [InlineData("json", "| true", null)]
    [InlineData("text", ">/dev/full", "No space left on device")]
    [InlineData("json", ">/dev/full", "No space left on device")]
    [InlineData("text", ">&-", "")]
    [InlineData("text", "<&- >&-", "it was closed when the program started")]
    [InlineData("json", "<&- >&-", "it was closed when the program started")]
    public async Task Output_that_nobody_takes_ends_the_run_cleanly(string output, string sink, string? why)
    {
        await using var vendor = Vendors.Make("openai", _place, [FakeTurn.Say(string.Concat(Enumerable.Repeat("a line of the answer\n", 20_000)))]);
        var ended = await ShellAsync($"\"$PROGRAM\" run -m openai/test-model --session s --output {output} Go. {sink}; echo code ${{PIPESTATUS[0]}} >&2");
        Assert.DoesNotContain("code 0\n", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("code 134", ended.Error, StringComparison.Ordinal);

        // Who stopped reading knows that; who has no room does not.
        Assert.Equal(why is not null, ended.Error.Contains($"bridle: Standard output cannot be written ({why}", StringComparison.Ordinal));
        Assert.Contains("run_finished", File.ReadLines(_place.Sessions.Single()).Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_without_any_standard_input_ends()
    {
        await using var vendor = Vendors.Make("openai", _place, [FakeTurn.Say("Never asked.")]);
        var ended = await ShellAsync("timeout 60 \"$PROGRAM\" chat -m openai/test-model <&-; echo code $? >&2");
        Assert.EndsWith("code 0\n", ended.Error, StringComparison.Ordinal);
        Assert.Empty(vendor.Bodies);
    }

    [Theory]
    [InlineData(">/dev/full", "No space left on device")]
    [InlineData(">&-", "")]
    [InlineData("<&- >&-", "it was closed when the program started")]
    public async Task A_version_that_cannot_be_written_is_one_line_and_exit_1(string sink, string why)
    {
        var ended = await ShellAsync($"\"$PROGRAM\" --version {sink}; echo code $? >&2");
        Assert.StartsWith($"bridle: Standard output cannot be written ({why}", ended.Error, StringComparison.Ordinal);
        Assert.EndsWith("one.\ncode 1\n", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HOME=\"$PWD/file\"; export HOME", 1)]
    [InlineData("mkdir gone; cd gone; rmdir ../gone", 2)]
    public async Task A_folder_that_cannot_be_used_is_one_line(string before, int code)
    {
        _place.Write("file", "no folder");
        var ended = await ShellAsync($"{before}; \"$PROGRAM\" run Go.; echo code $? >&2");
        Assert.Contains("bridle: ", ended.Error, StringComparison.Ordinal);
        Assert.EndsWith($"code {code}\n", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception)", ended.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".bridle/settings.json")]
    [InlineData(".env")]
    public async Task A_project_file_that_is_a_link_to_a_device_does_not_fill_the_memory(string file)
    {
        Directory.CreateDirectory(Path.Combine(_place.Work, ".bridle"));
        File.CreateSymbolicLink(Path.Combine(_place.Work, file), "/dev/zero");
        await using var vendor = Vendors.Make("openai", _place, FakeTurn.Say("Fine."));
        var ended = await ShellAsync("\"$PROGRAM\" run -m openai/test-model Go.");
        Assert.True(ended.Code is 0, ended.ToString());
        Assert.Equal(file is ".bridle/settings.json", ended.Error.Contains("settings.json cannot be used and counts for nothing, as the folder is not trusted", StringComparison.Ordinal));
    }

    private async Task<Ended> ShellAsync(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = _place.Work, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PROGRAM"] = Place.Program;
        start.Environment["HOME"] = _place.Home;
        foreach (var (name, value) in _place.Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        return await Place.EndAsync(process);
    }
}
