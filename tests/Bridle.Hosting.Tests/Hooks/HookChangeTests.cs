using Bridle.Testing;

namespace Bridle.Hosting.Tests.Hooks;

/// <summary>The events about files beside the conversation: what the model is told to heed, settings, skills, and files that hooks watch.</summary>
public sealed class HookChangeTests : IDisposable
{
    private readonly HookRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task InstructionsLoaded_hears_of_each_file_when_it_is_told_and_why()
    {
        _rig.File("work/AGENTS.md", "Be brief. @more.md\n");
        _rig.File("work/more.md", "Be kind.\n");
        _rig.File("work/.bridle/rules/texts.md", "---\npaths: [\"**/*.txt\"]\n---\nTexts are short.\n");
        _rig.File("work/sub/AGENTS.md", "Below.\n");
        _rig.File("work/sub/a.txt", "one\n");
        _rig.UserSettings("""{"hooks":{"InstructionsLoaded":[{"hooks":[{"command":"cat > ../$$.json; cat ../$$.json >> ../all.json; echo >> ../all.json"}]},{"matcher":"include","hooks":[{"command":"echo '{\"hookSpecificOutput\":{\"hookEventName\":\"InstructionsLoaded\",\"additionalContext\":\"imports are fine\"}}'"}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"sub/a.txt"}""")), ScriptedReply.Calls(("Read", """{"file_path":"sub/a.txt"}""")), ScriptedReply.Text("done"));
        await RunAsync(model);
        var common = Whole("InstructionsLoaded", "default", """{""");
        Assert.Equal(
        [
            Whole("InstructionsLoaded", "default", """{"file_path":"~/work/AGENTS.md","memory_type":"Project","load_reason":"session_start"}"""),
            Whole("InstructionsLoaded", "default", """{"file_path":"~/work/more.md","memory_type":"Project","load_reason":"include","parent_file_path":"~/work/AGENTS.md"}"""),
            Whole("InstructionsLoaded", "default", """{"file_path":"~/work/.bridle/rules/texts.md","memory_type":"Project","load_reason":"path_glob_match","globs":["**/*.txt"],"trigger_file_path":"~/work/sub/a.txt"}"""),
            Whole("InstructionsLoaded", "default", """{"file_path":"~/work/sub/AGENTS.md","memory_type":"Project","load_reason":"nested_traversal","trigger_file_path":"~/work/sub/a.txt"}"""),
        ], Said("all.json").Trim().Split('\n'));
        Assert.Contains("imports are fine", HookRig.LastSent(model));
    }

    [Fact]
    public async Task ConfigChange_hears_of_settings_and_skills_that_change_and_leaves_out_a_skill_that_it_refuses()
    {
        _rig.File("work/.bridle/settings.json", "{}");
        _rig.UserSettings("""{"hooks":{"ConfigChange":[{"hooks":[{"command":"cat >> ../all.json; echo >> ../all.json; echo 'ask first' >&2; exit 2"}]}]}}""");
        var model = new ScriptedModel(ScriptedReply.Text("one"), ScriptedReply.Text("two"), ScriptedReply.Text("three"));
        await using var harness = await StartAsync(model);
        await harness.Session.RunAsync("one", TestContext.Current.CancellationToken);
        Assert.False(_rig.Has("all.json"));

        _rig.File("work/.bridle/settings.json", """{ "maxSteps": 3 }""");
        _rig.File(".config/bridle/skills/ship/SKILL.md", "---\nname: ship\ndescription: Ships.\n---\nShip it.\n");
        await harness.Session.RunAsync("/ship", TestContext.Current.CancellationToken);
        Assert.Equal(
        [
            Whole("ConfigChange", "default", """{"source":"project_settings","file_path":"~/work/.bridle/settings.json"}"""),
            Whole("ConfigChange", "default", """{"source":"skills","file_path":"~/.config/bridle/skills/ship/SKILL.md"}"""),
        ], Said("all.json").Trim().Split('\n'));
        Assert.Empty(harness.FindSkills().Skills);
        Assert.DoesNotContain("Ship it.", HookRig.LastSent(model));
        Assert.Contains(_rig.Told, notice => notice.Contains("SKILL.md changed, and the hook", StringComparison.Ordinal) && notice.Contains("refuses that: ask first", StringComparison.Ordinal));
        Assert.Contains(_rig.Told, notice => notice.EndsWith("This session goes on as it began; the next one will read it as it is then.", StringComparison.Ordinal));

        _rig.UserSettings("{}");
        await harness.Session.RunAsync("three", TestContext.Current.CancellationToken);
        Assert.Contains("""{"source":"user_settings","file_path":"~/.config/bridle/settings.json"}""".TrimStart('{'), Said("all.json"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ConfigChange_that_refuses_a_change_of_a_skill_keeps_what_was_there_before()
    {
        const string File = ".config/bridle/skills/ship/SKILL.md";
        void Write(string text) => _rig.File(File, $"---\nname: ship\ndescription: Ships.\n---\n{text}\n");
        Write("Ship it.");
        _rig.UserSettings("""{"hooks":{"ConfigChange":[{"matcher":"skills","hooks":[{"command":"if test -e ../yes; then exit 0; fi; echo 'ask first' >&2; exit 2"}]}]}}""");
        var model = new ScriptedModel(
            ScriptedReply.Text("one"), ScriptedReply.Text("two"), ScriptedReply.Calls(("Skill", """{"skill":"ship"}""")).After((_, _) =>
            {
                // Changed after the last look: no hook has heard of it when the call uses the skill.
                Write("Ship the rest.");
                return Task.CompletedTask;
            }), ScriptedReply.Text("three"), ScriptedReply.Text("four"), ScriptedReply.Text("five"), ScriptedReply.Text("six"));
        await using var harness = await StartAsync(model, "bypass");
        async Task<string> SayAsync(string text)
        {
            await harness.Session.RunAsync(text, TestContext.Current.CancellationToken);
            return HookRig.LastSent(model);
        }

        int Used() => harness.Session.Transcript.Skills.Count + _rig.Records.OfType<Events.SkillUsed>().Count();
        Assert.Contains("Ship it.", await SayAsync("/ship"), StringComparison.Ordinal);
        Write("Ship all of it.");
        Assert.DoesNotContain("Ship all", await SayAsync("/ship"), StringComparison.Ordinal);
        Assert.Contains(_rig.Told, notice => notice.EndsWith("refuses that: ask first The skill stays as it was until its file changes again; one that was not there stays left out.", StringComparison.Ordinal));
        Assert.DoesNotContain("Ship the rest", await SayAsync("go"), StringComparison.Ordinal);
        Assert.Equal(4, Used());

        // Once a hook lets it stand, it counts. That the file is gone, or says nothing any more, is a change as well.
        _rig.File("yes", "");
        Write("Ship nothing.");
        Assert.Contains("Ship nothing.", await SayAsync("/ship"), StringComparison.Ordinal);

        // A new one can be named before any hook has heard of it: they hear of it then.
        _rig.File(".config/bridle/skills/test/SKILL.md", "---\nname: test\ndescription: Tests.\n---\nTest it.\n");
        Assert.Equal(["ship", "test"], harness.FindSkills().Skills.Select(skill => skill.Name));
        Assert.Contains("Test it.", await SayAsync("/test"), StringComparison.Ordinal);
        System.IO.File.Delete(Path.Combine(_rig.Home, "yes"));
        System.IO.File.Delete(Path.Combine(_rig.Home, File));
        await SayAsync("/ship");
        Assert.Equal((8, 2), (Used(), harness.FindSkills().Skills.Count));
        _rig.File(File, "");
        Assert.Equal(2, harness.FindSkills().Skills.Count);
    }

    [Fact]
    public async Task FileChanged_hears_of_the_files_that_matchers_and_hooks_name_and_of_no_others()
    {
        _rig.File("work/level.cfg", "a\n");
        _rig.UserSettings("""{"hooks":{"SessionStart":[{"hooks":[{"command":"echo \"{\\\"hookSpecificOutput\\\":{\\\"hookEventName\\\":\\\"SessionStart\\\",\\\"watchPaths\\\":[\\\"$PWD/extra.cfg\\\"]}}\""}]}],"FileChanged":[{"matcher":"level.cfg|other.cfg","hooks":[{"command":"cat >> ../all.json; echo >> ../all.json; echo \"export LEVEL=$(wc -l < level.cfg)\" >> \"$CLAUDE_ENV_FILE\""}]},{"matcher":"extra.cfg","hooks":[{"command":"touch ../extra; echo '{\"hookSpecificOutput\":{\"hookEventName\":\"FileChanged\",\"additionalContext\":\"extra is here\"}}'"}]}]}}""");
        var model = new ScriptedModel(
            Bash("echo b >> level.cfg; touch other.txt"), Bash("echo [$LEVEL]; touch extra.cfg"), Bash("rm extra.cfg"), ScriptedReply.Text("done"));
        await RunAsync(model, mode: "bypass");
        Assert.Equal([Whole("FileChanged", "bypassPermissions", """{"file_path":"~/work/level.cfg","event":"change"}""")], Said("all.json").Trim().Split('\n'));
        Assert.Contains("[2]", HookRig.LastSent(model));
        Assert.Contains("extra is here", HookRig.LastSent(model));
        Assert.True(_rig.Has("extra"));
    }

    [Fact]
    public void Nothing_is_looked_at_and_nothing_is_kept_for_events_that_no_hook_hears_of()
    {
        var hooks = new Bridle.Hooks.HookSet([new Bridle.Hooks.Hook("one", "Stop", (_, _) => ValueTask.FromResult(Bridle.Hooks.HookAnswer.None))]);
        hooks.Leave(new Bridle.Hooks.HookNews(new Bridle.Hooks.HookOccasion("FileChanged")));
        var found = 0;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            found += hooks.Hears("PostToolBatch") ? 1 : hooks.TakeNews().Count;
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(0, found);
        Assert.InRange(taken, 0, 4_000);
    }

    private async Task<Harness> StartAsync(ScriptedModel model, string? mode = null) =>
        Assert.IsType<HarnessStarted>(await Composition.StartAsync(_rig.Request(model, null, mode) with { SessionName = "s", Sandbox = "off" }, TestContext.Current.CancellationToken)).Harness;

    private async Task RunAsync(ScriptedModel model, string? mode = null)
    {
        await using var harness = await StartAsync(model, mode);
        await harness.Session.RunAsync("task", TestContext.Current.CancellationToken);
    }

    private static ScriptedReply Bash(string command) => ScriptedReply.Calls(("Bash", $$"""{"command":"{{command}}"}"""));

    private string Said(string file) => _rig.Read(file).Replace(_rig.Home, "~", StringComparison.Ordinal);

    // The whole of what a hook reads: what every event has, and what this one adds.
    private static string Whole(string name, string mode, string more) =>
        $$"""{"session_id":"s","transcript_path":"~/.local/share/bridle/sessions/session_s.jsonl","cwd":"~/work","hook_event_name":"{{name}}","permission_mode":"{{mode}}",""" + more[1..];
}
