using Bridle.Models.Anthropic;
using Bridle.Models.Gemini;
using Bridle.Models.Http;

namespace Bridle.Models;

/// <summary>Makes a model from an address.</summary>
public static class Model
{
    /// <summary>
    /// The model with that name on that server. Nothing is contacted until the first request. The URL may end with the API's version
    /// (<c>/v1</c>); it is added only when the URL has no path.
    /// </summary>
    /// <param name="api">The protocol the server speaks.</param>
    /// <param name="url">Its address.</param>
    /// <param name="model">The name the server knows the model by.</param>
    /// <param name="key">The key, or null for a server that wants none.</param>
    public static IModel For(ModelApi api, Uri url, string model, string? key) =>
        new HttpModel(Protocol(api), new ModelEndpoint(url, key), new ModelInfo(url.Host, model, api.NameOf()));

    private static readonly WireProtocol ChatCompletions = new OpenAI.OpenAiChatProtocol();

    /// <summary>The one place that knows which class speaks which protocol.</summary>
    internal static WireProtocol Protocol(ModelApi api) => api switch
    {
        ModelApi.OpenAi => ChatCompletions,
        ModelApi.OpenAiResponses => throw new NotSupportedException("OpenAI Responses is not built in yet."),
        ModelApi.Anthropic => new AnthropicProtocol(),
        ModelApi.Gemini => new GeminiProtocol(),
        ModelApi.Ollama => throw new NotSupportedException("Ollama is not built in yet."),
        _ => throw new ArgumentOutOfRangeException(nameof(api)),
    };
}
