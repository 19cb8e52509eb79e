using Bridle.Permissions.Shell;

namespace Bridle.Tests.Permissions.Shell;

/// <summary>Every construct: what the tree is, and where each part of it stands.</summary>
public sealed class ShellParserTests
{
    [Theory]
    [InlineData("git log --oneline", "command git log --oneline  [0..17]")]
    [InlineData("  ls -l  # why", "command ls -l  [2..7]")]
    [InlineData("a && b || c", "list with && ||  [0..11]|  command a  [0..1]|  command b  [5..6]|  command c  [10..11]")]
    [InlineData("a | b |& c", "pipeline  [0..10]|  command a  [0..1]|  command b  [4..5]|  command c  [9..10]")]
    [InlineData("! time -p a", "pipeline after ! time -p  [0..11]|  command a  [10..11]")]
    [InlineData("a; b & c\nd", "command a  [0..1]|command b  [3..4]|command c  [7..8]|command d  [9..10]")]
    [InlineData("A=1 B+=x c", "command c  [0..10]|  sets A to 1  [0..3]|  sets B to x  [4..8]")]
    [InlineData("A[1]=(x y)", "assignments  [0..10]|  sets A to '' (dynamic, splits)  [0..10]|    array  [5..10]")]
    [InlineData("(a; b)", "subshell  [0..6]|  command a  [1..2]|  command b  [4..5]")]
    [InlineData("{ a; } > f", "group  [0..10]|  command a  [2..3]|  writes > f  [7..10]")]
    [InlineData("if a; then b; elif c; then d; else e; fi", "if  [0..40]|  command a  [3..4]|  command b  [11..12]|  command c  [19..20]|  command d  [27..28]|  command e  [35..36]")]
    [InlineData("while a; do b; done", "while  [0..19]|  command a  [6..7]|  command b  [12..13]")]
    [InlineData("until a\ndo b\ndone", "until  [0..17]|  command a  [6..7]|  command b  [11..12]")]
    [InlineData("for x in a b; do c; done", "for x  [0..24]|  command c  [17..18]")]
    [InlineData("for x\ndo c; done", "for x  [0..16]|  command c  [9..10]")]
    [InlineData("for x in a; { c; }", "for x  [0..18]|  command c  [14..15]")]
    [InlineData("for ((i=0; i<3; i++)) do c; done", "arithmetic for  [0..32]|  arithmetic  [4..21]|  command c  [25..26]")]
    [InlineData("select x in a; do c; done", "select x  [0..25]|  command c  [18..19]")]
    [InlineData("case x in a|b) c;; (*) d;& e) ;; esac", "case  [0..37]|  command c  [15..16]|  command d  [23..24]")]
    [InlineData("f() { a; }", "function f  [0..10]|  group  [4..10]|    command a  [6..7]")]
    [InlineData("function f { a; } 2>&1", "function f  [0..22]|  group  [11..22]|    command a  [13..14]|    copies a descriptor 2>& 1  [18..22]")]
    [InlineData("function f (a)", "function f  [0..14]|  subshell  [11..14]|    command a  [12..13]")]
    [InlineData("coproc a b", "coprocess  [0..10]|  command a b  [7..10]")]
    [InlineData("coproc X { a; }", "coprocess  [0..15]|  group  [9..15]|    command a  [11..12]")]
    [InlineData("(( 1 + 2 ))", "arithmetic command  [0..11]|  arithmetic  [0..11]")]
    [InlineData("((a); (b))", "subshell  [0..10]|  subshell  [1..4]|    command a  [2..3]|  subshell  [6..9]|    command b  [7..8]")]
    [InlineData("[[ -f a && ( b =~ ^(x|y)$ ) ]]", "conditional  [0..30]")]
    [InlineData("echo $(a) `b`", "command echo '' (dynamic, splits) '' (dynamic, splits)  [0..13]|  substitution  [5..9]|    command a  [7..8]|  substitution  [10..13]|    command b  [0..1]")]
    [InlineData("diff <(a) >(b)", "command diff '' (dynamic, splits) '' (dynamic, splits)  [0..14]|  process substitution  [5..9]|    command a  [7..8]|  process substitution  [10..14]|    command b  [12..13]")]
    [InlineData("echo $((1+$(a)))", "command echo '' (dynamic, splits)  [0..16]|  arithmetic  [5..16]|    substitution  [10..14]|      command a  [12..13]")]
    [InlineData("echo $((a); (b))", "command echo '' (dynamic, splits)  [0..16]|  substitution  [5..16]|    subshell  [7..10]|      command a  [8..9]|    subshell  [12..15]|      command b  [13..14]")]
    [InlineData("echo ${x:-$(a)} ${!y} ${z@P} ${#w[1]}", "command echo '' (dynamic, splits) '' (dynamic, splits) '' (dynamic, splits) '' (dynamic, splits)  [0..37]|  expansion x:-  [5..15]|    substitution  [10..14]|      command a  [12..13]|  expansion !y  [16..21]|  expansion z@  [22..28]|  expansion #w  [29..37]")]
    [InlineData("a <f >>g 2>|h &>i <>j {k}>l <&- 3>&m", "command a  [0..36]|  reads < f  [2..4]|  writes >> g  [5..8]|  writes 2>| h  [9..13]|  writes &> i  [14..17]|  writes <> j  [18..21]|  writes {k}> l  [22..27]|  copies a descriptor <& -  [28..31]|  writes 3>& m  [32..36]")]
    [InlineData("a <<E <<-'F' b\n$(c)\nE\n\t$(d)\n\tF\ne", "command a b  [0..14]|  input from text << E  [2..5]|    substitution  [15..19]|      command c  [17..18]|  input from text <<- F  [6..12]|command e  [31..32]")]
    [InlineData("a <<< \"b $c\"", "command a  [0..12]|  input from text <<< b  (dynamic)  [2..12]|    expansion c  [9..11]")]
    [InlineData("wh\\\nile a; do b; done", "while  [0..21]|  command a  [8..9]|  command b  [14..15]")]
    [InlineData("a &\\\n& b", "list with &&  [0..8]|  command a  [0..1]|  command b  [7..8]")]
    [InlineData("$\\\n(a)", "command '' (dynamic, splits)  [0..6]|  substitution  [0..6]|    command a  [4..5]")]
    [InlineData("a @(b|$(c))", "command a '' (glob, extendedglob)  [0..11]|  extended pattern  [2..11]|    substitution  [6..10]|      command c  [8..9]")]
    public void A_construct_has_its_tree_and_its_places(string text, string outline)
    {
        var script = ShellParser.Parse(text);
        Assert.Null(script.Problem);
        Assert.Equal(outline, string.Join('|', ShellOutline.Lines(script)));
    }

