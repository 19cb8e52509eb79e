using Bridle.Events;
using Bridle.Hosting.Providers;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests;

/// <summary>A session's file says what a person allowed. It counts only where this installation wrote it.</summary>
public sealed class StrangeSessionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Work => Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;

    private string State => Path.Combine(_folder.Path, ".local/state/bridle");

    [Fact]
    public async Task What_was_allowed_for_the_session_counts_when_it_goes_on_here()
    {
        await AllowedAsync();
        Assert.Empty((await AgainAsync("s")).Denied);
        Assert.Empty((await AgainAsync("s")).Denied);
    }

    [Fact]
    public async Task What_a_file_from_elsewhere_says_was_allowed_does_not_count_however_often_it_is_opened()
    {
        await AllowedAsync();
        foreach (var known in Directory.EnumerateFiles(Path.Combine(State, "seals")))
        {
            File.Delete(known);
        }

        Assert.Single((await AgainAsync("s")).Denied);
        Assert.Single((await AgainAsync("s")).Denied);
    }

    [Fact]
    public async Task A_clone_and_a_file_put_in_the_place_of_a_known_one_begin_anew_the_latter_after_a_yes()
    {
        await AllowedAsync();
        var sessions = Path.Combine(_folder.Path, ".local/share/bridle/sessions");
        var store = new SessionStore(Path.Combine(_folder.Path, ".local/share/bridle"), State);
        store.Clone("s", "copy");
        Assert.Single((await AgainAsync("copy")).Denied);
        Assert.Single((await AgainAsync("copy")).Denied);

        await RunAsync(Request(ScriptedReply.Text("ok")) with { SessionName = "other" });
        File.Copy(Path.Combine(sessions, "session_s.jsonl"), Path.Combine(sessions, "session_other.jsonl"), overwrite: true);
        Assert.IsType<HarnessRefused>(await Composition.StartAsync(Again("other"), TestContext.Current.CancellationToken));
        Assert.Single((await RunAsync(Again("other") with { AcceptEdits = true })).Denied);
        Assert.Single((await AgainAsync("other")).Denied);
    }

    private async Task AllowedAsync() => Assert.Empty((await RunAsync(
        Request(Write, ScriptedReply.Text("ok")) with { SessionName = "s", Approver = new TestApprover(_ => new ApprovalAnswer(true, "session")) })).Denied);

    private Task<TurnResult> AgainAsync(string name) => RunAsync(Again(name));

    private HarnessRequest Again(string name) => Request(Write, ScriptedReply.Text("ok")) with { SessionName = name, Resume = true };

    private static ScriptedReply Write => ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}"""));

    private HarnessRequest Request(params ScriptedReply[] replies) =>
        new(_folder.Environment([("PATH", Environment.GetEnvironmentVariable("PATH")!)]), Work)
        {
            Model = new ScriptedModel(replies), FindLocalServers = _ => Task.FromResult<IReadOnlyList<LocalServerFound>>([]),
        };

    private static async Task<TurnResult> RunAsync(HarnessRequest request)
    {
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        return await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
    }
}
