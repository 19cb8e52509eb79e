using System.Text.Json;

namespace Bridle.Models.Catalog;

/// <summary>A price with where and when it was read.</summary>
public sealed record DatedPrice(Price Price, string Source, string Date);

/// <summary>
/// Prices as data: the embedded <c>prices.json</c> (each with its date and source) and what a user's settings add. A model is found by its exact
/// name, or by its name without a date suffix. What is not found is unknown, never 0.
/// </summary>
public sealed class PriceBook
{
    private readonly Dictionary<string, DatedPrice> _prices;
    private readonly Price? _default;

    private PriceBook(Dictionary<string, DatedPrice> prices, Price? fallback) => (_prices, _default) = (prices, fallback);

    /// <summary>The embedded book.</summary>
    public static PriceBook BuiltIn { get; } = Load();

    /// <summary>A book that knows no price.</summary>
    public static PriceBook Empty { get; } = new(new Dictionary<string, DatedPrice>(), null);

    /// <summary>All entries by <c>provider/model</c>.</summary>
    public IReadOnlyDictionary<string, DatedPrice> Entries => _prices;

    /// <summary>The book with more prices, which win; and a price for everything else, if given.</summary>
    public PriceBook With(IReadOnlyDictionary<string, Price> more, Price? fallback)
    {
        var all = new Dictionary<string, DatedPrice>(_prices, StringComparer.OrdinalIgnoreCase);
        foreach (var (model, price) in more)
        {
            all[model] = new DatedPrice(price, "settings", "");
        }

        return new(all, fallback ?? _default);
    }

    /// <summary>The price of a model, or null when unknown.</summary>
    public Price? Find(string provider, string model) =>
        (_prices.GetValueOrDefault($"{provider}/{model}") ?? _prices.GetValueOrDefault($"{provider}/{WithoutDate(model)}"))?.Price ?? _default;

    // claude-sonnet-4-20250514, gpt-4.1-2025-04-14 and gemini-2.5-pro-latest are priced like their plain names.
    private static string WithoutDate(string model)
    {
        var words = model.Split('-').ToList();
        while (words.Count > 1 && (words[^1] is "latest" || (words[^1].Length is 8 or 4 or 2 && words[^1].All(char.IsAsciiDigit))))
        {
            words.RemoveAt(words.Count - 1);
        }

        return string.Join('-', words);
    }

    private static PriceBook Load()
    {
        using var stream = typeof(PriceBook).Assembly.GetManifestResourceStream("Bridle.Models.prices.json")
            ?? throw new InvalidOperationException("prices.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        var prices = new Dictionary<string, DatedPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var one in document.RootElement.GetProperty("prices").EnumerateArray())
        {
            prices[one.GetProperty("model").GetString()!] = new DatedPrice(
                new Price(
                    one.GetProperty("input").GetDecimal(),
                    one.GetProperty("output").GetDecimal(),
                    one.TryGetProperty("cache_read", out var read) ? read.GetDecimal() : null,
                    one.TryGetProperty("cache_write", out var write) ? write.GetDecimal() : null),
                one.GetProperty("source").GetString()!,
                one.GetProperty("date").GetString()!);
        }

        return new PriceBook(prices, null);
    }
}
