using Bridle.Skills;

namespace Bridle.Tests.Skills;

/// <summary>Texts of skills come from anybody: whatever they hold, reading and filling them ends and keeps its promises.</summary>
public sealed class SkillFuzzTests
{
    private static readonly string[] s_pieces =
        ["---", "\n", "\r\n", "\ufeff", "name: a", "$", "$1", "$0", "$ARGUMENTS", "$ARGUMENTS[", "$ARGUMENTS[1]", "${", "}", "${CLAUDE_SKILL_DIR}", "\\", "!`", "`", "```!", "```", "</skill>", " ", "é", "\ud83d\ude00", "\ud83d", "(", ")", ",", "Bash(git *)", "{", "x"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_that_a_file_holds_breaks_its_reading(int seed)
    {
        var random = new Random(seed);
        var skill = new Skill("s", "d", "/s/SKILL.md", SkillScope.User) { ArgumentNames = ["x", "name"] };
        for (var i = 0; i < 3_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
            var (head, body, problem) = SkillHead.Split(text);
            Assert.Equal(head is null, problem is not null);
            Assert.True(body.Length <= text.Length);
            var filled = SkillText.Fill(skill, text, null, new SkillPlace("s", "/w"));
            if (!text.Contains('$'))
            {
                Assert.Equal(text, filled);
            }

            var replaced = InjectedCommands.Replace(text, out var commands);
            Assert.Equal(commands.Count, replaced.Split("[run this with Bash").Length - 1);
            Assert.Equal(commands.Count is 0, replaced == text);
            Assert.All(SkillTools.Split(new SkillValue(text)), rule => Assert.Equal(rule.Trim(), rule));
            Assert.NotNull(ArgumentWords.Of(text));
            Assert.DoesNotContain(SkillReading.Line(text), char.IsControl);
        }
    }

    [Fact]
    public void A_long_text_of_nothing_but_beginnings_takes_no_square_of_its_length()
    {
        foreach (var piece in new[] { "$ARGUMENTS[", "${", "!`", "```!\n", "---\n", "\\$", "\"", "(" })
        {
            var text = string.Concat(Enumerable.Repeat(piece, 200_000 / piece.Length));
            SkillHead.Split(text);
            SkillText.Fill(new Skill("s", "d", "/s/SKILL.md", SkillScope.User), text, text, new SkillPlace("s", "/w"));
            InjectedCommands.Replace(text, out _);
            _ = SkillTools.Split(new SkillValue(text)).Count;
        }
    }
}
