using Bridle.Tools.Shell;

namespace Bridle.Tools.Tests.Shell;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("a\e[1;31mb\e[0mc", "abc")]
    [InlineData("\e]8;;http://x\e\\link\e]8;;\e\\", "link")]
    [InlineData("\e]0;title\arest", "rest")]
    [InlineData("10%\r50%\r\nend\r", "10%\n50%\nend\n")]
    [InlineData("\e(Bx\e=y\e7z", "xyz")]
    [InlineData("tab\tkept\b\0", "tab\tkept")]
    [InlineData("\e[", "")]
    [InlineData("\u009b31mx", "x")]
    public void Only_what_a_person_would_read_is_left_however_it_is_cut(string output, string expected)
    {
        for (var at = 0; at <= output.Length; at++)
        {
            var text = new TerminalText();
            Assert.Equal(expected, text.Take(output.AsSpan(0, at)) + text.Take(output.AsSpan(at)));
        }
    }

    [Fact]
    public void A_sequence_that_never_ends_does_not_swallow_the_output() =>
        Assert.EndsWith("still here", TerminalText.Of("\e]" + new string('x', 5000) + "still here"), StringComparison.Ordinal);
}
