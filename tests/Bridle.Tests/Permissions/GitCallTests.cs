using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>Calls of the tool for git are held to the rules as the commands that they are, and what is free for commands is not free for them.</summary>
public sealed class GitCallTests
{
    [Theory]
    [InlineData("Bash(git commit:*)", "commit --allow-empty -m x")]
    [InlineData("Bash(git reset --hard)", "reset --hard")]
    [InlineData("Bash(git reset:*)", "reset --hard HEAD~1")]
    [InlineData("Bash(git *)", "stash")]
    [InlineData("Git(commit:*)", "commit -m x")]
    [InlineData("Git(reset --hard)", "reset --hard")]
    [InlineData("Git(verb:reset)", "reset --hard")]
    [InlineData("Git", "add a.txt")]
    [InlineData("Edit(a.txt)", "restore a.txt")]
    [InlineData("Edit(a.txt)", "restore -- a.txt")]
    [InlineData("Edit(a.txt)", "mv a.txt c.txt")]
    [InlineData("Edit(a.txt)", "rm -f a.txt")]
    [InlineData("Edit(a.txt)", "checkout HEAD -- a.txt")]
    [InlineData("Edit(src/**)", "rm src/a.cs")]
    [InlineData("Read(.env)", "add -f .env")]
    [InlineData("Read(.env)", "rm -f .env")]
    public void What_a_rule_says_of_a_command_of_git_or_of_its_files_holds_for_the_tool(string rule, string call)
    {
        var words = call.Split(' ');
        var one = Git(words[0], words[1..]);
        foreach (var mode in (PermissionMode[])[PermissionMode.Bypass, PermissionMode.Default])
        {
            Assert.Equal(Verdict.Deny, Policy(mode, allow: ["Git"], deny: [rule]).Judge(one).Verdict);
            Assert.Equal(Verdict.Ask, Policy(mode, allow: ["Git"], ask: [rule]).Judge(one).Verdict);
        }

        Assert.True(Rule(rule, Verdict.Deny).MaySpeakOf(one, Options));
    }

    [Theory]
    [InlineData("Bash(git commit:*)", "reset --hard")]
    [InlineData("Git(commit:*)", "reset --hard")]
    [InlineData("Edit(a.txt)", "add src/a.cs")]
    [InlineData("Edit(a.txt)", "commit -m a.text")]
    [InlineData("Edit(a.txt)", "commit -m 'Is a.txt [right]?*'")]
    [InlineData("Bash", "add a.txt")]
    public void What_a_rule_does_not_speak_of_stays_allowed(string rule, string call)
    {
        var words = GitCalls.WordsOf(call)!;
        Assert.Equal(Verdict.Allow, Policy(allow: ["Git"], deny: [rule]).Judge(Git(words[0], [.. words.Skip(1)])).Verdict);
    }