    [Theory]
    [InlineData("a", "a", WordMarks.None)]
    [InlineData("'a b'\"c d\"\\ e", "a bc d e", WordMarks.None)]
    [InlineData("$'a\\x41\\t\\101\\'\\\\'", "aA\tA'\\", WordMarks.None)]
    [InlineData("$'\\xe9'", "\uFFFD", WordMarks.Dynamic)]
    [InlineData("$'\\x{41}'", "\uFFFD{41}", WordMarks.Dynamic)]
    [InlineData("\"a\\\"b\\$c\\d\"", "a\"b$c\\d", WordMarks.None)]
    [InlineData("$x", "", WordMarks.Dynamic | WordMarks.Splits)]
    [InlineData("\"$x\"", "", WordMarks.Dynamic)]
    [InlineData("\"$@\"", "", WordMarks.Dynamic | WordMarks.Splits)]
    [InlineData("$\"a\"", "a", WordMarks.Dynamic)]
    [InlineData("*.c", "*.c", WordMarks.Glob)]
    [InlineData("'*'.c\\?", "*.c?", WordMarks.None)]
    [InlineData("~/x", "~/x", WordMarks.Tilde)]
    [InlineData("a=~", "a=~", WordMarks.Tilde)]
    [InlineData("\\~", "~", WordMarks.None)]
    [InlineData("{a,b}", "{a,b}", WordMarks.Brace)]
    [InlineData("x{1..3}", "x{1..3}", WordMarks.Brace)]
    [InlineData("{}", "{}", WordMarks.None)]
    [InlineData("stash@{0}", "stash@{0}", WordMarks.None)]
    [InlineData("'{a,b}'", "{a,b}", WordMarks.None)]
    [InlineData("$HOME/x", "~/x", WordMarks.Dynamic | WordMarks.Splits)]
    [InlineData("a\\\nb", "ab", WordMarks.None)]
    [InlineData("a$", "a$", WordMarks.None)]
    [InlineData("a#b", "a#b", WordMarks.None)]
    public void A_word_has_the_value_that_bash_gives_it_as_far_as_it_is_known(string text, string known, object marks)
    {
        var word = Assert.IsType<SimpleCommand>(Assert.Single(ShellParser.Parse("x " + text).Body.Items).Command).Words[1];
        Assert.Equal((known, (WordMarks)marks, new Span(2, 2 + text.Length)), (word.Text, word.Marks, word.Span));
    }

