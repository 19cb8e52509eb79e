using Bridle.Hosting.Hooks;

namespace Bridle.Hosting.Tests.Hooks;

public sealed class HookMatcherTests
{
    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*b", true)]
    [InlineData("(a+)+[b]$", false)]
    public void An_expression_that_takes_too_long_fits(string text, bool isPattern) =>
        Assert.True(HookMatcher.Read(text, isPattern, out _)!.Fits(new string('a', 2000) + "b" + new string('a', 2000) + "c"));

    [Fact]
    public void A_pattern_that_does_not_fit_does_not() => Assert.False(HookMatcher.Read("Wri*", isPattern: true, out _)!.Fits("Read"));
}
