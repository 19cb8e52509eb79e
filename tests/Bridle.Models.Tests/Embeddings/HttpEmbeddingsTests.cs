using Bridle.FakeVendors;
using Bridle.Models.Embeddings;

namespace Bridle.Models.Tests.Embeddings;

/// <summary>Against a real server on loopback that speaks both forms.</summary>
public sealed class HttpEmbeddingsTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task OpenAIs_form_is_asked_for_floats_and_its_order_is_that_of_the_indices()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, """{"object":"list","data":[{"object":"embedding","index":1,"embedding":[0.5,-1e-3]},{"object":"embedding","index":0,"embedding":[1,2]}],"model":"m","usage":{"prompt_tokens":2,"total_tokens":2}}"""));
        using var generator = new HttpEmbeddings(EmbeddingApi.OpenAi, server.Url, "tiny", "k-0", Patience);
        var made = await generator.GenerateAsync(["one", "zwei ü \"q\""], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([1f, 2f], made[0].Vector.ToArray());
        Assert.Equal([0.5f, -0.001f], made[1].Vector.ToArray());
        var asked = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/v1/embeddings", "Bearer k-0", "application/json"), (asked.Method, asked.Path, asked.Headers["authorization"], asked.Headers["content-type"]));
        Assert.Equal("tiny", asked.Json.GetProperty("model").GetString());
        Assert.Equal("float", asked.Json.GetProperty("encoding_format").GetString());
        Assert.Equal(["one", "zwei ü \"q\""], asked.Json.GetProperty("input").EnumerateArray().Select(text => text.GetString()!));
    }

    [Fact]
    public async Task Ollamas_own_form_is_spoken_without_a_key()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, """{"model":"m","embeddings":[[1,2],[3,4]],"total_duration":1,"load_duration":1,"prompt_eval_count":2}"""));
        using var generator = new HttpEmbeddings(EmbeddingApi.Ollama, server.Url, "nomic", null, Patience);
        var made = await generator.GenerateAsync(["a", "b"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([3f, 4f], made[1].Vector.ToArray());
        Assert.Equal("/api/embed", server.Requests[0].Path);
        Assert.False(server.Requests[0].Headers.ContainsKey("authorization"));
    }

    [Theory]
    [InlineData(EmbeddingApi.OpenAi, """{"data":[{"embedding":[1]}],"usage":{"prompt_tokens":7,"total_tokens":9}}""", 7)]
    [InlineData(EmbeddingApi.OpenAi, """{"data":[{"embedding":[1]}],"usage":{"total_tokens":9}}""", 9)]
    [InlineData(EmbeddingApi.OpenAi, """{"data":[{"embedding":[1]}],"usage":{"prompt_tokens":-1}}""", null)]
    [InlineData(EmbeddingApi.OpenAi, """{"data":[{"embedding":[1]}]}""", null)]
    [InlineData(EmbeddingApi.Ollama, """{"embeddings":[[1]],"prompt_eval_count":7}""", 7)]
    [InlineData(EmbeddingApi.Ollama, """{"embeddings":[[1]]}""", null)]
    public async Task What_a_server_says_that_it_took_is_told_and_what_may_be_paid_is_marked(EmbeddingApi api, string body, int? tokens)
    {
        var (status, answer) = (200, body);
        await using var server = new FakeHttpServer(_ => FakeReply.Json(status, answer));
        using var generator = new HttpEmbeddings(api, server.Url, "m", null, Patience);
        Assert.Equal(tokens, (await generator.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken)).Usage?.InputTokenCount);
        foreach (var (refused, words, mayBePaid) in new[] { (200, "{}", true), (200, "<html>", true), (401, "no", false), (503, "busy", false), (307, "", false) })
        {
            (status, answer) = (refused, words);
            Assert.Equal(mayBePaid, (await Assert.ThrowsAsync<EmbeddingException>(() => generator.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken))).MayBePaid);
        }
    }

    [Fact]
    public async Task Nothing_is_sent_for_nothing()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(500, "{}"));
        using var generator = new HttpEmbeddings(EmbeddingApi.OpenAi, server.Url, "m", null, Patience);
        Assert.Empty(await generator.GenerateAsync([], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData(200, """{"data":[]}""", "one vector for each text")]
    [InlineData(200, """{"data":[{"index":7,"embedding":[1]}]}""", "one vector for each text")]
    [InlineData(200, """{"data":[{"index":-1,"embedding":[1]}]}""", "one vector for each text")]
    [InlineData(200, """{"data":[{"index":0,"embedding":["x"]}]}""", "one vector for each text")]
    [InlineData(200, """{"data":{}}""", "one vector for each text")]
    [InlineData(200, "<html><title>Hello</title>", "one vector for each text")]
    [InlineData(401, """{"error":{"message":"Incorrect API key provided: topsecret-1"}}""", "HTTP 401: Incorrect API key provided: [key]")]
    [InlineData(404, "404 page not found", "HTTP 404: 404 page not found")]
    public async Task What_is_no_answer_is_said_in_words(int status, string body, string said)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(status, body));
        using var generator = new HttpEmbeddings(EmbeddingApi.OpenAi, server.Url, "m", "topsecret-1", Patience);
        var failure = await Assert.ThrowsAsync<EmbeddingException>(() => generator.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken));
        Assert.Contains(said, failure.Message);
        Assert.DoesNotContain("topsecret-1", failure.Message);
    }

    [Fact]
    public async Task A_redirect_takes_no_text_elsewhere()
    {
        await using var elsewhere = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        await using var server = new FakeHttpServer(_ => FakeReply.Json(307, "") with { Headers = new Dictionary<string, string> { ["Location"] = elsewhere.Url.ToString() } });
        using var generator = new HttpEmbeddings(EmbeddingApi.OpenAi, server.Url, "m", null, Patience);
        Assert.Contains("redirects (HTTP 307)", (await Assert.ThrowsAsync<EmbeddingException>(() => generator.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken))).Message);
        Assert.Empty(elsewhere.Requests);
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_falls_silent_is_named()
    {
        Uri gone;
        await using (var server = new FakeHttpServer(_ => FakeReply.Json(200, "{}")))
        {
            gone = server.Url;
        }

        using var nobody = new HttpEmbeddings(EmbeddingApi.OpenAi, gone, "m", null, Patience);
        Assert.StartsWith($"http://127.0.0.1:{gone.Port} cannot be reached", (await Assert.ThrowsAsync<EmbeddingException>(() => nobody.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken))).Message);
        await using var silent = new FakeHttpServer(_ => FakeReply.Json(200, "{") with { End = FakeEnd.Hold });
        using var waiting = new HttpEmbeddings(EmbeddingApi.OpenAi, silent.Url, "m", null, TimeSpan.FromMilliseconds(200));
        Assert.EndsWith("gave no vectors within 0.2 s.", (await Assert.ThrowsAsync<EmbeddingException>(() => waiting.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken))).Message);
    }

    [Fact]
    public async Task A_key_that_fits_no_header_is_not_sent()
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(200, "{}"));
        using var generator = new HttpEmbeddings(EmbeddingApi.OpenAi, server.Url, "m", "line\nbreak", Patience);
        Assert.Contains("holds characters that no key has", (await Assert.ThrowsAsync<EmbeddingException>(() => generator.GenerateAsync(["a"], cancellationToken: TestContext.Current.CancellationToken))).Message);
        Assert.Empty(server.Requests);
    }
}
