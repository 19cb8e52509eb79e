using System.Text.Json;

namespace Bridle.Cli.Tests.Commands;

public sealed class SkillsCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task List_shows_each_skill_what_shadows_another_and_what_is_not_loaded_and_why()
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("skills", "list"));
        Assert.StartsWith("There are no skills.", _stage.Out.Take(), StringComparison.Ordinal);
        Write("home/.agents/skills/one", "user-invocable: false\nmodel: opus\n");
        Write("home/.claude/skills/one");
        Write("work/.claude/skills/two", "disable-model-invocation: true\n");
        _stage.Write("home/.agents/skills/empty/SKILL.md", "");
        await _stage.RunAsync("skills", "list");
        var text = _stage.Out.Take();
        Assert.StartsWith($"SKILL  FROM  FOR    FILE\none    user  model  {_stage.PathOf("home/.agents/skills/one/SKILL.md")}\n", text, StringComparison.Ordinal);
        var said = text.ReplaceLineEndings(" ").Replace("  ", " ", StringComparison.Ordinal);
        Assert.Contains("one: 'model' has no effect here.", said);
        Assert.Contains($"Not used: {_stage.PathOf("home/.claude/skills/one/SKILL.md")}: the skill in", said);
        Assert.Contains("1 skill of the project, whose folder is not trusted; `bridle trust` loads them.", said);
        Assert.Contains("it has neither a description nor any text.", said);
        await _stage.RunAsync("skills", "list", "--trust", "--json");
        using var json = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal("one:model two:person", string.Join(' ', json.RootElement.GetProperty("skills").EnumerateArray().Select(skill => $"{skill.GetProperty("name")}:{skill.GetProperty("for")}")));
        Assert.Equal((1, 1), (json.RootElement.GetProperty("shadowed").GetArrayLength(), json.RootElement.GetProperty("left").GetArrayLength()));
        await _stage.RunAsync("skills", "list", "--cwd", _stage.Home);
        Assert.Contains("one", _stage.Out.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("skills", "list", "--cwd", "/nowhere/at/all"));
    }

    [Fact]
    public async Task Show_prints_all_of_one_and_a_slip_is_met_with_the_nearest_name()
    {
        Write("home/.agents/skills/one", "license: MIT\narguments: [a, b]\npaths: '*.cs'\n");
        _stage.Write("home/.agents/skills/one/scripts/x.sh", "x\u001b[2J");
        await _stage.RunAsync("skills", "show", "/one");
        var said = _stage.Out.Take();
        foreach (var line in new[] { "name          one\n", "description   Use one when it is wanted.\n", "arguments     a b\n", "about files   *.cs\n", "license       MIT\n", "files         scripts/x.sh\n", "\n\nText of one?[2J." })
        {
            Assert.Contains(line, said.Replace("Text of one.", "Text of one?[2J."));
        }

        await _stage.RunAsync("skills", "show", "one", "--json");
        using var json = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal("Text of one.", json.RootElement.GetProperty("text").GetString());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("skills", "show", "on"));
        Assert.Contains("Did you mean one?", _stage.Error.Take());
    }

    [Fact]
    public async Task Validate_is_strict_and_lint_says_more_and_both_end_with_one()
    {
        Write("work/s/good");
        Write("work/s/bad", "argument-hint: x\n");
        _stage.Write("work/s/odd/SKILL.md", "---\nname: Odd\ndescription: d\n---\nx");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("skills", "validate", "s/good"));
        Assert.Equal("s/good: valid\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("skills", "validate", "s/good", "s/bad/SKILL.md", "s/odd", "s/none", "s"));
        Assert.Equal(
            "s/good: valid\ns/bad/SKILL.md: 1 problem\n  The field 'argument-hint' is Claude Code's and not in the specification.\ns/odd: 2 problems\n  The name 'Odd' may have lower-case letters, digits and hyphens only.\n"
            + "  The name 'Odd' is not that of the folder, 'odd'.\ns/none: 1 problem\n  There is no such folder.\ns: 1 problem\n  There is no SKILL.md in it.\n",
            _stage.Out.Take());
        _stage.Write("work/s/typed/SKILL.md", "---\nname: typed\ndescription: true\nlicense: 3\ncompatibility: 1.5\n---\nx");
        _stage.Write("work/s/text/SKILL.md", "---\nname: text\ndescription: \"true\"\nlicense: '3'\ncompatibility: 3 or later\nmetadata:\n  version: 1.0\n---\nx");
        await _stage.RunAsync("skills", "validate", "s/typed", "s/text");
        Assert.Equal(
            "s/typed: 3 problems\n  The value of 'description' must be a text, but YAML reads it as true or false: put it in quotes.\n  The value of 'license' must be a text, but YAML reads it as a number: put it in quotes.\n"
            + "  The value of 'compatibility' must be a text, but YAML reads it as a number: put it in quotes.\ns/text: valid\n",
            _stage.Out.Take());
        _stage.Write("home/.agents/skills/thin/SKILL.md", "---\nname: thin\ndescription: Thin.\nargument-hint: x\n---\nx");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("skills", "lint"));
        Assert.Contains("SKILL.md: 3 problems\n  The description has 5 characters", _stage.Out.Take());
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("skills", "lint", "s/none"));
        Write("work/s/good2");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("skills", "lint", "s/good", "s/none"));
        _stage.Write("work/s/fine/SKILL.md", "---\nname: fine\ndescription: Writes letters. Use when somebody has to be thanked.\n---\nFirst find out who it is, then thank them in two short sentences.");
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("skills", "lint", "s/fine"));
        Assert.Equal($"{_stage.PathOf("work/s/fine/SKILL.md")}: good\n", _stage.Out.Take());
    }

    [Fact]
    public async Task Lint_names_what_is_not_loaded_and_says_where_there_is_nothing()
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("skills", "lint", "--trust"));
        Assert.Equal("There are no skills here.\n", _stage.Error.Take());
        _stage.Write("work/.bridle/skills/empty/SKILL.md", "");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("skills", "lint", "--trust"));
        Assert.Equal($"{_stage.PathOf("work/.bridle/skills/empty/SKILL.md")}: 1 problem\n  It is not loaded: it has neither a description nor any text.\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("skills", "lint"));
        Assert.Contains("1 skill of the project, whose folder is not trusted", _stage.Out.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_begins_a_valid_skill_and_overwrites_nothing()
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("skills", "new", "a-b", "--description", "Says \"x\": \\ y."));
        var file = _stage.PathOf("work/.bridle/skills/a-b/SKILL.md");
        Assert.Equal($"{file}\n", _stage.Out.Take());
        Assert.EndsWith("It counts once you trust the folder: look at what is in it, then `bridle trust`.\n", _stage.Error.Take());
        await _stage.RunAsync("skills", "validate", ".bridle/skills/a-b");
        Assert.Equal(".bridle/skills/a-b: valid\n", _stage.Out.Take());
        await _stage.RunAsync("skills", "show", "a-b", "--trust");
        Assert.Contains("description   Says \"x\": \\ y.\n", _stage.Out.Take());
        File.WriteAllText(file, "mine");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("skills", "new", "a-b"));
        Assert.Contains("There is a skill 'a-b' already", _stage.Error.Take());
        Assert.Equal("mine", File.ReadAllText(file));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("skills", "new", "../up"));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("skills", "new", "x", "--description", new string('x', 1025)));
        Assert.False(File.Exists(_stage.PathOf("work/.bridle/up/SKILL.md")) || Directory.Exists(_stage.PathOf("work/.bridle/skills/x")));
        _stage.Error.Take();
        await _stage.RunAsync("skills", "new", "own", "--user");
        Assert.DoesNotContain("trust", _stage.Error.Take());
        Assert.True(File.Exists(_stage.PathOf("home/.config/bridle/skills/own/SKILL.md")));
        await _stage.RunAsync("skills", "new", "there", "--cwd", _stage.Home);
        Assert.True(File.Exists(_stage.PathOf("home/.bridle/skills/there/SKILL.md")));
    }

    [Fact]
    public async Task Context_show_lists_each_skill_with_its_size_and_source()
    {
        Write("home/.agents/skills/one");
        Write("home/.agents/skills/two");
        Write("home/.agents/skills/hidden", "disable-model-invocation: true\n");
        Write("home/.claude/skills/two");
        await _stage.RunAsync("context", "show", "--json", "--settings", """{ "permissions": { "deny": ["Skill(two)"] } }""");
        using var json = JsonDocument.Parse(_stage.Out.Take());
        JsonElement Of(string list) => json.RootElement.GetProperty(list);
        var line = Assert.Single(Of("parts").EnumerateArray(), part => part.GetProperty("kind").GetString() is "skill");
        Assert.Equal((_stage.PathOf("home/.agents/skills/one/SKILL.md"), "\n- one: Use one when it is wanted.".Length), (line.GetProperty("source").GetString(), line.GetProperty("bytes").GetInt32()));
        Assert.Equal(["hidden", "one", "two"], Of("skills").EnumerateArray().Select(skill => skill.GetProperty("name").GetString()));
        Assert.Contains(Of("left").EnumerateArray(), left => left.GetString()!.Contains(".claude/skills/two/SKILL.md: the skill in", StringComparison.Ordinal));
        Assert.Contains(Of("parts").EnumerateArray(), part => part.GetProperty("kind").GetString() is "tool" && part.GetProperty("source").GetString() is "Skill");
        await _stage.RunAsync("context", "show");
        Assert.Contains($"{_stage.PathOf("home/.agents/skills/one/SKILL.md")} when the skill one is used", _stage.Out.Take());
    }

    [Fact]
    public async Task Context_show_lists_the_tools_that_are_left_out_because_there_are_many()
    {
        await _stage.RunAsync("context", "show", "--json", "--settings", """{ "toolSearchOver": 10 }""");
        using var json = JsonDocument.Parse(_stage.Out.Take());
        var deferred = json.RootElement.GetProperty("deferred").EnumerateArray().Select(tool => tool.GetProperty("source").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "BashOutput", "Git", "KillShell", "Ls", "WebFetch", "WebSearch" }, deferred);
        Assert.Empty(deferred.Intersect(["Read", "Bash", "Edit", "ToolSearch", "CallTool"]));
        Assert.Contains(json.RootElement.GetProperty("parts").EnumerateArray(), part => part.GetProperty("kind").GetString() is "tool names");
        await _stage.RunAsync("context", "show", "--settings", """{ "toolSearchOver": 10 }""");
        Assert.Matches(@"\nlater +\d+ +\d+ +Git when ToolSearch loads it\n", _stage.Out.Take());
        await _stage.RunAsync("context", "show");
        Assert.DoesNotContain("ToolSearch", _stage.Out.Take());
    }

    [Fact]
    public async Task Rules_about_skills_are_no_slip_where_there_are_none_and_are_explained_as_they_are_judged()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "permissions": { "deny": ["Skill(deploy)"], "ask": ["ToolSearch"] } }""");
        await _stage.RunAsync("permissions", "explain", "Skill(deploy)");
        Assert.Contains("deny", _stage.Out.Take());
        await _stage.RunAsync("permissions", "explain", "Skill(other)");
        var said = _stage.Out.Take() + _stage.Error.Take();
        Assert.Contains("It touches nothing outside the session.", said);
        Assert.DoesNotContain("does not exist", said);
    }

    private void Write(string folder, string more = "") =>
        _stage.Write($"{folder}/SKILL.md", $"---\nname: {Path.GetFileName(folder)}\ndescription: Use {Path.GetFileName(folder)} when it is wanted.\n{more}---\nText of {Path.GetFileName(folder)}.");
}