    [Theory]
    [InlineData("a;; b")]
    [InlineData("; a")]
    [InlineData("a | | b")]
    [InlineData("a &&")]
    [InlineData("(a")]
    [InlineData("a)")]
    [InlineData("{ a }")]
    [InlineData("if a; then b")]
    [InlineData("if a; fi")]
    [InlineData("for 'x' in a; do b; done")]
    [InlineData("while do a; done")]
    [InlineData("case x in a) b")]
    [InlineData("case\n in (a) b ;; esac")]
    [InlineData("f() a")]
    [InlineData("'a")]
    [InlineData("\"a")]
    [InlineData("`a")]
    [InlineData("$(a")]
    [InlineData("${a")]
    [InlineData("${}")]
    [InlineData("${ a; }")]
    [InlineData("$((1")]
    [InlineData("[[ a")]
    [InlineData("a >")]
    [InlineData("a \\")]
    [InlineData("a (b)")]
    [InlineData("then")]
    [InlineData("cat <<$x\n$x\n")]
    [InlineData("cat <<E $(a\nb)\nE\n")]
    [InlineData("\"${x:-'}$(a)\"")]
    [InlineData("$(( '`a`' ))")]
    [InlineData("a\0b")]
    [InlineData("cat <<E\nx\\")]
    [InlineData("")]
    [InlineData("# only")]
    public void What_cannot_be_read_for_certain_has_a_problem(string text) => Assert.NotNull(ShellParser.Parse(text).Problem);

    [Theory]
    [InlineData("rm x\n;;")]
    [InlineData("rm x; if a; then")]
    [InlineData("rm x; echo 'unclosed")]
    [InlineData("$(rm x; (")]
    public void What_came_before_a_problem_is_still_seen(string text)
    {
        var script = ShellParser.Parse(text);
        Assert.NotNull(script.Problem);
        Assert.Contains(CommandReading.Of(script).Commands, command => command.Name == "rm");
    }

    [Theory]
    [InlineData("eval 'rm x'", "eval")]
    [InlineData("sh -c 'rm x'", "sh")]
    [InlineData("bash -euo pipefail -c 'rm x'", "bash")]
    [InlineData("sudo timeout 5 rm x", "sudo|timeout")]
    [InlineData("env A=1 rm x", "env")]
    [InlineData("xargs -0 rm", "xargs")]
    [InlineData("busybox rm x", "busybox")]
    [InlineData("bash rm x", "bash")]
    [InlineData("bash ./rm x", "bash")]
    [InlineData("bash -- rm", "bash")]
    [InlineData("bash -o pipefail rm", "bash")]
    [InlineData("bash dash rm", "bash|dash")]
    [InlineData("find . -exec rm {} +", "find")]
    [InlineData("ssh host 'rm x'", "ssh")]
    [InlineData("ssh host rm x", "ssh")]
    [InlineData("watch 'rm x'", "watch")]
    [InlineData("trap 'rm x' EXIT", "trap")]
    [InlineData("alias l='rm x'", "alias")]
    [InlineData("bash -c \"bash -c 'rm x'\"", "bash|bash")]
    public void A_wrapper_is_looked_through(string text, string wrappers)
    {
        var found = CommandReading.Of(ShellParser.Parse(text)).Commands.Where(command => command.Name == "rm").ToList();
        Assert.Contains(found, command => string.Join('|', command.Wrappers) == wrappers);
    }

    [Theory]
    [InlineData("$x")]
    [InlineData("r{m,x} a")]
    [InlineData("sh -c \"$x\"")]
    [InlineData("eval $x")]
    [InlineData("echo ${x@P}")]
    [InlineData("echo ${!x}")]
    [InlineData("x=$(f); echo $((x))")]
    [InlineData("read x; ((x++))")]
    [InlineData("x='a[$(rm y)]'; [[ $x -eq 1 ]]")]
    [InlineData("f() { echo $(($1 + 1)); }")]
    [InlineData("x=$y; y=$(f); echo ${a[x]}")]
    [InlineData("read n; echo ${x:n}")]
    [InlineData("read n; [[ -v $n ]]")]
    [InlineData("printf -v 'a[$(rm x)]' y")]
    [InlineData("cat f | bash")]
    [InlineData("source f")]
    [InlineData("xargs -I{} sh -c {}")]
    [InlineData("xargs git")]
    [InlineData("xargs sed -n p")]
    [InlineData("(a")]
    [InlineData("bash $x")]
    [InlineData("bash -s a")]
    [InlineData("bash -o pipefail")]
    public void What_is_only_known_when_it_runs_is_said_to_be_so(string text) => Assert.NotNull(CommandReading.Of(ShellParser.Parse(text)).Unresolved);

    [Theory]
    [InlineData("echo $x \"$(git log)\" ${y:-z} $((1+2))")]
    [InlineData("for f in a b; do echo $f; done")]
    [InlineData("echo hi | sort | uniq -c > out")]
    public void What_is_known_is_not_called_unknown(string text) => Assert.Null(CommandReading.Of(ShellParser.Parse(text)).Unresolved);
}
