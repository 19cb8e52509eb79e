using Bridle.Hosting.Tests.Hooks;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Instructions;

/// <summary>Instruction files that change while a session is open.</summary>
public sealed class InstructionsAgainTests : IDisposable
{
    private const string Rule = "---\npaths: \"**/*.py\"\n---\n";

    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task What_changes_below_and_in_rules_is_told_in_the_next_turn_and_once()
    {
        _rig.File("work/a.py", "pass");
        _rig.File("work/sub/f.txt", "f");
        _rig.File("work/sub/AGENTS.md", "Sub one.");
        _rig.File("work/.bridle/rules/py.md", Rule + "Rule one.");
        var model = await TalkAsync(
            () => { },
            () =>
            {
                _rig.File("work/sub/AGENTS.md", "Sub number two.");
                _rig.File("work/.bridle/rules/py.md", Rule + "Rule number two.");
                _rig.File("work/.bridle/rules/new.md", Rule + "Rule that is new.");
                _rig.File("work/sub/CLAUDE.md", "Sub that is new.");
            },
            () => { });
        var (first, second, third) = (Sent(model, 1), Sent(model, 3), Sent(model, 5));
        Assert.Equal((1, 1, 0, 0), (Count(first, "Sub one."), Count(first, "Rule one."), Count(first, "Sub number two."), Count(first, "These instructions changed")));
        Assert.Equal((1, 1, 1, 1), (Count(second, "Sub number two."), Count(second, "Rule number two."), Count(second, "Rule that is new."), Count(second, "Sub that is new.")));
        Assert.Equal(2, Count(second, "These instructions changed. They say now:\n<instructions"));
        Assert.Equal((1, 1, 1, 1), (Count(third, "Sub number two."), Count(third, "Rule number two."), Count(third, "Rule that is new."), Count(third, "Sub that is new.")));
    }

    [Fact]
    public async Task What_goes_is_told_as_gone_and_what_comes_back_as_it_is()
    {
        _rig.File("work/a.py", "pass");
        _rig.File("work/sub/f.txt", "f");
        _rig.File("work/AGENTS.md", "Top one.");
        var sub = _rig.File("work/sub/AGENTS.md", "Sub one.");
        var model = await TalkAsync(
            () => { },
            () =>
            {
                System.IO.File.Delete(sub);
                _rig.File("work/AGENTS.md", "Top number two.");
            },
            () =>
            {
                _rig.File("work/sub/AGENTS.md", "Sub one.");
                _rig.File("work/AGENTS.md", "Top one.");
            });
        Assert.Equal((1, 1), (Count(Sent(model, 3), "These instructions are gone; they no longer hold."), Count(Sent(model, 3), "Top number two.")));
        Assert.Equal((1, 2, 1), (Count(Sent(model, 5), "no longer hold"), Count(Sent(model, 5), "Sub one."), Count(Sent(model, 5), "Top one.")));
    }

    [Fact]
    public async Task A_long_file_below_that_is_edited_again_and_again_keeps_its_room()
    {
        _rig.File("work/a.py", "pass");
        _rig.File("work/sub/f.txt", "f");
        void Write(int at) => _rig.File("work/sub/AGENTS.md", $"{new string('x', (30 * 1024) + at)} the end of it {at}");
        var model = await TalkAsync([.. Enumerable.Range(0, 5).Select(at => (Action)(() => Write(at)))]);
        Assert.Equal(1, Count(Sent(model, 9), "the end of it 4"));
    }

    // In each turn the same two files are read.
    private async Task<ScriptedModel> TalkAsync(params Action[] before)
    {
        var model = new ScriptedModel([.. before.SelectMany(_ => new[] { ScriptedReply.Calls(("Read", """{"file_path":"a.py"}"""), ("Read", """{"file_path":"sub/f.txt"}""")), ScriptedReply.Text("Done.") })]);
        await using var harness = Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model) with { TrustFolder = true }, TestContext.Current.CancellationToken)).Harness;
        foreach (var prepare in before)
        {
            prepare();
            await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
        }

        return model;
    }

    private static string Sent(ScriptedModel model, int request) => string.Join('\n', model.Requests[request].Messages.SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text));

    private static int Count(string text, string words) => text.Split(words).Length - 1;
}
