using Bridle.Permissions;

namespace Bridle.Tests.Permissions;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("//etc/**", "/etc/passwd", true)]
    [InlineData("//etc/**", "/etc", true)]
    [InlineData("//etc/**", "/ws/etc/passwd", false)]
    [InlineData("~/notes", "/home/u/notes/a.md", true)]
    [InlineData("~/notes", "/home/u/notes2", false)]
    [InlineData("/src/**", "/project/src/a.cs", true)]
    [InlineData("/src/**", "/ws/src/a.cs", false)]
    [InlineData("src/**", "/ws/src/a.cs", true)]
    [InlineData("src/**", "/ws/lib/src/a.cs", false)]
    [InlineData("./src/*.cs", "/ws/src/a.cs", true)]
    [InlineData("./src/*.cs", "/ws/src/deep/a.cs", false)]
    [InlineData("src/*/a.cs", "/ws/src/x/a.cs", true)]
    [InlineData("src/*/a.cs", "/ws/src/x/y/a.cs", false)]
    [InlineData("src/**/a.cs", "/ws/src/a.cs", true)]
    [InlineData("src/**/a.cs", "/ws/src/x/y/a.cs", true)]
    [InlineData("a.txt", "/ws/deep/down/a.txt", true)]
    [InlineData("a.txt", "/other/a.txt", false)]
    [InlineData("*.md", "/ws/docs/x.md", true)]
    [InlineData("build/", "/ws/build/x/y", true)]
    [InlineData("**", "/ws/x", true)]
    [InlineData("**", "/etc/x", false)]
    [InlineData("a[0-9].txt", "/ws/a7.txt", true)]
    [InlineData("a[!0-9].txt", "/ws/a7.txt", false)]
    [InlineData("a?c", "/ws/abc", true)]
    [InlineData(@"a\*c", "/ws/abc", false)]
    [InlineData(@"a\*c", "/ws/a*c", true)]
    [InlineData("A.txt", "/ws/a.txt", false)]
    public void A_pattern_that_allows_matches_as_gitignore_does(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.Parse(pattern, tightens: false, "/ws", "/home/u", "/project").Matches(path));

    [Theory]
    [InlineData("**/.env", "/anywhere/else/.env", true)]
    [InlineData(".env", "/anywhere/else/.env", true)]
    [InlineData(".env", "/ws/.ENV", true)]
    [InlineData("src/**", "/ws/lib/src/a.cs", true)]
    [InlineData("./src/**", "/ws/lib/src/a.cs", false)]
    [InlineData("a/b/**", "/ws/x/a/b/c", false)]
    [InlineData("~/.ssh/**", "/home/u/.ssh", true)]
    public void A_pattern_that_tightens_is_read_generously(string pattern, string path, bool matches) =>
        Assert.Equal(matches, PathPattern.Parse(pattern, tightens: true, "/ws", "/home/u", null).Matches(path));

    [Theory]
    [InlineData("/ws/a*b[c]?d.txt")]
    [InlineData("/ws/plain/file.txt")]
    [InlineData(@"/ws/back\slash")]
    public void A_quoted_path_matches_itself_and_nothing_like_it(string path)
    {
        var pattern = PathPattern.Parse(PathPattern.Quote(path), tightens: false, "/ws", "/home/u", null);
        Assert.True(pattern.Matches(path));
        Assert.False(pattern.Matches(path + "x"));
        Assert.False(pattern.Matches(path.Replace("*", "zz").Replace("?", "q").Replace("plain", "plane").Replace("back", "pack")));
    }

    [Fact]
    public void Many_stars_take_no_longer_than_few()
    {
        var pattern = PathPattern.Parse(string.Join('/', Enumerable.Repeat("**/*a*a*a*a*b", 12)), tightens: false, "/ws", "/home/u", null);
        Assert.False(pattern.Matches("/ws/" + string.Join('/', Enumerable.Repeat(new string('a', 120), 40))));
    }
}
