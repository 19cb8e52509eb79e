using System.Text.Json;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What instruction files a model is shown, seen in the requests of real runs.</summary>
public sealed class InstructionTests : IDisposable
{
    private readonly CliStage _stage = new();

    public InstructionTests() => Directory.CreateDirectory(Path.Combine(_stage.Work, ".git"));

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Files_are_told_from_the_broadest_to_the_narrowest_each_once_with_imports_and_without_comments()
    {
        _stage.Write("home/.config/bridle/AGENTS.md", "I am Ann.");
        _stage.Write("home/.claude/CLAUDE.md", "Use British spelling.");
        _stage.Write("managed/AGENTS.md", "Company policy.");
        _stage.Write("work/AGENTS.md", "# Project\nSee @docs/style.md. Not `@docs/style.md`, not a@b.c, not @nobody.\n<!-- a note\nfor people -->\n```\n<!-- stays --> @docs/style.md\n```\n");
        _stage.Write("work/docs/style.md", "Tabs. @more.md");
        _stage.Write("work/docs/more.md", "Deep. @../AGENTS.md");
        File.CreateSymbolicLink(Path.Combine(_stage.Work, "CLAUDE.md"), "AGENTS.md");
        _stage.Write("work/.claude/rules/a.md", "Rule a.");
        _stage.Write("work/.bridle/rules/b.md", "Rule b.");
        _stage.Write("work/CLAUDE.local.md", "Only mine.");
        _stage.Write("work/sub/AGENTS.md", "Of the part.");
        _stage.Write("elsewhere.md", "x");
        var system = await SystemOfAsync("--cwd", Path.Combine(_stage.Work, "sub"));
        string[] inOrder = ["Company policy.", "I am Ann.", "Use British spelling.", "# Project\nSee Tabs. Deep.. Not `@docs/style.md`, not a@b.c, not @nobody.\n\n```\n<!-- stays --> @docs/style.md\n```", "Rule b.", "Rule a.", "Only mine.", "Of the part."];
        var at = inOrder.Select(text => (text, Index: system.IndexOf(text, StringComparison.Ordinal))).ToList();
        Assert.All(at, one => Assert.True(one.Index >= 0, one.text));
        Assert.Equal(at, at.OrderBy(one => one.Index));
        Assert.Equal(1, Count(system, "# Project"));
        Assert.Equal(1, Count(system, "Tabs."));
        Assert.Contains($"<instructions from=\"{Path.Combine(_stage.Work, "AGENTS.md")}\">", system);
        Assert.DoesNotContain("for people", system);
    }

    [Fact]
    public async Task What_lies_outside_the_project_is_read_only_when_the_folder_is_trusted_and_a_secret_never()
    {
        _stage.Write("outside/shared.md", "Shared rules.");
        _stage.Write("home/.ssh/id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc");
        _stage.Write("home/notes/secrets/all.md", "The secret.");
        _stage.Write("work/AGENTS.md", "A. @../outside/shared.md\n@~/.ssh/id_rsa\n@~/notes/secrets/all.md\n");
        File.CreateSymbolicLink(Path.Combine(_stage.Work, "CLAUDE.md"), Path.Combine(_stage.Home, ".ssh", "id_rsa"));
        var system = await SystemOfAsync();
        Assert.DoesNotContain("Shared rules.", system);
        Assert.Contains("it lies outside the project, whose folder is not trusted", _stage.Error.ToString());
        var trusted = await SystemOfAsync("--trust");
        Assert.Contains("A. Shared rules.", trusted);
        Assert.DoesNotContain("PRIVATE KEY", system + trusted);
        Assert.DoesNotContain("The secret.", system + trusted);
        Assert.Contains("it may hold a secret", _stage.Error.ToString());
    }

