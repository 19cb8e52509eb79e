using Bridle.Permissions;

namespace Bridle.Tests.Permissions;

public sealed class FirstProgramTests
{
    [Theory]
    [InlineData("/opt/guard.sh --check", "/opt/guard.sh|--check")]
    [InlineData("\"$CLAUDE_PROJECT_DIR\"/hooks/a.sh x", "/work/hooks/a.sh|x")]
    [InlineData("'/opt/my guard.sh' x", "/opt/my guard.sh|x")]
    [InlineData("/opt/my\\ guard.sh", "/opt/my guard.sh")]
    [InlineData("LEVEL=1 guard", "guard")]
    [InlineData("LEVEL=1; guard $LEVEL", "guard|?")]
    [InlineData("cd sub && guard", "cd|sub")]
    [InlineData("< list guard; other", "guard")]
    [InlineData("(guard) | tee x", "guard")]
    [InlineData("! { guard; }", "guard")]
    [InlineData("if guard; then other; fi", "guard")]
    [InlineData("while guard; do sleep 1; done", "guard")]
    [InlineData("# why\nguard", "guard")]
    [InlineData("~/guard.sh", "/home/me/guard.sh")]
    [InlineData("\"~/guard.sh\"", "~/guard.sh")]
    [InlineData("$HOME/guard.sh", "/home/me/guard.sh")]
    [InlineData("$GUARD x", "?|x")]
    [InlineData("$(which guard) x", "?|x")]
    [InlineData("gu*d x", "?|x")]
    [InlineData("{a,b} x", "?|x")]
    [InlineData("/opt/guard.sh || exit 0", "")]
    [InlineData("f() { guard; }; f", "")]
    [InlineData("PATH=/opt guard", "")]
    [InlineData(". ./env.sh; guard", "")]
    [InlineData("for one in a b; do guard; done", "")]
    [InlineData("case $1 in a) guard;; esac", "")]
    [InlineData("guard 'x", "")]
    [InlineData("X=1", "")]
    [InlineData("", "")]
    public void The_program_that_a_text_runs_in_any_case_is_read_as_a_shell_reads_it(string text, string words) =>
        Assert.Equal(words, string.Join('|', FirstProgram.Of(text, new("/work", "/home/me/", path => path, ["CLAUDE_PROJECT_DIR"])).Select(word => word ?? "?")));
}
