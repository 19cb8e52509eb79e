using Bridle.Events;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Skills;

/// <summary>Skills of a session, below any terminal.</summary>
public sealed class SkillSessionTests : IDisposable
{
    private const string Key = "sk-ant-REDACTED-0123456789abcdefghij";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_into_a_running_turn_uses_a_skill_too()
    {
        Write("greet", "Greet $ARGUMENTS.");
        var (model, sink) = (new ScriptedModel(ScriptedReply.Text("Hello.")), new CollectingSink());
        await using var harness = await StartAsync(model, sink);
        harness.Session.Post("/greet Bob");
        await harness.Session.RunAsync("Go.", TestContext.Current.CancellationToken);
        Assert.Contains("Greet Bob.", Said(model.Requests[0]));
        Assert.Equal("person", Assert.Single(sink.Events.OfType<Recorded>().Select(one => one.Event).OfType<SkillUsed>()).By);
    }

    [Fact]
    public async Task A_secret_in_a_skill_reaches_neither_the_model_nor_what_is_kept()
    {
        Write("greet", $"Use the key {Key} for it.");
        var model = new ScriptedModel(ScriptedReply.Calls(("Skill", """{"skill":"greet"}""")), ScriptedReply.Text("Hello."));
        await using var harness = await StartAsync(model, new CollectingSink(), inMemory: false);
        await harness.Session.RunAsync("/greet", TestContext.Current.CancellationToken);
        Assert.Contains("Use the key ", Said(model.Requests[^1]));
        Assert.DoesNotContain(Key, Said(model.Requests[^1]));
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.Path, ".local"), "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            Assert.DoesNotContain(Key, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task After_a_compaction_no_more_is_told_again_than_a_small_window_has_room_for()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            Write(name, $"{name} {new string('x', 20_000)} end of {name}");
        }

        var model = new ScriptedModel([.. Enumerable.Range(0, 8).Select(_ => ScriptedReply.Calls(("Ls", "{}"))), ScriptedReply.Text("Done."), ScriptedReply.Text("More.")]);
        await using var harness = await StartAsync(model, new CollectingSink());
        await harness.Session.RunAsync("/a /b /c", TestContext.Current.CancellationToken);
        Assert.Equal("bc", Ends(model.Requests[0]));
        Assert.NotNull(await harness.CompactAsync(null, TestContext.Current.CancellationToken));
        await harness.Session.RunAsync("Go on.", TestContext.Current.CancellationToken);
        Assert.Equal("bc", Ends(model.Requests[^1]));
    }

    [Fact]
    public async Task A_workspace_that_is_no_folder_of_this_machine_has_no_skills()
    {
        Write("greet", "Greet.");
        var model = new ScriptedModel(ScriptedReply.Text("Hello."));
        var request = new HarnessRequest(_folder.Environment(), "/ws") { InMemory = true, Model = model, Workspace = new InMemoryWorkspace() };
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        await harness.Session.RunAsync("/greet", TestContext.Current.CancellationToken);
        Assert.DoesNotContain("greet", model.Requests[0].System);
        Assert.Equal("/greet", Said(model.Requests[0]));
        Assert.Empty(harness.FindSkills().Skills);
    }

    private static string Ends(ModelRequest request) => string.Concat("abc".Where(name => Said(request).Contains($"end of {name}", StringComparison.Ordinal)));

    private static string Said(ModelRequest request) => string.Concat(request.Messages.SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text));

    private async Task<Harness> StartAsync(ScriptedModel model, CollectingSink sink, bool inMemory = true)
    {
        var work = Directory.CreateDirectory(Path.Combine(_folder.Path, "work")).FullName;
        var request = new HarnessRequest(_folder.Environment(("ANTHROPIC_API_KEY", Key)), work) { InMemory = inMemory, Model = model, Sinks = [sink] };
        return Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
    }

    private void Write(string name, string text) => _folder.Write($".agents/skills/{name}/SKILL.md", $"---\nname: {name}\ndescription: Use for {name}.\n---\n{text}");
}
