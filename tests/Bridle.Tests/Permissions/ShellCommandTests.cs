using System.Diagnostics;
using System.Text;
using Bridle.Permissions;
using Bridle.Permissions.Shell;

namespace Bridle.Tests.Permissions;

public sealed class ShellCommandTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
    [
        "git", "log", "a", "b.txt", "-x", "--long=v", " ", " ", "  ", "\t", "'", "'", "\"", "\"", "\\", "\\ ", "\\'", "\\\"", "$", "$x", "${x}", "$(x)", "`", "*", "?", "[a]", "{a,b}", "~", "=~", ":~",
        "a=~", "a=~:~/b", "#", "a#b", "!", ";", "|", "&", "<", ">", "(", ")", "\n", "\r", "=", ":", "%", "@", ",", ".", "/", "+", "^", "é", "漢", "\u00a0", "\u200b", "-", "--", "''", "\"\"", "]", "}", "0", "é'", "\\\\",
    ];

    [Theory]
    [InlineData("git log --oneline", "git|log|--oneline")]
    [InlineData("git\tlog  --oneline", "git|log|--oneline")]
    [InlineData("echo '$(touch x); rm' \"a && b\"", "echo|$(touch x); rm|a && b")]
    [InlineData("tou''ch a\\ b \"c\\\"d\" \"e\\nf\"", "touch|a b|c\"d|e\\nf")]
    [InlineData("git show HEAD~1", "git|show|HEAD~1")]
    [InlineData("echo a#b ''", "echo|a#b|")]
    [InlineData("  ls  \n", "ls")]
    public void A_simple_command_becomes_its_words(string text, string words)
    {
        Assert.Equal(words, string.Join('|', PlainWords(text) ?? []));
    }

    [Theory]
    [InlineData("a; b")]
    [InlineData("a | b")]
    [InlineData("a && b")]
    [InlineData("a &")]
    [InlineData("a\nb")]
    [InlineData("a\rb")]
    [InlineData("(a)")]
    [InlineData("{ a; }")]
    [InlineData("echo $x")]
    [InlineData("echo \"$x\"")]
    [InlineData("echo `x`")]
    [InlineData("ls *.txt")]
    [InlineData("ls a?")]
    [InlineData("ls [a]")]
    [InlineData("echo {a,b}")]
    [InlineData("ls ~")]
    [InlineData("ls a=~")]
    [InlineData("! ls")]
    [InlineData("a > b")]
    [InlineData("cat < b")]
    [InlineData("cat <<E")]
    [InlineData("X=1 ls")]
    [InlineData("x[0]=1")]
    [InlineData("X+=1 ls")]
    [InlineData("time ls")]
    [InlineData("'unclosed")]
    [InlineData("\"unclosed")]
    [InlineData("ends \\")]
    [InlineData("")]
    [InlineData("git\u00a0log")]
    [InlineData("echo \u202ex")]
    [InlineData("echo a\u200bb")]
    [InlineData("echo \u001b[2K")]
    [InlineData("echo \0")]
    [InlineData("echo \u3164")]
    public void Anything_more_than_plain_words_is_not_simple(string text) => Assert.Null(PlainWords(text));

    [Fact]
    public void Half_a_character_is_a_problem()
    {
        Assert.NotNull(ShellParser.Parse("echo " + (char)0xD800).Problem);
        Assert.NotNull(ShellParser.Parse("echo " + (char)0xDC00 + "x").Problem);
        Assert.NotNull(ShellParser.Parse("echo " + (char)0xFFFD).Problem);
    }

    [Fact]
    public void A_command_of_more_than_ten_thousand_characters_is_a_problem()
    {
        Assert.Null(ShellParser.Parse("echo " + new string('a', ShellParser.MaxLength - 5)).Problem);
        Assert.NotNull(ShellParser.Parse("echo " + new string('a', ShellParser.MaxLength - 4)).Problem);
    }

    [Fact]
    public async Task The_words_of_a_simple_command_are_the_ones_that_bash_makes()
    {
        var random = new Random(20261121);
        var texts = new List<(string Text, IReadOnlyList<string> Words)>();
        for (var i = 0; i < 60_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => Pieces[random.Next(Pieces.Length)]));
            if (PlainWords(text) is { } words)
            {
                texts.Add((text, words));
            }
        }

        output.WriteLine($"{texts.Count} of 60,000 texts are plain words");
        Assert.True(texts.Count > 2_000);
        var got = await WordsOfBashAsync(texts.Select(one => one.Text));
        for (var i = 0; i < Math.Min(texts.Count, got.Count); i++)
        {
            Assert.True(texts[i].Words.SequenceEqual(got[i]), $"{texts[i].Text}\nours: {string.Join('|', texts[i].Words)}\nbash: {string.Join('|', got[i])}");
        }

        Assert.Equal(texts.Count, got.Count);
    }

    [Theory]
    [InlineData("git status; rm -rf x")]
    [InlineData("sudo rm x")]
    [InlineData("FOO=1 rm x")]
    [InlineData("echo $(rm x)")]
    [InlineData("echo \"$(rm x)\"")]
    [InlineData("echo `rm x`")]
    [InlineData("/bin/rm x")]
    [InlineData("a && rm x")]
    [InlineData("a\nrm x")]
    [InlineData("(rm x)")]
    [InlineData("{ rm x; }")]
    [InlineData("if rm x; then y; fi")]
    [InlineData("while true; do rm x; done")]
    [InlineData("bash -c 'rm x'")]
    [InlineData("bash -lc \"sh -c 'rm x'\"")]
    [InlineData("env A=1 nice -n 5 timeout 3 rm x")]
    [InlineData("find . -exec rm x ;")]
    [InlineData("echo a | xargs rm")]
    [InlineData("cat <(rm x)")]
    [InlineData("r''m x")]
    [InlineData("\\rm x")]
    [InlineData("> out rm x")]
    [InlineData("2>/dev/null rm x")]
    [InlineData("r\\\nm x")]
    [InlineData("! rm x")]
    [InlineData("coproc rm x")]
    [InlineData("f() { rm x; }; f")]
    [InlineData("echo ${x:-$(rm y)}")]
    [InlineData("cat <<E\n$(rm x)\nE")]
    [InlineData("a # b\nrm x")]
    public void A_deny_rule_for_a_program_fires_wherever_the_program_may_run(string text)
    {
        var judgement = Judging.Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Judging.Bash(text));
        Assert.Equal(Bridle.Tools.Verdict.Deny, judgement.Verdict);
    }

    [Theory]
    [InlineData("$(echo rm) x")]
    [InlineData("a=rm; $a x")]
    [InlineData("$'\\x72m' x")]
    [InlineData("r${e}m x")]
    [InlineData("source script")]
    [InlineData("cat list | sh")]
    [InlineData("parallel < list")]
    public void What_cannot_be_resolved_is_asked_while_a_deny_rule_is_in_force(string text) =>
        Assert.NotEqual(Bridle.Tools.Verdict.Allow, Judging.Policy(PermissionMode.Bypass, deny: ["Bash(rm:*)"]).Judge(Judging.Bash(text)).Verdict);

    [Theory]
    [InlineData("echo rm")]
    [InlineData("git log --grep 'rm x'")]
    [InlineData("rmdir sub")]
    [InlineData("./confirm rm")]
    public void A_deny_rule_leaves_alone_what_only_mentions_the_program(string text) =>
        Assert.NotEqual(Bridle.Tools.Verdict.Deny, Judging.Policy(deny: ["Bash(rm:*)"]).Judge(Judging.Bash(text)).Verdict);

    private static IReadOnlyList<string>? PlainWords(string text) =>
        ShellParser.Parse(text) is { Problem: null, Body.Items: [{ Command: SimpleCommand { Assignments: [], Redirects: [] } only, Ending: '\0' or '\n' }] } && only.Words.All(word => word.Plain) && text.TrimStart(' ', '\t', '\n').StartsWith(text[only.Span.Start..], StringComparison.Ordinal)
            ? [.. only.Words.Select(word => word.Text)]
            : null;

    // One bash prints the words of every text; 0x1e ends a text.
    private static async Task<List<string[]>> WordsOfBashAsync(IEnumerable<string> texts)
    {
        var script = new StringBuilder("args() { for a in \"$@\"; do printf '%s\\0' \"$a\"; done; printf '\\036'; }\n");
        foreach (var text in texts)
        {
            // The extra word in front makes ours an argument, so that nothing is run.
            script.Append("args ").Append(text.TrimStart(' ', '\t', '\n')).Append('\n');
        }

        var start = new ProcessStartInfo("bash", ["--norc", "--noprofile"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardInputEncoding = new UTF8Encoding(false) };
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var bash = Process.Start(start)!;
        var errors = bash.StandardError.ReadToEndAsync();
        var reading = bash.StandardOutput.ReadToEndAsync();
        await bash.StandardInput.WriteAsync(script);
        bash.StandardInput.Close();
        var got = await reading;
        await bash.WaitForExitAsync();
        Assert.Equal("", await errors);
        return [.. got.Split('\x1e')[..^1].Select(one => one.Length == 0 ? [] : one[..^1].Split('\0'))];
    }
}
