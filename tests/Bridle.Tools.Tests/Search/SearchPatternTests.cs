using Bridle.Messages;
using Bridle.Tools.Search;

namespace Bridle.Tools.Tests.Search;

public sealed class SearchPatternTests
{
    [Theory]
    [InlineData(@"a\D*b\d+", @"a\D*b\d+", @"a(?:[^\d\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])*b\d+")]
    [InlineData("a.b", "a.b", @"a(?:[^\n\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])b")]
    [InlineData("interface{}", @"interface\{\}", @"interface\{\}")]
    [InlineData("a{2}b{1,}c{1,3}", "a{2}b{1,}c{1,3}", "a{2}b{1,}c{1,3}")]
    [InlineData("{x", @"\{x", @"\{x")]
    [InlineData("\\\"q\\\" \\/", "\"q\" /", "\"q\" /")]
    [InlineData(@"\<word\>", @"\bword\b", @"\bword\b")]
    [InlineData("(?P<n>x)(?<m>y)(?:z)", "(?P<n>x)(?P<m>y)(?:z)", "(?<n>x)(?<m>y)(?:z)")]
    [InlineData("(?<=x)", "(?<=x)", "(?<=x)")]
    [InlineData("[[:alpha:]_]", "[[:alpha:]_]", "[A-Za-z_]")]
    [InlineData("[[(]", @"[\[(]", @"[\[(]")]
    [InlineData("[]a]", @"[\]a]", @"[\]a]")]
    [InlineData("[^]a]", @"[^\]a]", @"(?:[^\]a\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])")]
    [InlineData(@"\x{41}\p{Lu}", @"\x{41}\p{Lu}", @"A\p{Lu}")]
    [InlineData(@"\u{e4}[\x{e4}]", @"\u{e4}[\x{e4}]", "ä[ä]")]
    [InlineData(@"\\{", @"\\\{", @"\\\{")]
    [InlineData(@"\Ause\z", "^use$", "^use$")]
    [InlineData(@"foo\ bar\_x\é\~\&\#\-", @"foo\x20bar_xé\~\&\#\-", @"foo\x20bar_xé\~\&\#\-")]
    [InlineData(@"[\ \_\-\]\&]", @"[\x20_\-\]\&]", @"[\x20_\-\]\&]")]
    [InlineData(@"\.\+\*\?\(\)\|\[\]\^\$", @"\.\+\*\?\(\)\|\[\]\^\$", @"\.\+\*\?\(\)\|\[\]\^\$")]
    public void Each_engine_gets_its_own_spelling(string pattern, string rust, string dotnet)
    {
        var parsed = SearchPattern.Parse(pattern, ignoreCase: false);
        Assert.Equal((rust, dotnet), (parsed.ForRipgrep, parsed.ForDotNet));
    }

    [Theory]
    [InlineData("^.$", true)]
    [InlineData("^..$", false)]
    [InlineData("^[^a]$", true)]
    [InlineData(@"^\S{1}$", true)]
    [InlineData(@"^\W$", true)]
    [InlineData(@"^\PL$", true)]
    [InlineData(@"^\P{Lu}{2}$", false)]
    [InlineData("^😀{1}$", true)]
    [InlineData("😀{2}", false)]
    public void A_character_of_two_halves_is_one(string pattern, bool fits) =>
        Assert.Equal(fits, SearchPattern.Parse(pattern, ignoreCase: false).Compile().IsMatch("😀"));

    [Theory]
    [InlineData("a\nb")]
    [InlineData(@"a\nb")]
    [InlineData(@"a\rb")]
    [InlineData(@"[\n]")]
    public void A_pattern_over_several_lines_is_refused(string pattern) =>
        Assert.Contains("one line", Assert.Throws<ToolException>(() => SearchPattern.Parse(pattern, ignoreCase: false)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(@"\Qfoo\E", @"\Q")]
    [InlineData(@"(abc)\1", @"\1")]
    [InlineData(@"[\Z]", @"\Z")]
    [InlineData(@"a\", "backslash")]
    public void An_escape_that_no_engine_or_only_one_knows_is_refused_by_name(string pattern, string named)
    {
        var message = Assert.Throws<ToolException>(() => SearchPattern.Parse(pattern, ignoreCase: false)).Message;
        Assert.StartsWith("Invalid regular expression", message);
        Assert.Contains(named, message);
    }

    [Fact]
    public void An_escaped_backslash_before_an_n_is_no_line_break() => Assert.Equal(@"a\\n", SearchPattern.Parse(@"a\\n", ignoreCase: false).ForRipgrep);

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|a)*$")]
    public void A_pattern_that_explodes_elsewhere_takes_linear_time(string pattern) =>
        Assert.DoesNotMatch(SearchPattern.Parse(pattern + "b", ignoreCase: false).Compile(), new string('a', 50_000));
}
