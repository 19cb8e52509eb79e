using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Tests.Permissions.Shell;

/// <summary>What allow rules say about commands of many parts.</summary>
public sealed class CompoundCommandTests
{
    private static PermissionPolicy Policy(PermissionMode mode = PermissionMode.Default) => new(Judging.Options with
    {
        Mode = mode,
        ReadOnlyCommands = false,
        Rules = Judging.Rules(["Bash(git log:*)", "Bash(npm test)", "Bash(npm run:*)", "Bash(cd:*)", "Bash(echo:*)", "Edit(out/**)"]),
    });

    [Theory]
    [InlineData("git log && npm test")]
    [InlineData("git log\nnpm test")]
    [InlineData("git log | npm test & npm test")]
    [InlineData("for i in 1 2; do npm test; done")]
    [InlineData("if npm test; then git log; else npm test; fi")]
    [InlineData("while ! npm test; do git log; done")]
    [InlineData("case x in x) npm test;; esac")]
    [InlineData("(npm test; { git log; }) >/dev/null 2>&1")]
    [InlineData("f() { npm test; }; f")]
    [InlineData("echo \"$(git log -1)\" `npm test`")]
    [InlineData("echo $x ${y:-z} *.c ~")]
    [InlineData("npm test > out/x")]
    [InlineData("npm test &>> out/x 2>&-")]
    [InlineData("npm test <<'E'\n$(evil)\nE")]
    [InlineData("npm test <<< \"$x\"")]
    [InlineData("NODE_ENV=test LC_ALL=C npm test")]
    [InlineData("timeout -k 5 60s npm test")]
    [InlineData("nice -n 5 nohup stdbuf -oL npm test")]
    [InlineData("time npm test")]
    [InlineData("command npm test")]
    [InlineData("cd sub && npm test")]
    [InlineData("np'm' te\\st # done")]
    public void It_is_allowed_when_every_part_is_covered(string command) => Assert.Equal(Verdict.Allow, Policy().Judge(Judging.Bash(command)).Verdict);

    [Theory]
    [InlineData("git log && evil")]
    [InlineData("git log; (evil)")]
    [InlineData("echo $(evil)")]
    [InlineData("echo \"${x:-$(evil)}\"")]
    [InlineData("npm test <<E\n$(evil)\nE")]
    [InlineData("f() { evil; }; npm test")]
    [InlineData("f; f() { npm test; }")]
    [InlineData("if x; then f() { npm test; }; fi; f")]
    [InlineData("for PATH in x; do npm test; done")]
    [InlineData("for https_proxy in x; do npm test; done")]
    [InlineData("npm test >&--")]
    [InlineData("npm test >&2x")]
    [InlineData("npm test >&-1")]
    [InlineData("for x; do npm test; done")]
    [InlineData("select x in a; do npm test; done")]
    [InlineData("coproc npm test")]
    [InlineData("[[ -f x ]] && npm test")]
    [InlineData("((x)) && npm test")]
    [InlineData("echo $((x))")]
    [InlineData("echo ${x@P}")]
    [InlineData("echo ${!x}")]
    [InlineData("echo ${x:=y}")]
    [InlineData("echo ${x[i]}")]
    [InlineData("npm test > src/x")]
    [InlineData("npm test > out/../src/x")]
    [InlineData("npm test > $x")]
    [InlineData("npm test > out/*")]
    [InlineData("npm test {fd}>out/x")]
    [InlineData("npm test < a.txt")]
    [InlineData("> out/x; evil")]
    [InlineData("FOO=1 npm test")]
    [InlineData("PATH=. npm test")]
    [InlineData("LC_ALL=/tmp/x npm test")]
    [InlineData("NODE_ENV=$x npm test")]
    [InlineData("x=1")]
    [InlineData("timeout $x npm test")]
    [InlineData("timeout --signal KILL 5 npm test")]
    [InlineData("command -v npm test")]
    [InlineData("env npm test")]
    [InlineData("setsid npm test")]
    [InlineData("ionice npm test")]
    [InlineData("flock x npm test")]
    [InlineData("xargs npm test")]
    [InlineData("echo x | xargs npm test")]
    [InlineData("eval npm test")]
    [InlineData("git log $x")]
    [InlineData("git log *")]
    [InlineData("npm run $x")]
    [InlineData("npm run {a,b}")]
    [InlineData("cd sub && git log")]
    [InlineData("cd /etc && npm test")]
    [InlineData("cd $x && npm test")]
    [InlineData("cd sub && npm test > out/x")]
    [InlineData("npm test\u200b")]
    [InlineData("npm test\rx")]
    [InlineData("npm test;;")]
    public void It_is_asked_when_a_part_is_not(string command) => Assert.Equal(Verdict.Ask, Policy().Judge(Judging.Bash(command)).Verdict);

    [Fact]
    public void AcceptEdits_lets_a_redirection_write_inside_and_nowhere_else()
    {
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.AcceptEdits).Judge(Judging.Bash("npm test > src/x")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.AcceptEdits).Judge(Judging.Bash("npm test > /etc/x")).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.AcceptEdits).Judge(Judging.Bash("npm test > .git/hooks/x")).Verdict);
    }

    [Fact]
    public void Each_program_with_a_table_refuses_what_its_table_does_not_know()
    {
        // Programs whose harmless options are a list, and those that no prefix covers.
        foreach (var name in ProgramOptions.Names.Distinct())
        {
            var policy = Judging.Policy(allow: [$"Bash({name}:*)"]);
            var harmless = name is "git" ? $"{name} log --output=x" : $"{name} --bridle-unknown x";
            Assert.True(policy.Judge(Judging.Bash(harmless)).Verdict is Verdict.Ask, harmless);
        }
    }

    [Fact]
    public void The_cases_in_the_documentation_are_true()
    {
        Holds("cases", Judging.Policy(allow: ["Bash(git log:*)", "Bash(npm test)", "Bash(echo:*)", "Edit(out/**)"], deny: ["Bash(rm:*)"]));
        Holds("history", Judging.Policy(PermissionMode.Bypass, allow: ["Bash"], deny: ["Read(.env)"]));
    }

    private static void Holds(string block, PermissionPolicy policy)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Bridle.slnx")))
        {
            folder = folder.Parent;
        }

        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "permissions.md"));
        var start = text.IndexOf($"```{block}\n", StringComparison.Ordinal) + 4 + block.Length;
        var lines = text[start..text.IndexOf("```", start, StringComparison.Ordinal)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 10);
        Assert.All(lines, line =>
        {
            var (verdict, command) = (line[..line.IndexOf(' ')], line[line.IndexOf(' ')..].Trim());
            Assert.Equal(verdict, policy.Judge(Judging.Bash(command)).Verdict.ToString().ToLowerInvariant());
        });
    }
}
