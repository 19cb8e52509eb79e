using Bridle.Hosting.Skills;
using Bridle.Skills;

namespace Bridle.Hosting.Tests.Skills;

public sealed class SkillFoldersTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SkillFoldersTests() => Directory.CreateDirectory(Path.Combine(Work, ".git"));

    private string Work => Path.Combine(_folder.Path, "work");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Skills_are_found_in_every_place_and_the_nearest_of_a_name_wins()
    {
        string[] places =
        [
            "managed/skills", "work/sub/.bridle/skills", "work/sub/.agents/skills", "work/sub/.claude/skills", "work/.bridle/skills", "work/.agents/skills", "work/.claude/skills",
            ".config/bridle/skills", ".agents/skills", ".claude/skills",
        ];
        for (var i = 0; i < places.Length; i++)
        {
            Write($"{places[i]}/own-{i}");
            for (var j = i; j < places.Length; j++)
            {
                Write($"{places[j]}/same-{i}");
            }
        }

        Write("elsewhere/.agents/skills/above");
        var found = Find("work/sub");
        Assert.Equal(places.Length * 2, found.Skills.Count);
        for (var i = 0; i < places.Length; i++)
        {
            Assert.Equal(Path.Combine(_folder.Path, places[i], $"same-{i}", "SKILL.md"), found.Find($"same-{i}")!.Found);
            Assert.Equal(i is 0 ? SkillScope.Managed : i < 7 ? SkillScope.Project : SkillScope.User, found.Find($"own-{i}")!.Scope);
        }

        Assert.Equal(45, found.Shadowed.Count);
        Assert.Contains(found.Shadowed, one => one.Skill.Found.EndsWith(".claude/skills/same-4/SKILL.md", StringComparison.Ordinal) && one.By.Found.Contains("work/.bridle", StringComparison.Ordinal));
        Assert.Equal(found.Skills.Select(skill => skill.Name).Order(StringComparer.Ordinal), found.Skills.Select(skill => skill.Name));
        Assert.Empty(found.Left);
    }

    [Fact]
    public void A_projects_skills_wait_for_trust_and_the_persons_do_not()
    {
        Write("work/.agents/skills/theirs");
        Write("work/.agents/skills/more");
        Write(".agents/skills/mine");
        var found = Find("work", trust: false);
        Assert.Equal(["mine"], found.Skills.Select(skill => skill.Name));
        Assert.Equal($"{Path.Combine(Work, ".agents", "skills")}: 2 skills of the project, whose folder is not trusted; `bridle trust` loads them", string.Join('\n', found.Left.Select(left => $"{left.File}: {left.Reason}")));
        Assert.Equal(["mine", "more", "theirs"], Find("work").Skills.Select(skill => skill.Name));
    }

    [Fact]
    public void One_that_is_broken_costs_only_itself()
    {
        Write(".agents/skills/a");
        Write(".agents/skills/b");
        _folder.Write(".agents/skills/empty/SKILL.md", "");
        _folder.Write(".agents/skills/binary/SKILL.md", "---\nname: x\0\n---\n");
        _folder.Write(".agents/skills/long/SKILL.md", new string('x', 600_000));
        _folder.Write(".agents/skills/odd/SKILL.md", "---\nname: ../../x\ndescription: Use when: odd\nextra: 1\n---\nText");
        _folder.Write(".agents/skills/group/inner/SKILL.md", "Only text.");
        _folder.Write(".agents/skills/group/inner/below/SKILL.md", "Not a skill of its own.");
        _folder.Write(".agents/skills/lower/skill.md", "---\ndescription: d\n---\nText");
        _folder.Write(".agents/skills/node_modules/x/SKILL.md", "No.");
        _folder.Write(".agents/skills/README.md", "No.");
        _folder.Write("secret/secrets/s.md", "The secret.");
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".agents/skills/linked"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, ".agents/skills/linked/SKILL.md"), Path.Combine(_folder.Path, "secret/secrets/s.md"));
        var found = Find("work");
        Assert.Equal(["a", "b", "inner", "lower", "odd"], found.Skills.Select(skill => skill.Name));
        Assert.Equal("Only text.", found.Find("inner")!.Description);
        Assert.Equal(
            ["binary: it is no text", "empty: it has neither a description nor any text", "linked: it may hold a secret, so it is not shown to a model", "long: it is longer than 512 KiB"],
            found.Left.Select(left => $"{Path.GetFileName(Path.GetDirectoryName(left.File))}: {left.Reason}").Order(StringComparer.Ordinal));
        Assert.Contains(found.Find("odd")!.Warnings, warning => warning.Contains("no YAML", StringComparison.Ordinal));
    }

    [Fact]
    public void Links_make_one_skill_one_and_a_changed_file_is_read_again()
    {
        Write("work/.agents/skills/a");
        Directory.CreateDirectory(Path.Combine(Work, ".claude"));
        Directory.CreateSymbolicLink(Path.Combine(Work, ".claude", "skills"), Path.Combine("..", ".agents", "skills"));
        var folders = Folders("work");
        Assert.Single(folders.Find().Skills);
        Assert.Empty(folders.Find().Shadowed);
        _folder.Write("work/.agents/skills/a/SKILL.md", "---\nname: a\ndescription: Changed.\n---\nNew text");
        Assert.Equal("Changed.", folders.Find().Find("a")!.Description);
        Write("work/.agents/skills/b");
        Assert.Equal(["a", "b"], folders.Find().Skills.Select(skill => skill.Name));
    }

    [Fact]
    public void With_home_as_the_working_folder_the_persons_skills_are_the_persons()
    {
        Write(".agents/skills/a");
        Write(".claude/skills/b");
        var found = Find("", trust: false);
        Assert.Equal(["a User", "b User"], found.Skills.Select(skill => $"{skill.Name} {skill.Scope}"));
        Assert.Empty(found.Left);
    }

    [Fact]
    public void The_files_beside_it_are_listed_without_what_may_be_a_secret_and_without_links()
    {
        Write(".agents/skills/a");
        _folder.Write(".agents/skills/a/references/deep/x.md", "x");
        _folder.Write(".agents/skills/a/scripts/run.sh", "x");
        _folder.Write(".agents/skills/a/.env", "x");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, ".agents/skills/a/out"), "/etc/passwd");
        var folders = Folders("work");
        var content = folders.Read(folders.Find().Find("a")!);
        Assert.Equal(["references/deep/x.md", "scripts/run.sh"], content.Files);
        Assert.Equal("Text of a.", content.Body.Trim());
        File.Delete(Path.Combine(_folder.Path, ".agents/skills/a/SKILL.md"));
        Assert.StartsWith("it cannot be read", folders.Read(new Skill("a", "", Path.Combine(_folder.Path, ".agents/skills/a/SKILL.md"), SkillScope.User)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_projects_link_leads_to_is_not_lent_nor_a_folder_that_holds_more_than_a_skill()
    {
        Write("elsewhere/big");
        Write(".agents/skills/mine");
        Write("work/.agents/skills/theirs");
        Directory.CreateSymbolicLink(Path.Combine(Work, ".agents/skills/leads-out"), Path.Combine(_folder.Path, "elsewhere/big"));
        _folder.Write("SKILL.md", "---\nname: home\ndescription: d\n---\n");
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, ".agents/skills/home"), _folder.Path);
        var folders = Folders("work");
        var lent = folders.Find().Skills.ToDictionary(skill => skill.Name, folders.IsLent);
        Assert.Equal("big False, home False, mine True, theirs True", string.Join(", ", lent.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}")));
    }

    [Fact]
    public void Settings_turn_skills_off_or_keep_them_from_the_model_and_open_nothing()
    {
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            Write($".agents/skills/{name}");
        }

        _folder.Write(".agents/skills/own/SKILL.md", "---\nname: own\ndescription: d\ndisable-model-invocation: true\n---\nText");
        _folder.Write(".config/bridle/settings.json", """{ "skillOverrides": { "a": "off", "b": "user-invocable-only", "c": "name-only", "d": "on", "own": "on" } }""");
        var found = Find("work");
        Assert.Equal("b False False, c True True, d True False, own False False", string.Join(", ", found.Skills.Select(skill => $"{skill.Name} {skill.ForModel} {skill.NameOnly}")));
        Assert.Equal("skillOverrides turns it off", Assert.Single(found.Left).Reason);
        Assert.EndsWith("\n- c\n- d: Use for d.", SkillList.Of(SkillList.Listed(found.Skills), 1_000));
    }

    [Fact]
    public void A_link_of_the_project_shows_no_other_file_that_lies_outside_of_it()
    {
        _folder.Write("private/journal.md", "---\nname: x\ndescription: balance 12345\n---\nprivate");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "work/.agents/skills/x"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "work/.agents/skills/x/SKILL.md"), Path.Combine(_folder.Path, "private/journal.md"));
        var found = Find("work");
        Assert.Empty(found.Skills);
        Assert.Equal("it leads out of the project, to a file that is no SKILL.md", Assert.Single(found.Left).Reason);
    }

    [Fact]
    public void What_rules_refuse_to_be_read_is_no_skill_wherever_a_link_has_it()
    {
        foreach (var skills in new[] { "work/.agents/skills", ".agents/skills" })
        {
            _folder.Write("work/private/plan.md", "---\nname: plan\ndescription: The plan is 12345.\n---\nThe private plan");
            var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, skills, "plan")).FullName;
            File.CreateSymbolicLink(Path.Combine(folder, "SKILL.md"), Path.Combine(Work, "private/plan.md"));
            Write($"{skills}/open");
            _folder.Write($"{skills}/open/private/a.md", "x");
            _folder.Write($"{skills}/open/b.md", "x");

            Assert.Equal("open, plan", string.Join(", ", Find("work").Skills.Select(skill => skill.Name)));
            _folder.Write(".config/bridle/settings.json", """{ "permissions": { "deny": ["Read(**/private/**)", "Read(~/.agents/skills/open/private/**)"] } }""");
            var folders = Folders("work");
            var found = folders.Find();
            Assert.Equal(["open"], found.Skills.Select(skill => skill.Name));
            Assert.Contains("is not shown to a model", Assert.Single(found.Left).Reason, StringComparison.Ordinal);
            Assert.Contains("Read(**/private/**)", found.Left[0].Reason, StringComparison.Ordinal);
            Assert.Equal(["b.md"], folders.Read(found.Find("open")!).Files);
            Directory.Delete(Path.Combine(_folder.Path, skills), recursive: true);
            File.Delete(Path.Combine(_folder.Path, ".config/bridle/settings.json"));
        }
    }

    [Fact]
    public void What_takes_the_place_of_a_skill_that_was_found_is_held_to_the_rules_as_well()
    {
        Write("work/.agents/skills/a");
        _folder.Write("work/private/plan.md", "The private plan");
        _folder.Write("work/.env", "PASSWORD=x");
        _folder.Write(".config/bridle/settings.json", """{ "permissions": { "deny": ["Read(private/**)"] } }""");
        var folders = Folders("work");
        var skill = folders.Find().Find("a")!;
        foreach (var (target, why) in new[] { ("private/plan.md", "Read(private/**)"), (".env", "may hold a secret") })
        {
            File.Delete(skill.File);
            File.CreateSymbolicLink(skill.File, Path.Combine(Work, target));
            var content = folders.Read(skill);
            Assert.Contains(why, content.Problem, StringComparison.Ordinal);
            Assert.Equal("", content.Body);
        }
    }

    [Fact]
    public void Folders_in_folders_are_looked_at_up_to_a_bound_and_links_to_one_another_once()
    {
        // 80 folders of 80 folders: 6,400 two steps down, of which 5,000 are looked at.
        var skills = Directory.CreateDirectory(Path.Combine(_folder.Path, "work/.agents/skills")).FullName;
        for (var i = 0; i < 80 * 80; i++)
        {
            Directory.CreateDirectory(Path.Combine(skills, $"g{i / 80:00}/h{i % 80:00}"));
        }

        Write("work/.agents/skills/near");
        Write("work/.agents/skills/z/behind");
        Assert.Equal(["near"], Find("work").Skills.Select(skill => skill.Name));
        var ring = Directory.CreateDirectory(Path.Combine(_folder.Path, "work/ring")).FullName;
        for (var i = 0; i < 80; i++)
        {
            Directory.Delete(Path.Combine(skills, $"g{i:00}"), recursive: true);
            Directory.CreateSymbolicLink(Path.Combine(skills, $"g{i:00}"), ring);
            Directory.CreateSymbolicLink(Path.Combine(ring, $"g{i:00}"), ring);
        }

        Assert.Equal(["behind", "near"], Find("work").Skills.Select(skill => skill.Name));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Links_back_into_a_folder_of_skills_count_and_list_nothing_once_more(bool trust)
    {
        Write("work/.agents/skills/a");
        _folder.Write("work/.agents/skills/bad/SKILL.md", "");
        _folder.Write("work/.agents/skills/group/worse/SKILL.md", "");
        foreach (var (link, target) in new[] { (".agents/skills/again", "."), (".agents/skills/group/up", ".."), (".agents/skills/b", "bad"), (".bridle/skills/whole", "../.."), (".claude/skills", "../.agents/skills") })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Work, link))!);
            Directory.CreateSymbolicLink(Path.Combine(Work, link), target);
        }

        var found = Find("work", trust);
        Assert.Equal(trust ? ["a"] : [], found.Skills.Select(skill => skill.Name));
        Assert.Equal(
            trust ? ["b: it has neither a description nor any text", "worse: it has neither a description nor any text"]
                : ["skills: 3 skills of the project, whose folder is not trusted; `bridle trust` loads them"],
            found.Left.Select(left => $"{Path.GetFileName(trust ? Path.GetDirectoryName(left.File) : left.File)}: {left.Reason}").Order(StringComparer.Ordinal));
        Assert.Empty(found.Shadowed);
    }

    private void Write(string folder) => _folder.Write($"{folder}/SKILL.md", $"---\nname: {Path.GetFileName(folder)}\ndescription: Use for {Path.GetFileName(folder)}.\n---\nText of {Path.GetFileName(folder)}.");

    private FoundSkills Find(string work, bool trust = true) => Folders(work, trust).Find();

    private SkillFolders Folders(string work, bool trust = true)
    {
        var folder = Path.Combine(_folder.Path, work).TrimEnd('/');
        var environment = _folder.Environment() with { ManagedFolder = Path.Combine(_folder.Path, "managed") };
        return new(HostFiles.Read(new HarnessRequest(environment, folder) { TrustFolder = trust }), folder);
    }
}