    [Fact]
    public async Task What_a_rule_refuses_to_be_read_is_not_imported_and_a_link_to_it_not_followed()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "permissions": { "deny": ["Read(notes/**)", "Read(AGENTS.md)"] } }""");
        _stage.Write("work/notes/private.md", "Private words.");
        _stage.Write("work/other.md", "Other words.");
        _stage.Write("work/flagged.md", "Flagged words.");
        _stage.Write("work/AGENTS.md", "A. @notes/private.md\n@other.md\n@flagged.md\n");
        File.CreateSymbolicLink(Path.Combine(_stage.Work, "CLAUDE.md"), Path.Combine(_stage.Work, "notes", "private.md"));
        var system = await SystemOfAsync("--deny", "Edit(other.md)", "--deny", "Read(flagged.md)");
        Assert.DoesNotContain("Private words.", system);
        Assert.DoesNotContain("Flagged words.", system);
        Assert.Contains("A. ", system);
        Assert.Contains("Other words.", system);
        Assert.Contains($"Not read as instructions: @notes/private.md in {_stage.Work}: it is not shown to a model. The rule 'deny Read(notes/**)'", _stage.Error.ToString());
        Assert.Contains("@flagged.md", _stage.Error.ToString());
        Assert.Contains("CLAUDE.md: it is not shown to a model.", _stage.Error.ToString());
    }

    [Fact]
    public async Task A_folder_above_that_belongs_to_no_repository_of_this_one_says_nothing()
    {
        _stage.Write("AGENTS.md", "From above.");
        Assert.DoesNotContain("From above.", await SystemOfAsync());
        Directory.Delete(Path.Combine(_stage.Work, ".git"));
        Assert.DoesNotContain("From above.", await SystemOfAsync());
    }

    [Fact]
    public async Task Rules_about_files_and_files_of_folders_below_are_told_when_such_a_file_is_seen_and_the_prefix_stays()
    {
        _stage.Write("work/AGENTS.md", "Always.");
        _stage.Write("work/.claude/rules/cs.md", "---\npaths: [\"src/**/*.{cs,fs}\"]\n---\nSeal every class.");
        _stage.Write("work/.claude/rules/ts.md", "---\npaths: \"**/*.ts\"\n---\nNo any.");
        _stage.Write("work/src/core/AGENTS.md", "The core is pure.");
        _stage.Write("work/src/core/a.cs", "class A;");
        _stage.Write("work/b.md", "x");
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Read", """{ "file_path": "b.md" }""")), ScriptedReply.Calls(("Read", """{ "file_path": "src/core/a.cs" }""")), ScriptedReply.Calls(("Read", """{ "file_path": "src/core/a.cs", "offset": 1 }""")), ScriptedReply.Text("Read."));
        _stage.Model = model;
        await _stage.RunAsync("run", "task");
        Assert.Equal([0, 0, 1, 1], model.Requests.Select(request => Count(Said(request), "Seal every class.")));
        Assert.Equal([0, 0, 1, 1], model.Requests.Select(request => Count(Said(request), "The core is pure.")));
        Assert.All(model.Requests, request => Assert.Equal(model.Requests[0].System, request.System));
        Assert.All(model.Requests, request => Assert.DoesNotContain("No any.", request.System + Said(request)));
    }

    [Theory]
    [InlineData("Bash", """{ "command": "cat src/core/a.cs" }""", true)]
    [InlineData("Bash", """{ "command": "head -n 2 < /dev/null; tail -1 ./src/core/a.cs" }""", true)]
    [InlineData("Bash", """{ "command": "cd src/core && grep -n class a.cs | head -3" }""", true)]
    [InlineData("Bash", """{ "command": "ls src/core" }""", false)]
    [InlineData("Bash", """{ "command": "cat src/core/a.cs && false" }""", false)]
    [InlineData("Grep", """{ "pattern": "class" }""", true)]
    [InlineData("Grep", """{ "pattern": "class", "output_mode": "files" }""", false)]
    public async Task A_file_that_a_command_or_a_search_shows_is_seen_and_may_not_be_edited_for_it(string tool, string input, bool seen)
    {
        _stage.Write("work/.claude/rules/cs.md", "---\npaths: \"**/*.cs\"\n---\nSeal every class.");
        _stage.Write("work/src/core/AGENTS.md", "The core is pure.");
        _stage.Write("work/src/core/a.cs", "class A;\n");
        var model = new ScriptedModel(ScriptedReply.Calls((tool, input)), ScriptedReply.Calls(("Edit", """{ "file_path": "src/core/a.cs", "old_string": "class A", "new_string": "class B" }""")), ScriptedReply.Text("Done."));
        _stage.Model = model;
        await _stage.RunAsync("run", "--sandbox", "off", "--trust", "--mode", "acceptEdits", "task");
        Assert.Equal(seen ? (1, 1) : (0, 0), (Count(Said(model.Requests[1]), "Seal every class."), Count(Said(model.Requests[1]), "The core is pure.")));
        Assert.Equal("class A;\n", await File.ReadAllTextAsync(_stage.PathOf("work/src/core/a.cs"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Rules_of_folders_below_keep_to_their_files_and_what_is_left_out_there_is_told()
    {
        _stage.Write("work/src/core/.bridle/rules/sql.md", "---\npaths: [\"*.sql\"]\n---\nNo star.");
        _stage.Write("work/src/core/.bridle/rules/cs.md", "---\npaths: [\"*.cs\"]\n---\nSeal it.");
        _stage.Write("work/src/core/CLAUDE.md", new string('x', 70 * 1024));
        _stage.Write("work/src/core/a.cs", "class A;");
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{ "file_path": "src/core/a.cs" }""")), ScriptedReply.Text("Read."));
        _stage.Model = model;
        await _stage.RunAsync("run", "task");
        var said = Said(model.Requests[1]);
        Assert.Equal((1, 0, 0), (Count(said, "Seal it."), Count(said, "No star."), Count(said, "paths:")));
        Assert.Matches(@"CLAUDE\.md: only its first 6\d+ of 71680 bytes are told, because all instructions together may have 64 KiB\.", said);
        Assert.Contains(new string('x', 64_000), said);
    }

    [Fact]
    public async Task A_changed_file_may_be_as_long_as_one_at_the_beginning()
    {
        _stage.Write("work/AGENTS.md", "Short.");
        var model = new ScriptedModel(ScriptedReply.Text("One."), ScriptedReply.Text("Two."));
        _stage.Model = model;
        await _stage.RunAsync("run", "--session", "s", "task");
        _stage.Write("work/AGENTS.md", new string('x', 63 * 1024) + " the end of it");
        await _stage.RunAsync("run", "--session", "s", "task two");
        Assert.Contains("the end of it", Said(model.Requests[1]));
    }

    [Fact]
    public async Task A_file_that_is_edited_in_the_course_of_a_conversation_is_told_once_and_the_prefix_stays()
    {
        _stage.Write("work/AGENTS.md", "Old words.");
        var model = new ScriptedModel(ScriptedReply.Text("One."), ScriptedReply.Text("Two."), ScriptedReply.Text("Three."));
        _stage.Model = model;
        await _stage.RunAsync("run", "--session", "s", "task");
        _stage.Write("work/AGENTS.md", "New words.");
        await _stage.RunAsync("run", "--session", "s", "task two");
        await _stage.RunAsync("run", "--session", "s", "task three");
        Assert.All(model.Requests, request => Assert.Equal(model.Requests[0].System, request.System));
        Assert.Equal([0, 1, 1], model.Requests.Select(request => Count(Said(request), "changed since the conversation began. They say now:")));
        Assert.Equal([0, 1, 1], model.Requests.Select(request => Count(Said(request), "New words.")));
    }

    [Theory]
    [InlineData("""{ "instructionFiles": "both" }""", true, true)]
    [InlineData("""{ "instructionFiles": "agents-first" }""", true, false)]
    [InlineData("""{ "instructionFiles": "claude-first" }""", false, true)]
    [InlineData("""{ "instructionFiles": "none" }""", false, false)]
    [InlineData("""{ "instructionExcludes": ["/**/work/CLAUDE.md"] }""", true, false)]
    [InlineData("""{ "claudeMdExcludes": ["**/CLAUDE.md"] }""", true, false)]
    public async Task Settings_choose_which_files_are_read(string settings, bool agents, bool claude)
    {
        _stage.Write("work/AGENTS.md", "For agents.");
        _stage.Write("work/CLAUDE.md", "For Claude.");
        _stage.Write("home/.config/bridle/settings.json", settings);
        var system = await SystemOfAsync();
        Assert.Equal((agents, claude), (system.Contains("For agents."), system.Contains("For Claude.")));
    }

    [Fact]
    public async Task Too_much_and_too_long_files_are_cut_to_equal_parts_and_unreadable_ones_left_out_with_the_reason()
    {
        _stage.Write("work/AGENTS.md", new string('a', 40_000));
        _stage.Write("work/CLAUDE.md", new string('c', 40_000));
        _stage.Write("work/.claude/rules/broken.md", "---\npaths: [unclosed\n---\nBroken head.");
        _stage.Write("work/.claude/rules/zero.md", "a\0b");
        _stage.Write("work/.claude/rules/huge.md", new string('h', 300_000));
        var system = await SystemOfAsync();
        foreach (var letter in "ach")
        {
            Assert.Contains(new string(letter, 21_000), system);
            Assert.DoesNotContain(new string(letter, 22_000), system);
        }

        Assert.Equal(4, system.Split("[cut here: ").Length);
        Assert.Contains("Broken head.", system);
        var said = _stage.Error.ToString();
        Assert.Matches(@"AGENTS\.md: only its first 21\d+ of 40000 bytes are told", said);
        Assert.Contains("its head is no YAML", said);
        Assert.Contains("zero.md: it is no text", said);
        Assert.Contains("huge.md: it is longer than 256 KiB", said);
    }

    [Fact]
    public async Task Context_show_lists_every_part_with_its_source_and_size_and_what_waits_or_was_left_out()
    {
        _stage.Write("work/AGENTS.md", "Twelve chars @../x.md");
        _stage.Write("x.md", "x");
        _stage.Write("work/.claude/rules/cs.md", "---\npaths: \"*.cs\"\n---\nSeal.");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("context", "show"));
        var shown = _stage.Out.Take();
        Assert.Matches(@"instructions +\d+ +\d+ +\S+/work/AGENTS\.md", shown);
        Assert.Matches(@"tool +\d+ +\d+ +Read\n", shown);
        Assert.Matches(@"later +5 +2 +\S+/cs\.md when a file like \*\.cs is seen", shown);
        Assert.Contains("Not read: @../x.md in ", shown);
        await _stage.RunAsync("context", "show", "--json", "--trust");
        using var json = JsonDocument.Parse(_stage.Out.ToString());
        var parts = json.RootElement.GetProperty("parts").EnumerateArray().ToList();
        Assert.Equal(["system", "environment", "instructions", "tool"], parts.Select(part => part.GetProperty("kind").GetString()).Distinct());
        Assert.Empty(json.RootElement.GetProperty("left").EnumerateArray());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("context", "show", "--cwd", "/nowhere/at/all"));
        await _stage.RunAsync("context", "show", "--settings", """{ "instructionFiles": "none" }""");
        Assert.DoesNotContain("AGENTS.md", _stage.Out.ToString().Split("\"left\"")[^1]);
    }

    private async Task<string> SystemOfAsync(params string[] flags)
    {
        var model = new ScriptedModel(ScriptedReply.Text("Done."));
        _stage.Model = model;
        Assert.Equal(ExitCode.Done, await _stage.RunAsync(["run", .. flags, "task"]));
        return model.Requests[0].System;
    }

    private static string Said(ModelRequest request) => string.Concat(request.Messages.SelectMany(message => message.Parts).OfType<TextPart>().Select(part => part.Text));

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
