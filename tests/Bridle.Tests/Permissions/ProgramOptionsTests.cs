using Bridle.Permissions;
using Bridle.Tools;

namespace Bridle.Tests.Permissions;

/// <summary>Holds every line of the table of programs to its examples.</summary>
public sealed class ProgramOptionsTests
{
    public static TheoryData<string> Programs { get; } = [.. ProgramOptions.Names.Concat(ProgramExamples.All.Select(one => one.Program)).Distinct().Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void Each_program_has_harmless_examples_that_run_and_dangerous_ones_that_ask(string program)
    {
        var examples = ProgramExamples.All.Where(one => one.Program == program).ToList();
        var never = ProgramOptions.Uncovered([program, "x"], 1)?.Contains("through its arguments", StringComparison.Ordinal) ?? false;

        Assert.Contains(program, ProgramOptions.Names);
        Assert.Equal(!never, examples.Any(one => one.Allowed));
        Assert.Contains(examples, one => !one.Allowed);
        var rule = Judging.Policy(allow: [$"Bash({program}:*)"]).Options with { ReadOnlyCommands = false };
        var policy = new PermissionPolicy(rule);
        Assert.Empty(examples.Where(one => policy.Judge(Judging.Bash(one.Command)).Verdict is Verdict.Allow != one.Allowed).Select(one => $"{(one.Allowed ? "asked" : "allowed")}: {one.Command}"));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void What_a_table_does_not_name_is_not_covered_alone_or_behind_a_letter_that_it_names(string program)
    {
        if (ProgramOptions.TableOf(program) is not { } table)
        {
            return;
        }

        const string letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789#@!:%,.=+";
        var flag = letters.FirstOrDefault(letter => table.IsKnown($"-{letter}", out var takesNext) && !takesNext);
        foreach (var letter in letters.Where(letter => !table.IsKnown($"-{letter}", out _)))
        {
            Assert.NotNull(ProgramOptions.Uncovered([program, $"-{letter}"], 1));
            Assert.NotNull(ProgramOptions.Uncovered([program, "x", $"-{letter}x"], 1));
            if (flag != '\0')
            {
                Assert.NotNull(ProgramOptions.Uncovered([program, $"-{flag}{letter}"], 1));
            }
        }
    }

    [Fact]
    public void Each_dangerous_option_of_git_asks_in_full_and_abbreviated()
    {
        foreach (var option in GitVerbs.DangerousOptions)
        {
            for (var length = 3; length <= option.Length; length++)
            {
                Assert.NotNull(ProgramOptions.Uncovered(["git", "log", option[..length]], 2));
                Assert.NotNull(ProgramOptions.Uncovered(["git", "log", "HEAD", $"{option[..length]}=x"], 2));
            }
        }
    }
}
