using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class TrustCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private string Out => _stage.Out.ToString();

    private string Error => _stage.Error.ToString();

    private async Task<bool> RunWritesAsync(params string[] flags)
    {
        var file = Path.Combine(_stage.Work, "made.txt");
        File.Delete(file);
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"touch made.txt"}""")), ScriptedReply.Text("done"));
        await _stage.RunAsync(["run", "--sandbox", "off", .. flags, "task"]);
        return File.Exists(file);
    }

    [Fact]
    public async Task A_projects_allow_rule_counts_once_the_folder_is_trusted_and_no_longer_after_that()
    {
        var settings = _stage.Write("work/.bridle/settings.json", """{ "permissions": { "allow": ["Bash(touch:*)"] } }""");
        Assert.False(await RunWritesAsync());
        Assert.Contains($"{_stage.Work} is not trusted, so this does not count: permissions.allow in {settings}. `bridle trust` makes it count, --trust for this run.\n", Error);
        Assert.True(await RunWritesAsync("--trust"));
        Assert.False(await RunWritesAsync());
        Assert.Equal(0, await _stage.RunAsync("trust"));
        Assert.True(await RunWritesAsync());
        Assert.Equal(0, await _stage.RunAsync("trust", "list"));
        Assert.Contains($"trusted  {_stage.Work}", Out);
        Assert.Equal(0, await _stage.RunAsync("trust", "revoke", "."));
        Assert.False(await RunWritesAsync());
    }

    [Fact]
    public async Task Looking_with_git_needs_no_answer_in_a_trusted_folder()
    {
        async Task<bool> DeniedAsync()
        {
            _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Bash", """{"command":"git status"}""")), ScriptedReply.Text("done"));
            return await _stage.RunAsync("run", "--sandbox", "off", "task") == ExitCode.Denied;
        }

        Assert.True(await DeniedAsync());
        Assert.Equal(0, await _stage.RunAsync("trust"));
        Assert.False(await DeniedAsync());
    }

    [Fact]
    public async Task Trusting_by_a_link_names_the_folder_that_is_trusted()
    {
        var link = Path.Combine(_stage.Home, "link");
        Directory.CreateSymbolicLink(link, _stage.Work);
        Assert.Equal(0, await _stage.RunAsync("trust", link));
        Assert.Contains($"{link}, which is {_stage.Work}, is trusted from now on.", Out);
    }

    [Fact]
    public async Task Trusting_shows_what_may_run()
    {
        var settings = _stage.Write("work/.bridle/settings.json", """{ "hooks": { "SessionStart": [{ "hooks": [{ "type": "command", "command": "./start.sh" }] }] } }""");
        Assert.Equal(0, await _stage.RunAsync("trust", "."));
        Assert.Contains("./start.sh", Out);
        Assert.Contains(settings, Out);
    }

    [Fact]
    public async Task Folders_that_are_not_there_and_not_trusted_are_refused()
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("trust", "nothing"));
        Assert.Contains("does not exist", Error);
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("trust", "revoke", "nothing"));
        Assert.Contains("was not trusted", Error);
        Assert.Equal(0, await _stage.RunAsync("trust", "list"));
        Assert.Contains("No folder is trusted yet.", Error);
    }

    [Fact]
    public async Task A_damaged_file_is_said_at_every_start_and_trusts_nothing()
    {
        Assert.Equal(0, await _stage.RunAsync("trust"));
        var file = Path.Combine(_stage.Home, ".local", "state", "bridle", "trust.json");
        File.WriteAllText(file, "{ oops");
        _stage.Write("work/.bridle/settings.json", """{ "permissions": { "allow": ["Bash(touch:*)"] } }""");
        Assert.False(await RunWritesAsync());
        Assert.Contains($"{file} cannot be read (JsonException), so no folder is trusted.", Error);
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("trust"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("trust", "list"));
    }

    [Fact]
    public async Task A_folder_put_in_the_place_of_a_trusted_one_is_listed_as_replaced()
    {
        Assert.Equal(0, await _stage.RunAsync("trust"));
        Directory.Move(_stage.Work, _stage.Work + "-before");
        Directory.CreateDirectory(_stage.Work);
        Assert.Equal(0, await _stage.RunAsync("trust", "list"));
        Assert.Contains($"replaced  {_stage.Work}", Out);
    }
}
