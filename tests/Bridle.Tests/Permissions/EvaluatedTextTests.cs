using Bridle.Permissions;
using Bridle.Permissions.Shell;
using Bridle.Tests.Permissions.Shell;
using Bridle.Tools;
using static Bridle.Tests.Permissions.Judging;

namespace Bridle.Tests.Permissions;

/// <summary>What bash evaluates beside the commands that it reads, is heard or asked about while a rule speaks of commands.</summary>
public sealed class EvaluatedTextTests
{
    [Fact]
    public void No_text_that_bash_evaluates_passes_a_rule_about_what_it_runs()
    {
        var passed = new List<string>();
        foreach (var line in EvaluatedExamples.Lines)
        {
            var command = line.TrimStart('~').Replace("%P", "rm", StringComparison.Ordinal);
            foreach (var (mode, allow) in new[] { (PermissionMode.Bypass, Array.Empty<string>()), (PermissionMode.Default, ["Bash"]) })
            {
                if (Policy(mode, allow: allow, deny: ["Bash(rm:*)"]).Judge(Bash(command)).Verdict is Verdict.Allow)
                {
                    passed.Add($"{mode}: {command}");
                }
            }
        }

        Assert.True(passed.Count == 0, string.Join('\n', passed));
    }

    [Fact]
    public void Everyday_commands_keep_their_verdict_under_a_rule_for_commands()
    {
        var asked = EvaluatedExamples.Honest.Select(line => (line, Said: Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Bash(line)))).Where(one => one.Said.Verdict is not Verdict.Allow)
            .Select(one => $"{one.line}: {one.Said.Reason}").ToList();
        Assert.True(asked.Count == 0, string.Join('\n', asked));
    }

    [Fact]
    public void Without_a_rule_for_commands_nothing_of_it_is_asked() =>
        Assert.All(EvaluatedExamples.Lines.Where(line => !line.Contains("HOME") && !line.Contains("{a[")), line => Assert.Equal(Verdict.Allow, Policy(PermissionMode.Bypass).Judge(Bash(line.TrimStart('~'))).Verdict));

    [Fact]
    public void The_reason_names_the_builtin() =>
        Assert.Equal("'printf' may run what stands in a subscript or a variable", CommandReading.Of(ShellParser.Parse("for s in 'a[$(rm x)0]'; do printf -v \"$s\" hi; done")).Unresolved);
}