    // git takes these for patterns, whatever a shell would do with them.
    [Theory]
    [InlineData("rm", "-f", "*.txt")]
    [InlineData("rm", "-f", "a.tx?")]
    [InlineData("rm", "-f", "[a].txt")]
    [InlineData("rm", "-f", "\\a.txt")]
    [InlineData("restore", ":(top)a.txt")]
    [InlineData("restore", ":(icase)A.TXT")]
    [InlineData("commit", "-m", "x", "--", "-*")]
    [InlineData("commit", "--trailer", "-m", "*.txt")]
    [InlineData("commit", "--", "-m", "*.txt")]
    [InlineData("stash", "push", "--", "*.txt")]
    public void A_pattern_of_gits_own_is_asked_about_while_a_file_is_denied(string verb, params string[] words)
    {
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, allow: ["Git"], deny: ["Edit(a.txt)"]).Judge(Git(verb, words)).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, deny: ["Edit(a.txt)"]).Judge(Bash($"git {verb} {string.Join(' ', words.Select(word => $"'{word}'"))}")).Verdict);
    }

    [Theory]
    [InlineData("rm -rf src", Verdict.Ask)]
    [InlineData("mv src lib", Verdict.Ask)]
    [InlineData("restore .", Verdict.Ask)]
    [InlineData("checkout -- src", Verdict.Ask)]
    [InlineData("checkout HEAD~1 -- .", Verdict.Ask)]
    [InlineData("stash push -- src", Verdict.Ask)]
    [InlineData("restore sub", Verdict.Allow)]
    [InlineData("rm -r sub", Verdict.Allow)]
    [InlineData("add src", Verdict.Allow)]
    [InlineData("commit -m src", Verdict.Allow)]
    public void A_folder_that_git_takes_whole_is_asked_about_while_a_file_in_it_is_denied(string call, Verdict verdict)
    {
        var words = call.Split(' ');
        var policy = Policy(PermissionMode.Bypass, deny: ["Edit(src/a.cs)"]);
        Assert.Equal(verdict, policy.Judge(Git(words[0], words[1..])).Verdict);
        Assert.Equal(verdict, policy.Judge(Bash($"git {call}")).Verdict);
    }

    [Theory]
    [InlineData("add", "-f", ".env")]
    [InlineData("add", "-f", "*env")]
    [InlineData("add", "-f", ":/.env")]
    [InlineData("add", "-f", "\\.env")]
    [InlineData("rm", "-f", ".env")]
    [InlineData("mv", ".env", "e.txt")]
    public void A_file_that_may_hold_secrets_is_asked_about_whatever_rule_allows_the_tool(string verb, params string[] words)
    {
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, allow: ["Git"]).Judge(Git(verb, words)).Verdict);
        Assert.True(Policy(allow: ["Git"]).Judge(Git(verb, words)).Firm);
    }

    [Fact]
    public void A_key_and_a_protected_file_are_held_back_from_it()
    {
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass).Judge(Git("add", "/home/u/.ssh/id_rsa")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(allow: ["Git"]).Judge(Git("mv", "a.txt", ".git/hooks/pre-commit")).Verdict);
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Bypass).Judge(Git("rm", "--", "a.txt\0x")).Verdict);
    }

    // Bash commands of these words are free there; the tool may write .git and was always asked.
    [Fact]
    public void What_is_free_for_commands_is_not_free_for_the_tool()
    {
        var branch = Git("branch", "--list");
        Assert.Equal(Verdict.Allow, Policy(trusted: true).Judge(Bash("git branch --list")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(trusted: true).Judge(branch).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.AcceptEdits, trusted: true).Judge(branch).Verdict);
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.Plan, trusted: true).Judge(branch).Verdict);
        Assert.Equal(Verdict.Deny, Policy(PermissionMode.DontAsk, trusted: true).Judge(branch).Verdict);
        Assert.Equal(Verdict.Ask, new PermissionPolicy(Options with { AllowConfined = true }).Judge(branch with { Confined = true }).Verdict);
        Assert.Equal(Verdict.Ask, new PermissionPolicy(Options with { AllowConfined = true }).Judge(Git("add", "a.txt") with { Confined = true }).Verdict);
        var free = new PermissionPolicy(Options with { Rules = Rules(["Git"]), AllowUnconfined = Rules(["Bash(git commit:*)"]) });
        Assert.Equal(Verdict.Ask, free.Judge(Git("commit") with { AsksForNoSandbox = true }).Verdict);
        Assert.Null(Policy(allow: ["Git"]).Judge(Git("commit", "-m", "grep") with { Confined = true }) is { HidesSecrets: true } hidden ? hidden : null);
    }

    [Theory]
    [InlineData("Git", "reset --hard", true)]
    [InlineData("Git(commit:*)", "commit -m x", true)]
    [InlineData("Git(commit *)", "commit --amend", true)]
    [InlineData("Bash(git commit:*)", "commit -m x", true)]
    [InlineData("Bash(git commit -m x)", "commit -m x", true)]
    [InlineData("Bash(git *)", "commit -m x", true)]
    [InlineData("Git(commit -m x)", "commit -m x", true)]
    [InlineData("Git(commit -m x)", "commit -m x --amend", false)]
    [InlineData("Git(commit -m x)", "commit -m y", false)]
    [InlineData("Git(commit:*)", "reset --hard", false)]
    [InlineData("Git(commit:*)", "commit -S", false)]
    [InlineData("Bash", "commit -m x", false)]
    [InlineData("Bash(*)", "commit -m x", false)]
    [InlineData("Bash(* x)", "commit -m x", false)]
    [InlineData("Bash(*commit*)", "commit -m x", false)]
    [InlineData("Edit", "commit -m x", false)]
    [InlineData("Edit(**)", "rm a.txt", false)]
    public void An_allow_rule_opens_the_tool_where_it_names_git_and_covers_the_call(string rule, string call, bool allows)
    {
        var words = call.Split(' ');
        Assert.Equal(allows ? Verdict.Allow : Verdict.Ask, Policy(allow: [rule]).Judge(Git(words[0], words[1..])).Verdict);
    }

    [Fact]
    public void A_rule_for_the_tool_opens_no_command()
    {
        Assert.Equal(Verdict.Ask, Policy(allow: ["Git(commit:*)", "Git"]).Judge(Bash("git commit -m x")).Verdict);
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: ["Git(commit:*)"]).Judge(Bash("git commit -m x")).Verdict);
    }

    [Theory]
    [InlineData("Git(verb:commit)", Verdict.Allow, "Did you mean 'Git(commit:*)'?")]
    [InlineData("Git(nonsense)", Verdict.Allow, "has no rules of the form")]
    [InlineData("Git(nonsense)", Verdict.Deny, "Until then it holds for every call of Git.")]
    public void A_rule_that_names_no_verb_of_gits_is_said_to_be_wrong_and_opens_nothing(string rule, Verdict verdict, string problem)
    {
        var outcome = PermissionRule.Parse(rule, verdict, User);
        Assert.Contains(problem, Assert.Single(outcome.Problems), StringComparison.Ordinal);
        Assert.Equal(verdict is Verdict.Deny, outcome.Rule is { } closing && new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Rules = [closing] }).Judge(Git("add", "x")).Verdict is Verdict.Deny);
    }

    [Theory]
    [InlineData("commit -m 'two words'", "commit|-m|two words")]
    [InlineData("git reset --hard", "reset|--hard")]
    [InlineData("git", null)]
    [InlineData("reset --hard; ls", null)]
    [InlineData("reset $x", null)]
    [InlineData("X=1 reset", null)]
    [InlineData("", null)]
    public void A_call_of_the_tool_is_read_as_a_person_writes_it(string text, string? words) =>
        Assert.Equal(words, GitCalls.WordsOf(text) is { } read ? string.Join('|', read) : null);

    [Theory]
    [InlineData("it's", "a b", "$(rm x)", "`rm`", "", "~/x", "a;b", "*", "\n", "!x", "#", "{a,b}", "\\", "-m")]
    public void Its_words_are_read_word_for_word_as_the_tool_passes_them_on(params string[] words)
    {
        var command = Assert.Single(Git("add", words).Commands);
        Assert.Null(command.Reading.Unresolved);
        Assert.Equal(["git", "add", .. words], Assert.Single(command.Reading.Commands).Texts);
    }

    [Fact]
    public void The_examples_of_the_documentation_are_judged_as_it_says()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent;
        }

        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "permissions.md"));
        var start = text.IndexOf("```git-cases\n", StringComparison.Ordinal) + 13;
        var cases = text[start..text.IndexOf("```", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var policy = Policy(allow: ["Git"], deny: ["Bash(git reset --hard:*)", "Git(stash:*)", "Edit(b.txt)"]);
        Assert.Equal(7, cases.Length);
        Assert.All(cases, line =>
        {
            var words = GitCalls.WordsOf(line[7..])!;
            Assert.Equal(line[..6].Trim(), policy.Judge(Git(Files().File("/ws/b.txt"), words[0], [.. words.Skip(1)])).Verdict.ToString().ToLowerInvariant());
        });
    }

    // The folders that settings add to the workspace took from a command what it was known to copy and which history it may print.
    [Fact]
    public void Folders_that_settings_add_make_no_rule_for_files_looser()
    {
        var files = Files().Folder("/ws/.git").File("/ws/.git/HEAD").Folder("/other");
        var policy = new PermissionPolicy(Options with { Mode = PermissionMode.Bypass, Trusted = true, Rules = Rules(deny: ["Read(.env)"]), AdditionalDirectories = ["/other"] });
        Assert.Equal(Verdict.Ask, policy.Judge(Bash("git log -p", files)).Verdict);
    }
}
