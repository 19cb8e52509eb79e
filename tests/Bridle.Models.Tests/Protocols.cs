using Bridle.FakeVendors;
using Bridle.Models.Http;

namespace Bridle.Models.Tests;

/// <summary>The protocols of this project's OpenAI half, each with its fake.</summary>
internal static class Protocols
{
    public static FakeVendor Fake(string api, params FakeTurn[] script) => api switch
    {
        "openai" => new FakeOpenAiChat(script),
        "openai-responses" => new FakeOpenAiResponses(script),
        "ollama" => new FakeOllama(script),
        _ => throw new ArgumentException(api),
    };

    public static HttpModel Open(FakeVendor server, HttpModelOptions? options = null, string? key = null, ModelEndpoint? endpoint = null, ModelInfo? info = null)
    {
        var api = server switch { FakeOpenAiChat => ModelApi.OpenAi, FakeOpenAiResponses => ModelApi.OpenAiResponses, _ => ModelApi.Ollama };
        return new(Model.Protocol(api), endpoint ?? new ModelEndpoint(server.Url, key), info ?? new("test", "m1", api.NameOf()), options ?? Calm());
    }

    /// <summary>No real waiting, and no chance.</summary>
    public static HttpModelOptions Calm(TimeProvider? time = null) => new() { Time = time ?? new SkippingClock(), Jitter = () => 0.5 };
}
