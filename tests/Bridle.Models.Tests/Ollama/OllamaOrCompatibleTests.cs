using Bridle.FakeVendors;
using Bridle.Models.Catalog;

namespace Bridle.Models.Tests.Ollama;

public sealed class OllamaOrCompatibleTests
{
    private const string List = """{"object":"list","data":[{"id":"m1","object":"model"}]}""";

    private static FakeReply Answer(FakeRequest request) => request.Path switch
    {
        "/v1/models" => FakeReply.Json(200, List),
        "/v1/chat/completions" => FakeReply.Events(["""data: {"choices":[{"index":0,"delta":{"content":"Hi."}}]}""" + "\n\n", """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n", "data: [DONE]\n\n"]),
        _ => FakeReply.Text(404, "text/plain", "404 page not found"),
    };

    [Theory]
    [InlineData("")]
    [InlineData("/v1")]
    public async Task A_server_that_speaks_only_the_protocol_of_OpenAI_answers_in_the_place_of_Ollama_and_is_asked_as_Ollama_once(string path)
    {
        await using var server = new FakeHttpServer(Answer);
        var model = Model.For(ModelApi.Ollama, new Uri(server.Url, path), "m1", null);

        Assert.Equal("Hi.", (await Talk.ReplyAsync(model, Talk.Ask("Hi"))).Text);
        Assert.Equal("Hi.", (await Talk.ReplyAsync(model, Talk.Ask("Hi"))).Text);

        Assert.Equal(["/api/chat", "/v1/chat/completions", "/v1/chat/completions"], server.Requests.Select(request => request.Path));
    }

    [Theory]
    [InlineData("""{"error":"model 'm1' not found"}""", 1)]
    [InlineData("404 page not found", 2)]
    public async Task A_missing_model_of_Ollama_is_told_as_one_and_a_server_that_knows_neither_path_as_what_it_said_first(string body, int requests)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Text(404, "application/json", body));
        var failed = Assert.IsType<ReplyFailed>((await Talk.AllAsync(Model.For(ModelApi.Ollama, server.Url, "m1", null), Talk.Ask("Hi")))[^1]);

        Assert.Contains("/api/chat", failed.Error.Message, StringComparison.Ordinal);
        Assert.Equal(requests, server.Requests.Count);
    }

    [Theory]
    [InlineData("ollama", "ollama", "")]
    [InlineData("lemonade", "openai", "/api/v1")]
    [InlineData("lm-studio", "openai", "/v1")]
    public async Task Its_models_are_listed(string provider, string api, string path)
    {
        await using var server = new FakeHttpServer(Answer);
        using var http = new HttpClient();
        var listed = await new ModelLister(http, TimeProvider.System).ListAsync(new(provider, api, new Uri(server.Url, path), null), TestContext.Current.CancellationToken);

        Assert.Equal(["m1"], listed.Entries.Select(entry => entry.Model));
    }
}
