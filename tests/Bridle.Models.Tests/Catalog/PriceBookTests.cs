using Bridle.Messages;
using Bridle.Models.Catalog;

namespace Bridle.Models.Tests.Catalog;

public sealed class PriceBookTests
{
    [Fact]
    public void A_thousand_tokens_in_and_five_hundred_out_cost_what_the_tutorial_says()
    {
        var price = PriceBook.BuiltIn.Find("mock", "mock-sonnet")!;
        Assert.Equal(0.01050m, price.Of(new Usage(1_000, 0, 0, 500, 0)));
    }

    [Fact]
    public void An_unknown_price_is_unknown_and_never_zero() => Assert.Null(PriceBook.BuiltIn.Find("mystery", "model-x"));

    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-20250514")]
    [InlineData("openai", "gpt-4.1-2025-04-14")]
    [InlineData("gemini", "gemini-2.5-pro-latest")]
    public void A_dated_name_has_the_price_of_its_plain_name(string provider, string model) => Assert.NotNull(PriceBook.BuiltIn.Find(provider, model));

    [Fact]
    public void Cached_input_is_priced_apart()
    {
        var price = new Price(3, 15, 0.3m, 3.75m);
        Assert.Equal((3 + 0.3m + 3.75m + 15) , price.Of(new Usage(1_000_000, 1_000_000, 1_000_000, 1_000_000, 500_000)));
    }

    [Fact]
    public void Settings_win_over_the_book_and_may_price_everything_else()
    {
        var book = PriceBook.BuiltIn.With(new Dictionary<string, Price> { ["openai/gpt-4.1"] = new(1, 1) }, new Price(9, 9));
        Assert.Equal(new Price(1, 1), book.Find("openai", "gpt-4.1"));
        Assert.Equal(new Price(9, 9), book.Find("mystery", "model-x"));
    }

    [Fact]
    public void Every_price_says_where_and_when_it_was_read() =>
        Assert.All(PriceBook.BuiltIn.Entries.Values, entry => Assert.True(entry.Source.Length > 0 && DateOnly.TryParse(entry.Date, System.Globalization.CultureInfo.InvariantCulture, out _)));
}
