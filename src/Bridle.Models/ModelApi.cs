namespace Bridle.Models;

/// <summary>The wire protocols that models are reached through.</summary>
public enum ModelApi
{
    /// <summary>OpenAI Chat Completions, which most servers speak.</summary>
    OpenAi,

    /// <summary>OpenAI Responses.</summary>
    OpenAiResponses,

    /// <summary>Anthropic Messages.</summary>
    Anthropic,

    /// <summary>Gemini generateContent.</summary>
    Gemini,

    /// <summary>Ollama's own chat.</summary>
    Ollama,
}

/// <summary>The protocols' names as <c>--api</c> and settings spell them.</summary>
public static class ModelApis
{
    /// <summary>All spellings, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Names { get; } = ["openai", "openai-responses", "anthropic", "gemini", "ollama"];

    /// <summary>The tokens that Ollama is asked to make room for when nobody said how many the model takes.</summary>
    public const int OllamaContext = 32_768;

    /// <summary>The name of a protocol.</summary>
    public static string NameOf(this ModelApi api) => Names[(int)api];

    /// <summary>The protocol with that name, upper and lower case alike; false when there is none.</summary>
    public static bool TryParse(string? name, out ModelApi api)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                api = (ModelApi)i;
                return true;
            }
        }

        api = default;
        return false;
    }
}
