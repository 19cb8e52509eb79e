using Bridle.Models.Anthropic;
using Bridle.Models.Gemini;
using Bridle.Models.Http;
using Bridle.Models.Ollama;
using Bridle.Models.OpenAI;

namespace Bridle.Models;

/// <summary>Makes a model from an address.</summary>
public static class Model
{
    private static readonly WireProtocol Chat = new OpenAiChatProtocol();
    private static readonly WireProtocol Responses = new OpenAiResponsesProtocol();
    private static readonly WireProtocol Ollama = new OllamaProtocol();

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

    /// <summary>The described model on the server at that address. As <see cref="For(ModelApi, Uri, string, string?)"/>, with everything that is known about the model.</summary>
    /// <param name="info">What is known; <see cref="ModelInfo.Api"/> is one of <see cref="ModelApis.Names"/>.</param>
    /// <param name="url">The server's address.</param>
    /// <param name="key">The key, or null for a server that wants none.</param>
    /// <param name="headers">Headers beside the protocol's own.</param>
    public static IModel For(ModelInfo info, Uri url, string? key, IReadOnlyDictionary<string, string>? headers = null) =>
        ModelApis.TryParse(info.Api, out var api)
            ? new HttpModel(Protocol(api), new ModelEndpoint(url, key) { Headers = headers ?? new Dictionary<string, string>() }, info)
            : throw new ArgumentException($"'{info.Api}' is not a protocol.", nameof(info));

    /// <summary>The one place that knows which class speaks which protocol.</summary>
    internal static WireProtocol Protocol(ModelApi api) => api switch
    {
        ModelApi.OpenAi => Chat,
        ModelApi.OpenAiResponses => Responses,
        ModelApi.Anthropic => new AnthropicProtocol(),
        ModelApi.Gemini => new GeminiProtocol(),
        ModelApi.Ollama => Ollama,
        _ => throw new ArgumentOutOfRangeException(nameof(api)),
    };
}
