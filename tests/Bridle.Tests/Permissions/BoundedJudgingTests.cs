using Bridle.Permissions;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>However a command is made, it is judged in a time and with a memory that grow as its length does. The limits are generous: what they catch took minutes, or ended the program.</summary>
public sealed class BoundedJudgingTests
{
    private static readonly string[] s_denied =
        [.. Enumerable.Range(0, 10).SelectMany(at => (string[])[$"Bash(git push{at}:*)", $"Bash(kubectl * x{at})", $"Bash(git * x{at})", $"Bash(rm -rf x{at})", $"Read(/ws/kept{at}/**)"])];

    // Before, what is repeated (# is its number), and behind; made as long as the number says.
    [Theory]
    [InlineData("echo $x; ", "a#=1; ", "CPY", 35_000)]
    [InlineData("a0=1", " a#=1", " && cp a b", 90_000)]
    [InlineData("vim -c '", " ", "@'", 60_000)]
    [InlineData("vim -c 'e x", " ", "y'", 60_000)]
    [InlineData("vim -c 'set a", " ", "@'", 60_000)]
    [InlineData("vim -c 's/", " ", "\\'", 60_000)]
    [InlineData("vim -c 'silent", " ", "@'", 60_000)]
    [InlineData("VIMINIT='", " ", "@' vi", 60_000)]
    [InlineData("echo ", "{1..60} ", "", 50_000)]
    [InlineData("kubectl ", "-a x ", "", 100_000)]
    [InlineData("kubectl ", "-a x ", "$x", 100_000)]
    [InlineData("git ", "*", "", 100_000)]
    [InlineData("git ", "?*", " push", 50_000)]
    [InlineData("", "sudo ", "git push", 100_000)]
    [InlineData("", "env A=b ", "git push", 100_000)]
    [InlineData("", "find . -exec ", "git push \\;", 100_000)]
    [InlineData("", "eval ", "git push", 100_000)]
    [InlineData("psql -c '", "\\\\! ls ", "'", 100_000)]
    [InlineData("fzf --bind '", "transform-", "'", 100_000)]
    [InlineData("git ", "$a", "", 100_000)]
    [InlineData("let ", "a=b ", "; git $x", 9_000)]
    public void A_hostile_command_is_judged_soon(string before, string again, string behind, int length)
    {
        behind = behind is "CPY" ? string.Concat(Enumerable.Repeat("cp a b; ", 6_000)) : behind;
        var command = before + string.Concat(Enumerable.Range(0, length / again.Length).Select(at => again.Replace("#", $"{at}", StringComparison.Ordinal))) + behind;
        var started = TimeProvider.System.GetTimestamp();
        var judgement = Policy(PermissionMode.Bypass, deny: s_denied).Judge(Bash(command));
        Assert.Equal(Verdict.Ask, judgement.Verdict);
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 20);
    }

    [Theory]
    [InlineData("kubectl ", "-a x ", "delete pod", "Bash(kubectl delete:*)")]
    [InlineData("kubectl get ", "-a x ", "pod", "Bash(kubectl get pod:*)")]
    [InlineData("echo ", "{1..60} ", "; git {push,origin}", "Bash(git push:*)")]
    [InlineData("vim -c '", ": ", "!git push'", "Bash(git push:*)")]
    public void What_is_over_a_bound_is_asked_about_or_denied_and_not_let_through(string before, string again, string behind, string rule)
    {
        var command = before + string.Concat(Enumerable.Repeat(again, 1_000)) + behind;
        foreach (var mode in (PermissionMode[])[PermissionMode.Default, PermissionMode.Bypass])
        {
            Assert.NotEqual(Verdict.Allow, Policy(mode, allow: ["Bash", "Bash(kubectl:*)"], deny: [rule]).Judge(Bash(command)).Verdict);
        }
    }

    [Theory]
    [InlineData("kubectl -n x delete pod", Verdict.Deny)]
    [InlineData("kubectl -a 1 -b 2 -c 3 -d 4 delete pod", Verdict.Deny)]
    [InlineData("kubectl -a 1 -b 2 -c 3 -d 4 get pod", Verdict.Allow)]
    public void Under_the_bounds_options_are_looked_past_as_before(string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: ["Bash(kubectl delete:*)"]).Judge(Bash(command)).Verdict);

    [Theory]
    [InlineData("x=status; git $x", Verdict.Allow)]
    [InlineData("x=status; echo a; (git $x)", Verdict.Allow)]
    [InlineData("x=status && git $x && git $x", Verdict.Allow)]
    [InlineData("x=status || git $x", Verdict.Allow)]
    [InlineData("git $x; x=status", Verdict.Ask)]
    [InlineData("x=status & git $x", Verdict.Ask)]
    [InlineData("(x=status); git $x", Verdict.Ask)]
    [InlineData("for x in status log; do git $x; done", Verdict.Allow)]
    [InlineData("for x in status log; do git $x; done; git $x", Verdict.Ask)]
    public void What_a_command_certainly_finds_set_is_known(string command, Verdict verdict) =>
        Assert.Equal(verdict, Policy(PermissionMode.Bypass, deny: ["Bash(git push:*)"]).Judge(Bash(command)).Verdict);
}
