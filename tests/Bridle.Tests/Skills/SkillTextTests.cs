using Bridle.Skills;

namespace Bridle.Tests.Skills;

public sealed class SkillTextTests
{
    private static readonly Skill s_skill = new("s", "d", "/skills/s/SKILL.md", SkillScope.User) { ArgumentNames = ["issue", "branch"] };

    [Theory]
    [InlineData("Fix $ARGUMENTS now.", "bug 7", "Fix bug 7 now.")]
    [InlineData("Fix ${ARGUMENTS} now.", "bug 7", "Fix bug 7 now.")]
    [InlineData("Fix $ARGUMENTS now.", null, "Fix  now.")]
    [InlineData("Fix it.", "bug 7", "Fix it.\n\nARGUMENTS: bug 7")]
    [InlineData("Fix it.", null, "Fix it.")]
    [InlineData("$0 then $1 of $2", "a \"b c\"", "a then b c of $2")]
    [InlineData("$ARGUMENTS[0] and $ARGUMENTS[1], $1", "a b", "a and b, b")]
    [InlineData("First $1, then $2, then $3.", "a b", "First a, then b, then $3.")]
    [InlineData("Issue $issue on $branch, $other", "12", "Issue 12 on , $other")]
    [InlineData(@"\$1 and \$ARGUMENTS and \$HOME", "x", "$1 and $ARGUMENTS and \\$HOME\n\nARGUMENTS: x")]
    [InlineData("$ARGUMENTSX costs $5.00 at $HOME", "x", "$ARGUMENTSX costs $5.00 at $HOME")]
    [InlineData("In ${CLAUDE_SKILL_DIR} of ${CLAUDE_PROJECT_DIR} in ${CLAUDE_SESSION_ID}, ${OTHER}", null, "In /skills/s of /ws in talk, ${OTHER}")]
    [InlineData("$ARGUMENTS", "$0 and $ARGUMENTS", "$0 and $ARGUMENTS")]
    [InlineData("$", "a", "$\n\nARGUMENTS: a")]
    [InlineData("${", null, "${")]
    public void Arguments_are_filled_in_once(string body, string? arguments, string expected) => Assert.Equal(expected, SkillText.Fill(s_skill, body, arguments, new SkillPlace("talk", "/ws")));

    [Theory]
    [InlineData("a b  c", "a|b|c")]
    [InlineData("'a b' \"c d\" e\\ f", "a b|c d|e f")]
    [InlineData("don't won't", "don't|won't")]
    [InlineData("\"open", "\"open")]
    [InlineData("'' x", "|x")]
    [InlineData("a\"b c\"d", "ab cd")]
    [InlineData("", "")]
    public void Words_are_split_as_a_shell_does(string text, string words) => Assert.Equal(words, string.Join('|', ArgumentWords.Of(text)));

    [Theory]
    [InlineData("State: !`git status`.", "State: [run this with Bash and read what it prints: git status].", "git status")]
    [InlineData("!`a` and !`b`", "[run this with Bash and read what it prints: a] and [run this with Bash and read what it prints: b]", "a|b")]
    [InlineData("x!`a` and wow! `b` and !``", "x!`a` and wow! `b` and !``", "")]
    [InlineData("!`never\nends`", "!`never\nends`", "")]
    [InlineData("Before\n```!\nls\npwd\n```\nAfter", "Before\n[run this with Bash and read what it prints: ls\npwd]\nAfter", "ls\npwd")]
    [InlineData("```!\nno end", "```!\nno end", "")]
    public void A_command_in_the_text_is_not_run_but_asked_for(string text, string expected, string commands)
    {
        Assert.Equal(expected, InjectedCommands.Replace(text, out var found));
        Assert.Equal(commands, string.Join('|', found));
    }
}
