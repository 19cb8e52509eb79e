using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Bridle.Models.Http;
using Microsoft.Extensions.AI;

namespace Bridle.Models.Embeddings;

/// <summary>
/// Makes vectors of texts on a server. No redirect is followed: it would take the texts and the key elsewhere. Throws <see cref="EmbeddingException"/> with words for a person.
/// May be used concurrently.
/// </summary>
/// <param name="api">What the server speaks.</param>
/// <param name="url">Its address; <c>/v1</c> is added for the OpenAI form when it has no path.</param>
/// <param name="model">The name the server knows the model by.</param>
/// <param name="key">The key, or null for a server that wants none.</param>
/// <param name="limit">How long one request may take.</param>
public sealed class HttpEmbeddings(EmbeddingApi api, Uri url, string model, string? key, TimeSpan limit) : IEmbeddingGenerator<string, Embedding<float>>
{
    private const int MostBytes = 64 * 1024 * 1024;
    private const int MostErrorBytes = 16 * 1024;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly Uri _posted = api is EmbeddingApi.Ollama ? WireUrls.Append(url, "", "/api/embed") : WireUrls.Append(url, "/v1", "/embeddings");

    /// <inheritdoc/>
    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var texts = values.ToList();
        if (texts.Count is 0)
        {
            return [];
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        var isAccepted = false;
        try
        {
            using var request = Request(texts);
            using var response = await HttpConnections.For(ConnectTimeout).SendAsync(request, patience.Token).ConfigureAwait(false);
            await using var body = await response.Content.ReadAsStreamAsync(patience.Token).ConfigureAwait(false);
            if (response.StatusCode is not HttpStatusCode.OK)
            {
                throw await RefusedAsync((int)response.StatusCode, response, body, patience.Token).ConfigureAwait(false);
            }

            isAccepted = true;
            return Read(await BodyReading.AllAsync(body, MostBytes, patience.Token).ConfigureAwait(false), texts.Count);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddingException($"{WireUrls.Server(_posted)} gave no vectors within {limit.TotalSeconds:0.###} s.") { MayBePaid = true };
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw new EmbeddingException($"{WireUrls.Server(_posted)} cannot be reached ({failure.Message.TrimEnd('.')}). Is it running?", failure) { MayBePaid = isAccepted || failure is IOException or HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } };
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    /// <summary>Nothing: the connections belong to the process.</summary>
    public void Dispose()
    {
    }

    private HttpRequestMessage Request(List<string> texts)
    {
        if (key is not null && key.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new EmbeddingException("The key of the embedding server holds characters that no key has. Copy it again, without anything around it.");
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteStartArray("input");
            texts.ForEach(writer.WriteStringValue);
            writer.WriteEndArray();
            if (api is EmbeddingApi.OpenAi)
            {
                writer.WriteString("encoding_format", "float");
            }

            writer.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var request = new HttpRequestMessage(HttpMethod.Post, _posted) { Content = content };
        if (key is { Length: > 0 })
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return request;
    }

    private GeneratedEmbeddings<Embedding<float>> Read(ReadOnlyMemory<byte> body, int count)
    {
        var (vectors, tokens) = (new float[count][], (long?)null);
        try
        {
            using var document = WireJson.Parse(body);
            tokens = TokensOf(document.RootElement);
            var list = document.RootElement.GetProperty(api is EmbeddingApi.Ollama ? "embeddings" : "data");
            var at = 0;
            foreach (var one in list.EnumerateArray())
            {
                // OpenAI's form says which text each is of; they need not stand in order.
                var index = api is EmbeddingApi.OpenAi && one.TryGetProperty("index", out var given) ? given.GetInt32() : at;
                vectors[index] = [.. (api is EmbeddingApi.Ollama ? one : one.GetProperty("embedding")).EnumerateArray().Select(number => number.GetSingle())];
                at++;
            }
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            throw Unexpected(failure);
        }

        return vectors.Contains(null) ? throw Unexpected(null) : new(vectors.Select(vector => new Embedding<float>(vector))) { Usage = tokens is null ? null : new() { InputTokenCount = tokens, TotalTokenCount = tokens } };
    }

    // Null where the server does not say what it took.
    private long? TokensOf(JsonElement answer)
    {
        var counts = api is EmbeddingApi.Ollama ? answer : answer.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object ? usage : default;
        foreach (var name in api is EmbeddingApi.Ollama ? new[] { "prompt_eval_count" } : ["prompt_tokens", "total_tokens"])
        {
            if (counts.ValueKind is JsonValueKind.Object && counts.TryGetProperty(name, out var count) && count.ValueKind is JsonValueKind.Number && count.TryGetInt64(out var tokens) && tokens >= 0)
            {
                return tokens;
            }
        }

        return null;
    }

    private EmbeddingException Unexpected(Exception? failure) =>
        new($"{WireUrls.Shown(_posted)} answered with something that is not one vector for each text. Check recall.embeddings: its address and its api belong together.", failure) { MayBePaid = true };

    private async Task<EmbeddingException> RefusedAsync(int status, HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        if (status is >= 300 and < 400)
        {
            return new($"{TransportErrors.Redirected(status, _posted, response.Headers.Location).Message} Set recall.embeddings.url to the address where the server really is.");
        }

        var words = ErrorWords.Read(await BodyReading.AllAsync(body, MostErrorBytes, cancellationToken).ConfigureAwait(false)).Message;
        words = key is { Length: >= 4 } ? words.Replace(key, "[key]", StringComparison.Ordinal) : words;
        return new($"{WireUrls.Shown(_posted)} refused with HTTP {status}{(words.Length > 0 ? $": {words}" : ".")}");
    }
}
