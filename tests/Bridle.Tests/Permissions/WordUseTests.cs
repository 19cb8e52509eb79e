using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>A rule that keeps files from being changed speaks of what a command does to them, not of a word that has their name.</summary>
public sealed class WordUseTests
{
    private static FakeFiles Tree() => Files().File("/ws/test/t.py").File("/ws/dist/a.js").File("/ws/package.json").File("/ws/build.sh").File("/ws/out.txt");

    [Theory]
    [InlineData("Edit(test/**)", "npm test")]
    [InlineData("Edit(test/**)", "npm run test")]
    [InlineData("Edit(test/**)", "npm --silent run test")]
    [InlineData("Edit(test/**)", "yarn test")]
    [InlineData("Edit(test/**)", "pnpm run test")]
    [InlineData("Edit(test/**)", "dotnet test")]
    [InlineData("Edit(test/**)", "cargo test")]
    [InlineData("Edit(test/**)", "go test ./...")]
    [InlineData("Edit(test/**)", "make test")]
    [InlineData("Edit(test/**)", "make -k test")]
    [InlineData("Edit(test/**)", "timeout 60 npm test")]
    [InlineData("Edit(test/**)", "timeout 60 npm run test")]
    [InlineData("Edit(test/**)", "nice -n 5 make test")]
    [InlineData("Edit(test/**)", "pytest test/t.py")]
    [InlineData("Edit(test/**)", "pytest -q -x test")]
    [InlineData("Edit(test/**)", "python3 -m pytest -q test/t.py")]
    [InlineData("Edit(test/**)", "npx jest test/t.py")]
    [InlineData("Edit(test/**)", "python3 test/t.py")]
    [InlineData("Edit(test/**)", "bash -e test/t.py")]
    [InlineData("Edit(test/**)", "./test/t.py")]
    [InlineData("Edit(test/**)", "sed -n 1,5p test/t.py")]
    [InlineData("Edit(dist/**)", "npm run dist")]
    [InlineData("Edit(src/**)", "cd src && python3 -c 1")]
    [InlineData("Edit(src/**)", "cd src && curl https://a.test")]
    [InlineData("Read(test/**)", "npm test")]
    [InlineData("Read(test/**)", "npm run test")]
    [InlineData("Read(src/**)", "cd /ws && make src2")]
    public void A_word_that_only_bears_a_files_name_or_is_read_is_not_refused(string rule, string command) =>
        Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Bash(command, Tree())).Verdict);

    [Theory]
    [InlineData("rm test/t.py")]
    [InlineData("rm -rf test")]
    [InlineData("mv test old")]
    [InlineData("cp a.txt test/t.py")]
    [InlineData("echo x | tee test/t.py")]
    [InlineData("sed -i s/a/b/ test/t.py")]
    [InlineData("sed 'w test/t.py' a.txt")]
    [InlineData("echo x > test/t.py")]
    [InlineData("truncate -s 0 test/t.py")]
    [InlineData("timeout 5 rm test/t.py")]
    [InlineData("nice sudo rm test/t.py")]
    [InlineData("nohup timeout 5 sh -c 'rm test/t.py'")]
    [InlineData("npm test && rm test/t.py")]
    [InlineData("cd test && rm t.py")]
    [InlineData("git checkout HEAD~1 -- test/t.py")]
    [InlineData("git rm test/t.py")]
    [InlineData("chmod +x test/t.py")]
    [InlineData("touch test/new.py")]
    [InlineData("patch test/t.py a.txt")]
    [InlineData("npx rm test/t.py")]
    public void What_certainly_changes_it_is_refused_confined_or_not(string command)
    {
        var policy = Policy(PermissionMode.Bypass, deny: ["Edit(test/**)"]);
        Assert.Equal(Verdict.Deny, policy.Judge(Bash(command, Tree())).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Held(Bash(command, Tree()))).Verdict);
    }

    [Theory]
    [InlineData("mytool test/t.py")]
    [InlineData("mytool --out=test/t.py")]
    [InlineData("mytool test")]
    [InlineData("python3 gen.py test/t.py")]
    [InlineData("python3 -c x test/t.py")]
    [InlineData("pytest --basetemp test")]
    [InlineData("pytest --junitxml=test/t.py")]
    [InlineData("jest -u test/t.py")]
    [InlineData("perl -i test/t.py")]
    [InlineData("npm --prefix test run x")]
    [InlineData("npm install test")]
    [InlineData("npm pack test/t.py")]
    [InlineData("make X=1 test/t.py")]
    [InlineData("dotnet build test")]
    [InlineData("cargo build --target-dir test")]
    public void What_may_change_it_is_refused_where_nothing_confines_and_left_to_the_sandbox_that_holds_it(string command)
    {
        var policy = Policy(PermissionMode.Bypass, deny: ["Edit(test/**)"]);
        var open = policy.Judge(Bash(command, Tree()));
        Assert.Equal(Verdict.Deny, open.Verdict);
        Assert.Contains("what may write", open.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Allow, policy.Judge(Held(Bash(command, Tree()))).Verdict);

        // Where the sandbox does not hold that very place, or cannot say, the rule does.
        Assert.Equal(Verdict.Deny, policy.Judge(Held(Bash(command, Tree()), "/ws/other")).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Bash(command, Tree()) with { Confined = true, Guarded = () => new([new("/ws/test", true, false, GuardedBy.DenyRule)], "too many") }).Verdict);
        Assert.Equal(Verdict.Deny, policy.Judge(Held(Bash(command, Tree())) with { AsksForNoSandbox = true }).Verdict);
        Assert.Equal(Verdict.Ask, Policy(PermissionMode.Bypass, ask: ["Edit(test/**)"]).Judge(Held(Bash(command, Tree()))).Verdict);
    }

    [Theory]
    [InlineData("mytool test/new.py")]
    [InlineData("mytool test/sub/new.py")]
    [InlineData("mytool missing")]
    public void What_may_make_a_file_that_is_not_there_is_refused_also_where_it_is_confined(string command)
    {
        var policy = Policy(PermissionMode.Bypass, deny: ["Edit(test/**)", "Edit(missing/**)"]);
        Assert.Equal(Verdict.Deny, policy.Judge(Held(Bash(command, Tree()))).Verdict);
    }

    [Theory]
    [InlineData("Edit(out.txt)", "make out.txt")]
    [InlineData("Read(test/**)", "python3 test/t.py")]
    [InlineData("Read(test/**)", "pytest test/t.py")]
    [InlineData("Read(test/**)", "./test/t.py")]
    [InlineData("Read(test/**)", "for d in test; do npm test; done; mytool test")]
    public void What_makes_or_reads_the_file_itself_stays_refused(string rule, string command) =>
        Assert.NotEqual(Verdict.Allow, Policy(PermissionMode.Bypass, deny: [rule]).Judge(Bash(command, Tree())).Verdict);

    private static CallToJudge Held(CallToJudge call, string place = "/ws/test") => call with { Confined = true, Guarded = () => new([new(place, true, false, GuardedBy.DenyRule)], null) };
}
