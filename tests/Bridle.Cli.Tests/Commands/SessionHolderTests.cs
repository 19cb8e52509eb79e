using System.Globalization;
using Bridle.Hosting;
using Bridle.Journal;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionHolderTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private SessionStore Store
    {
        get
        {
            var folders = BridleFolders.For(_stage.Context().Environment);
            return new SessionStore(folders.Data, folders.State);
        }
    }

    [Theory]
    [InlineData("run", "--resume", "talk", "x")]
    [InlineData("run", "--session", "talk", "x")]
    [InlineData("sessions", "rename", "talk", "other")]
    [InlineData("sessions", "rm", "talk", "--yes")]
    [InlineData("sessions", "edit", "talk", "--yes")]
    public async Task Who_wants_to_write_to_a_session_that_is_open_is_told_who_has_it(params string[] arguments)
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text("two"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "talk", "hello"));
        _stage.Variables["EDITOR"] = "sed -i s/hello/hallo/";
        var held = Store.Open("talk").Journal;
        var bytes = await File.ReadAllBytesAsync(Store.PathOf("talk"), TestContext.Current.CancellationToken);
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(arguments));
        var said = _stage.Error.Take();
        Assert.Contains("is open in another process (pid " + Environment.ProcessId.ToString(CultureInfo.InvariantCulture) + ", since ", said);
        Assert.Contains("close it there, or clone the session", said);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Store.PathOf("talk"), TestContext.Current.CancellationToken));

        // Looking at it and copying it are for everybody.
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "show", "talk"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "clone", "talk"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "verify", "talk"));
        await held.DisposeAsync();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync(arguments));
    }

    [Fact]
    public async Task Who_wants_to_edit_a_session_that_is_open_is_told_before_the_editor_opens()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("one"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "talk", "hello"));
        _stage.Variables["EDITOR"] = $"touch {_stage.PathOf("opened")}";
        await using var held = Store.Open("talk").Journal;
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("sessions", "edit", "talk"));
        Assert.False(File.Exists(_stage.PathOf("opened")));
    }

    [Fact]
    public async Task What_was_never_closed_is_remembered_by_the_first_look_and_compared_by_the_next()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("one"));
        await _stage.RunAsync("run", "--session", "talk", "hello");
        File.Copy(Store.PathOf("talk"), Store.PathOf("copy"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "verify", "copy"));
        Assert.Contains("There was nothing to compare with; from now on there is.", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "verify", "copy"));
        Assert.Contains("records are as Bridle wrote them", _stage.Out.Take());
        File.WriteAllText(Store.PathOf("copy"), File.ReadAllText(Store.PathOf("copy")).Replace("hello", "hullo", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("sessions", "verify", "copy"));
        Assert.Contains("BAD  copy: changed since it was last closed: record ", _stage.Out.Take());

        await _stage.RunAsync("sessions", "clone", "talk", "clone");
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "verify", "clone"));
        Assert.Contains("records are as Bridle wrote them", _stage.Out.Take());
    }
}
