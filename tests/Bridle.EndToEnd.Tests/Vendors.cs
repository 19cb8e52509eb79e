using Bridle.FakeVendors;

namespace Bridle.EndToEnd.Tests;

/// <summary>The five protocols, each with its fake and the variables that point the program at it.</summary>
internal static class Vendors
{
    public static string[] Apis { get; } = ["openai", "openai-responses", "anthropic", "gemini", "ollama"];

    public static string Model(string api) => api switch
    {
        "anthropic" => "anthropic/test-model",
        "gemini" => "gemini/test-model",
        "ollama" => "ollama/test-model",
        _ => "openai/test-model",
    };

    /// <summary>Starts the fake and points the place's environment at it.</summary>
    public static FakeVendor Make(string api, Place place, params FakeTurn[] script)
    {
        FakeVendor vendor = api switch
        {
            "openai" => new FakeOpenAiChat(script),
            "openai-responses" => new FakeOpenAiResponses(script),
            "anthropic" => new FakeAnthropic(script),
            "gemini" => new FakeGemini(script),
            "ollama" => new FakeOllama(script),
            _ => throw new ArgumentOutOfRangeException(nameof(api), api, "No such protocol."),
        };
        Point(api, place, vendor);
        return vendor;
    }

    /// <summary>Points the place's environment at a fake.</summary>
    public static void Point(string api, Place place, FakeVendor vendor)
    {
        var (key, url) = api switch
        {
            "anthropic" => ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"),
            "gemini" => ("GEMINI_API_KEY", "GEMINI_BASE_URL"),
            "ollama" => ("OLLAMA_API_KEY", "OLLAMA_API_URL"),
            _ => ("OPENAI_API_KEY", "OPENAI_BASE_URL"),
        };
        place.Environment[key] = "test-key";
        place.Environment[url] = vendor.Url.ToString().TrimEnd('/');
    }
}
