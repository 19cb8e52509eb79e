using System.Diagnostics;
using Bridle.Permissions;
using Bridle.Permissions.Shell;
using Bridle.Tools;

namespace Bridle.Tests.Permissions.Shell;

public sealed class ShellFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] Pieces =
    [
        "$(", ")", "${", "}", "((", "))", "$((", "`", "\"", "'", "$'", "$\"", "\\", "\\\n", "\n", " ", ";", "&", "|", "<", ">", "<<E", "<<-'E'", "\nE\n", "<(", "if ", "then ", "fi ", "do ", "done ", "for x in ", "while ", "case x in ",
        "esac ", "{ ", "[[ ", " ]]", "a=", "a[", "]", "=(", "@(", "x", "rm -rf /", "*", "~", "#", "!", "time ", "function f ", "() ", "coproc ", "eval 'x'", "\t", "é", "\u200b", "\0", "$x", "&>", "2>&1", ":-", "/",
    ];

    private static readonly string[] Nests =
    [
        "(", "((", "{ ", "$(", "$((", "${x:-", "`", "\"$(", "\"${x:-\"", "<(", "if ", "while ", "case x in a) ", "for x in a; do ", "[[ ( ", "@(", "a=(", "a[", "$[", "<<E ", "f() { ", "coproc ", "> ",
        "sh -c ", "env ", "a <<E\n$(a\nE\n", "$((1)+(", "${x/",
    ];

    private static readonly string[] Chains = ["'a'b\"", "$'a'\"", "a | ", "a && ", "a || ", "a; ", "a\n", "a & ", "x ", "\\", "\\\n", "! ", "time ", "{a,b}", "eval ", "cd a;", "''", "\"\"", "$x", "a=b ", "$(a)", "`a`", "a > b;", "a <<E\nb\nE\n", "f() { a; };", "# ", "\t", "*", "[", "é"];

    [Fact]
    public void No_text_crashes_the_parser_and_no_verdict_is_looser_than_that_of_the_printed_tree()
    {
        var time = new FuzzTime(output);
        var (generator, allowed, printed) = (new ShellGenerator(time.Random), 0, 0);
        while (time.Next())
        {
            var made = generator.Make();
            for (var i = time.Random.Next(3); i > 0; i--)
            {
                made = generator.Mutate(made);
            }

            var text = time.Random.Next(4) == 0 ? string.Concat(Enumerable.Range(0, time.Random.Next(60)).Select(_ => Pieces[time.Random.Next(Pieces.Length)])) : made.Text;
            var script = ShellParser.Parse(text);
            CheckPlaces(script.Body, text);
            var policy = Policy(time.Random, made);
            var verdict = policy.Judge(Judging.Bash(text)).Verdict;
            var again = ShellPrinter.Print(script);
            var second = policy.Judge(Judging.Bash(again));
            if (verdict is Verdict.Allow || script.Problem is null)
            {
                Assert.True(second.Verdict <= verdict, $"BRIDLE_SEED={time.Seed}: {verdict}, but {second.Verdict} ({second.Reason}) for the printed tree.\n<<{text}>>\n<<{again}>>");
                allowed += verdict is Verdict.Allow ? 1 : 0;
            }

            if (script.Problem is null)
            {
                var reread = ShellParser.Parse(again);
                Assert.True(reread.Problem is null && ShellPrinter.Print(reread) == again, $"BRIDLE_SEED={time.Seed}: {reread.Problem}\n<<{text}>>\n<<{again}>>\n<<{ShellPrinter.Print(reread)}>>");
                Assert.True(Shape(script) == Shape(reread), $"BRIDLE_SEED={time.Seed}: the printed tree is another.\n<<{text}>>\n<<{again}>>\n{Shape(script)}\n{Shape(reread)}");
                printed++;
            }
        }

        output.WriteLine($"{time.Rounds} texts, {allowed} allowed, {printed} printed and read again");
        Assert.True(allowed > 0 && printed > 0);
    }

    [Fact]
    public void Ten_thousand_characters_of_nests_and_chains_are_judged_at_once_and_no_nest_is_allowed()
    {
        var policy = Judging.Policy(allow: ["Bash", "Edit(**)", "Read(**)"]);
        foreach (var nest in Nests.Concat(Chains))
        {
            var text = string.Concat(Enumerable.Repeat(nest, (10_000 / nest.Length) + 1))[..9_990];
            var start = Stopwatch.GetTimestamp();
            var verdict = policy.Judge(Judging.Bash(text)).Verdict;
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(2), $"{nest} took {Stopwatch.GetElapsedTime(start)}");
            Assert.True(verdict is not Verdict.Allow || Chains.Contains(nest), $"{nest}: {verdict}");
        }
    }

    [Theory]
    [InlineData("a b 'c d' \"e $f\" \\g $'h\\n' > i")]
    [InlineData("cat <<E | wc <<'F'\nx $(y\nz) \\$w\nE\nq\nF\nif a; then b & fi")]
    [InlineData("echo `a \\`b\\``; case x in a) b & ;; *) ;; esac")]
    [InlineData("for ((i=0;i<3;i++)); do a; done; [[ a =~ (b|c) ]] && ((1+1))")]
    [InlineData("[[ x =~ ^(a|\\\nb$*$ )+ ]]")]
    [InlineData("{ time a < $'\\t\\''$\\\n< b;\n}")]
    [InlineData("> f if")]
    [InlineData("A=1 if")]
    [InlineData("function if { a; }; time -- -p; ! a |& b")]
    [InlineData("f7[1]54 ( ) { time B; }")]
    [InlineData("a[1]=x b=(1 [2]=3) c+=d; echo ${a[1]:-$(x)} ${#b[@]} ${!c}")]
    [InlineData("( (a) ); $( (b) ); ((c) )")]
    [InlineData("a $(b 'c\nd') <<E\ne\nE")]
    [InlineData("a <<E &&\nb\nE\nc $(d <<F\ne\nF\n)")]
    [InlineData("a <<E |\nb\nE\nc $(d <<F\ne\nF\n)")]
    [InlineData("a `b <<E\nc\nE\n` <<F\nd\nF")]
    [InlineData("A=1 > f B=2 c < d e")]
    [InlineData("a <<$'\\x45' $'\\a\\x7f'\nE")]
    public void A_printed_tree_reads_as_the_same_tree(string text)
    {
        var script = ShellParser.Parse(text);
        var printed = ShellPrinter.Print(script);
        Assert.Null(script.Problem);
        Assert.Equal(Shape(script), Shape(ShellParser.Parse(printed)));
        Assert.Equal(printed, ShellPrinter.Print(ShellParser.Parse(printed)));
    }

    // Everything but the places.
    private static string Shape(ShellScript script) => string.Join('\n', ShellOutline.Lines(script).Select(line => line[..line.LastIndexOf('[')]));

    private static PermissionPolicy Policy(Random random, GeneratedText made)
    {
        string[] deny = random.Next(3) == 0 && made.Programs.Count > 0 ? [$"Bash({made.Programs[random.Next(made.Programs.Count)]}:*)"] : random.Next(3) == 0 ? ["Read(.env)"] : [];
        string[] allow = random.Next(3) == 0 ? ["Bash"] : ["Bash(q*)", "Bash(f*)", "Bash(eval:*)"];
        return Judging.Policy(random.Next(4) == 0 ? PermissionMode.Bypass : PermissionMode.Default, [.. allow, .. random.Next(2) == 0 ? new[] { "Edit(**)", "Read(**)" } : []], [], deny, trusted: true);
    }

    // A part lies in what it is a part of. Backticks are a text of their own, and a here-document lies behind its line.
    private static void CheckPlaces(ShellNode node, string text)
    {
        Assert.True(node.Span.Start >= 0 && node.Span.Start <= node.Span.End && node.Span.End <= text.Length, $"{node.GetType().Name} {node.Span} in <<{text}>>");
        foreach (var child in ShellWalk.Children(node))
        {
            switch (node, child)
            {
                case (CommandSubstitution { OwnSource: { } own }, _):
                    CheckPlaces(child, own);
                    break;
                case (_, HereDocument):
                    CheckPlaces(child, text);
                    break;
                default:
                    Assert.True(child.Span.Start >= node.Span.Start && child.Span.End <= node.Span.End, $"{child.GetType().Name} {child.Span} is not in {node.GetType().Name} {node.Span} in <<{text}>>");
                    CheckPlaces(child, text);
                    break;
            }
        }

    }
}
