using Bridle.Models.Catalog;

namespace Bridle.Models.Tests.Catalog;

public sealed class KnownWindowsTests
{
    [Theory]
    [InlineData("anthropic", "claude-sonnet-4-20250514", 200_000)]
    [InlineData("openai", "gpt-4o-mini", 128_000)]
    [InlineData("openai", "gpt-4.1-2025-04-14", 1_047_576)]
    [InlineData("openai", "gpt-5-mini", 400_000)]
    [InlineData("OpenAI", "o4-mini", 200_000)]
    [InlineData("gemini", "gemini-2.5-pro", 1_048_576)]
    [InlineData("openai", "gpt-4", null)]
    [InlineData("openai", "gpt-4omni", null)]
    [InlineData("openai", "o3x", null)]
    [InlineData("lab", "claude-sonnet-4", null)]
    public void A_model_is_known_by_its_family_and_what_is_unknown_stays_unknown(string provider, string model, int? window) => Assert.Equal(window, KnownWindows.Find(provider, model));
}
