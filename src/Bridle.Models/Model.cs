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
    private static readonly WireProtocol Anthropic = new AnthropicProtocol();
    private static readonly WireProtocol AnthropicByBearer = new AnthropicProtocol(new AnthropicOptions(Bearer: true));
    private static readonly WireProtocol Gemini = new GeminiProtocol();
    private static readonly WireProtocol GroundedGemini = new GeminiProtocol(grounding: true);
    private static readonly WireProtocol Ollama = new OllamaProtocol();

    /// <summary>
    /// Lends a model that nobody is behind and that says one word: what asks it once has loaded what the first request of a process needs, some milliseconds that another thread may have
    /// meanwhile. Contacts nobody. May be called at any time, more than once and from any thread.
    /// </summary>
    public static async Task GetReadyAsync(Func<IModel, Task> ask)
    {
        ArgumentNullException.ThrowIfNull(ask);
        using var nobody = HttpConnections.ToNobody();
        await ask(new HttpModel(Chat, new ModelEndpoint(new Uri("http://localhost/v1"), null), new ModelInfo("nobody", "nobody", "openai"), new HttpModelOptions { Connections = nobody, MaxAttempts = 1 })).ConfigureAwait(false);
    }

    /// <summary>
    /// The model with that name on that server. Nothing is contacted until the first request. The URL may end with the API's version
    /// (<c>/v1</c>); it is added only when the URL has no path.
    /// </summary>
    /// <param name="api">The protocol the server speaks.</param>
    /// <param name="url">Its address.</param>
    /// <param name="model">The name the server knows the model by.</param>
    /// <param name="key">The key, or null for a server that wants none.</param>
    public static IModel For(ModelApi api, Uri url, string model, string? key) =>
        For(api, url, new ModelInfo(url.Host, model, api.NameOf()), key, new ModelOptions());

    /// <summary>The same with everything that is known about the model, and with settings.</summary>
    /// <param name="api">The protocol the server speaks.</param>
    /// <param name="url">Its address.</param>
    /// <param name="info">The model; its window, limits and abilities decide how requests are written.</param>
    /// <param name="key">The key, or null for a server that wants none.</param>
    /// <param name="options">How to send, wait and give up.</param>
    public static IModel For(ModelApi api, Uri url, ModelInfo info, string? key, ModelOptions options)
    {
        var endpoint = new ModelEndpoint(url, key) { Headers = options.Headers, ExtraBody = options.ExtraBody };
        var how = new HttpModelOptions { IdleTimeout = options.IdleTimeout, ConnectTimeout = options.ConnectTimeout, MaxAttempts = options.MaxAttempts, Time = options.Time };
        var model = new HttpModel(Protocol(api, options.Bearer, options.WebGrounding), endpoint, info, how);
        return api is ModelApi.Ollama ? new OllamaOrCompatible(model, new HttpModel(Chat, endpoint with { BaseUrl = OllamaProtocol.Root(url) }, info, how)) : model;
    }

    /// <summary>The one place that knows which class speaks which protocol.</summary>
    internal static WireProtocol Protocol(ModelApi api, bool bearer = false, bool grounding = false) => api switch
    {
        ModelApi.OpenAi => Chat,
        ModelApi.OpenAiResponses => Responses,
        ModelApi.Anthropic => bearer ? AnthropicByBearer : Anthropic,
        ModelApi.Gemini => grounding ? GroundedGemini : Gemini,
        ModelApi.Ollama => Ollama,
        _ => throw new ArgumentOutOfRangeException(nameof(api)),
    };
}
