using System.Text.Json;
using Bridle.Events;
using Bridle.Hosting.Hooks;
using Bridle.Hosting.Worktrees;
using Bridle.Models;
using Bridle.Sessions;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary><c>bridle hooks test</c> gives a hook what a session would: one session in which every event happens, and the sample of each beside it.</summary>
public sealed class HookSampleTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_sample_of_every_event_has_every_field_that_the_event_has()
    {
        var happens = HookEvent.All.Where(one => one.WaitsFor is null).Select(one => one.Name).ToList();
        _rig.UserSettings($$"""
            {"permissions":{"deny":["Edit(blocked.txt)"]},"learningReview":true,"hooks":{{{string.Join(',', happens.Select(name =>
                $$"""{{HookRig.Quoted(name)}}:[{ {{(name is "FileChanged" ? "\"matcher\":\"watched.cfg\"," : "")}}"hooks":[{"command":"cat > ../$OPENHARNESS_HOOK_EVENT.$$ && mv ../$OPENHARNESS_HOOK_EVENT.$$ ../$OPENHARNESS_HOOK_EVENT.json"}]}]"""))}} } }
            """);
        await HappenAsync();
        foreach (var name in happens)
        {
            Assert.True(_rig.Has($"{name}.json"), $"{name} did not happen");
            var sample = HookTrial.InputOf(HostFiles.Read(_rig.Request(null)), HookEvent.Find(name)!);
            Assert.True(Fields(_rig.Read($"{name}.json")).Except(Fields(sample)).ToList() is [], $"{name}\nreal:   {_rig.Read($"{name}.json")}\nsample: {sample}");
        }
    }

    private async Task HappenAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _rig.File("work/AGENTS.md", "Be brief. @more.md\n");
        _rig.File("work/more.md", "Be kind.\n");
        _rig.File(".config/bridle/skills/ship/SKILL.md", "---\nname: ship\ndescription: Ships.\n---\nShip it.\n");
        Directory.CreateDirectory(Path.Combine(_rig.Work, "sub"));
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Write", """{"file_path":"a.txt","content":"x"}""")),
            ScriptedReply.Calls(("Read", """{"file_path":"missing.txt"}"""), ("Write", """{"file_path":"blocked.txt","content":"x"}""")),
            ScriptedReply.Calls(("Bash", """{"command":"touch watched.cfg; cd sub"}""")),
            ScriptedReply.Calls([.. Enumerable.Range(1, 8).Select(n => ("Glob", $$"""{"pattern":"x{{n}}"}"""))]),
            ScriptedReply.Text("done"), ScriptedReply.Text("two"), ScriptedReply.Text("three"), ScriptedReply.Text("four"), ScriptedReply.Text("five"), ScriptedReply.Text("six"),
            ScriptedReply.Failure(ModelErrorKind.Quota));
        var request = _rig.Request(model, TestApprover.Yes()) with { SessionName = "s", Setup = "init", Sandbox = "off" };
        await using (var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(request, cancel)).Harness)
        {
            await harness.Session.RunAsync("/ship now", cancel);
            _rig.File(".config/bridle/skills/ship/SKILL.md", "---\nname: ship\ndescription: Ships more.\n---\nShip it all.\n");
            foreach (var text in new[] { "two", "three", "four", "five", "six" })
            {
                await harness.Session.RunAsync($"{text} {new string('x', 20_000)}", cancel);
            }

            Assert.NotNull(await harness.CompactAsync(null, cancel));
            await harness.Session.RunAsync("and?", cancel);
            Assert.Null(await harness.SwitchModelAsync("new", new ScriptedModel(ScriptedReply.Text("Nothing.")) { Info = new("test", "new", "scripted") { Tools = Known.Yes } }, "command", null, cancel));
            Assert.NotNull(await harness.ReviewAsync(cancel));
        }

        await WorktreeStart.OpenAsync(_rig.Request(model) with { Worktree = "fix" }, cancel);
    }

    // Those of objects in lists, too: the calls of a reply have their own.
    private static IEnumerable<string> Fields(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. FieldsOf(document.RootElement, "")];
    }

    private static IEnumerable<string> FieldsOf(JsonElement element, string path) => element.EnumerateObject().SelectMany(field => field switch
    {
        { Name: "tool_calls" } => field.Value.EnumerateArray().SelectMany(call => FieldsOf(call, $"{path}{field.Name}.")).Append($"{path}{field.Name}"),
        { Name: "pricing", Value.ValueKind: JsonValueKind.Object } => FieldsOf(field.Value, $"{path}{field.Name}.").Append($"{path}{field.Name}"),
        _ => [$"{path}{field.Name}"],
    });
}
