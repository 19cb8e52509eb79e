using Bridle.Tools.Search;

namespace Bridle.Tools.Tests.Search;

public sealed class GlobPatternTests
{
    [Theory]
    [InlineData("*.cs", "a.cs", true)]
    [InlineData("*.cs", "sub/a.cs", false)]
    [InlineData("*.cs", ".cs", true)]
    [InlineData("**/*.cs", "a.cs", true)]
    [InlineData("**/*.cs", "a/b/c.cs", true)]
    [InlineData("src/**/*.cs", "src/a.cs", true)]
    [InlineData("src/**/*.cs", "src/a/b.cs", true)]
    [InlineData("src/**/*.cs", "lib/src/a.cs", false)]
    [InlineData("src/**", "src/a/b", true)]
    [InlineData("src/**", "src", false)]
    [InlineData("**/a/**/b", "x/a/b", true)]
    [InlineData("**/a/**/b", "a/a/x/b/b", true)]
    [InlineData("**/a/**/b", "a/x/c", false)]
    [InlineData("**", "any/thing", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a😀c", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a**b", "aXXb", true)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[!a-c]x", "bx", false)]
    [InlineData("[^a-c]x", "dx", true)]
    [InlineData("[]]x", "]x", true)]
    [InlineData("[a-]x", "-x", true)]
    [InlineData("*.{cs,md}", "a.md", true)]
    [InlineData("*.{cs,md}", "a.txt", false)]
    [InlineData("{src,test}/**/*.{c,h}", "test/x/y.h", true)]
    [InlineData("{a,{b,c}}d", "cd", true)]
    [InlineData("[{,}]x", ",x", true)]
    [InlineData("\\*x", "*x", true)]
    [InlineData("\\*x", "ax", false)]
    [InlineData("\\{a,b\\}", "{a,b}", true)]
    [InlineData("A", "a", false)]
    [InlineData("", "a", false)]
    public void A_path_matches_or_not(string pattern, string path, bool expected) => Assert.Equal(expected, GlobPattern.Parse(pattern, out _)!.IsMatch(path));

    [Theory]
    [InlineData("[a", "not closed")]
    [InlineData("{a,b", "not closed")]
    [InlineData("[z-a]", "wrong way round")]
    [InlineData("a\\", "backslash")]
    [InlineData("{1,2,3,4}{1,2,3,4}{1,2,3,4}{1,2,3,4}{1,2,3,4}", "alternatives")]
    public void A_mistake_has_a_reason(string pattern, string reason)
    {
        Assert.Null(GlobPattern.Parse(pattern, out var error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_stars_take_no_time() =>
        Assert.False(GlobPattern.Parse(string.Concat(Enumerable.Repeat("*a", 40)) + "b", out _)!.IsMatch(new string('a', 5000)));
}
