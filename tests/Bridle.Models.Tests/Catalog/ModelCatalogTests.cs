using System.Text.Json;
using Bridle.Models.Catalog;

namespace Bridle.Models.Tests.Catalog;

public sealed class ModelCatalogTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bridle-catalog-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("openai", """{"data":[{"id":"m","object":"model"}]}""", "m window=? out=? tools=Unknown images=Unknown")]
    [InlineData("vllm", """{"data":[{"id":"org/m","owned_by":"vllm","max_model_len":32768}]}""", "org/m window=32768 out=? tools=Unknown images=Unknown")]
    [InlineData("lm-studio", """{"models":[{"key":"q","type":"llm","max_context_length":4096,"capabilities":{"vision":false,"trained_for_tool_use":true}}]}""", "q window=4096 out=? tools=Yes images=No")]
    [InlineData("lm-studio", """{"data":[{"id":"q","type":"vlm","max_context_length":4096,"capabilities":["tool_use"]},{"id":"e","type":"embeddings"}]}""", "q window=4096 out=? tools=Yes images=Yes")]
    [InlineData("lm-studio", """{"data":[{"id":"q","type":"llm"}]}""", "q window=? out=? tools=Unknown images=Unknown")]
    [InlineData("lemonade", """{"data":[{"id":"l","downloaded":true,"labels":["tool-calling","vision"]}]}""", "l window=? out=? tools=Yes images=Yes")]
    [InlineData("lemonade", """{"data":[{"id":"l","labels":["reasoning"]}]}""", "l window=? out=? tools=No images=No")]
    [InlineData("gemini", """{"models":[{"name":"models/g","inputTokenLimit":1048576,"outputTokenLimit":65536,"supportedGenerationMethods":["generateContent"]},{"name":"models/e","supportedGenerationMethods":["embedContent"]}]}""", "g window=1048576 out=65536 tools=Unknown images=Unknown")]
    [InlineData("openrouter", """{"data":[{"id":"a/b","context_length":200000,"supported_parameters":["tools"],"architecture":{"input_modalities":["text","image"]},"top_provider":{"max_completion_tokens":64000},"pricing":{"prompt":"0.000003","completion":"0.000015"}}]}""", "a/b window=200000 out=64000 tools=Yes images=Yes price=3.000000/15.000000")]
    [InlineData("openai", """{"data":[{"id":7},"x",null,{"object":"model"}]}""", "")]
    [InlineData("openai", """{"error":"no"}""", "")]
    [InlineData("openai", """{"data":[{"id":""},{"id":"a\u001b]52;c;eA==\u0007"},{"id":"b\u202Ec"},{"id":"d\ne"},{"id":"f\u2028"},{"id":"g/h:i (j) ü"}]}""", "g/h:i (j) ü window=? out=? tools=Unknown images=Unknown")]
    public void Each_dialect_of_a_model_list_is_read(string provider, string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        var entries = ModelListing.Read(provider, document.RootElement, At);
        Assert.Equal(expected, string.Join(" | ", entries.Select(entry =>
            $"{entry.Model} window={entry.ContextWindow?.ToString() ?? "?"} out={entry.MaxOutputTokens?.ToString() ?? "?"} tools={entry.Tools} images={entry.Images}" +
            (entry.Price is { } price ? $" price={price.Input}/{price.Output}" : ""))));
    }

    [Theory]
    [InlineData("""{"capabilities":["completion","tools","vision"],"model_info":{"general.architecture":"q","q.context_length":40960}}""", Known.Yes, Known.Yes, 40960)]
    [InlineData("""{"capabilities":["completion"]}""", Known.No, Known.No, null)]
    [InlineData("""{}""", Known.Unknown, Known.Unknown, null)]
    public void Ollama_tells_capabilities_one_model_at_a_time(string show, Known tools, Known images, int? window)
    {
        using var document = JsonDocument.Parse(show);
        var entry = ModelListing.WithOllamaDetails(new CatalogEntry("ollama", "m"), document.RootElement);
        Assert.Equal((tools, images, window), (entry.Tools, entry.Images, entry.ContextWindow));
    }

    [Fact]
    public void What_was_listed_is_there_after_a_restart()
    {
        new ModelCatalog(FilePath).Replace("p", [new CatalogEntry("p", "a/b") { Tools = Known.Yes, ContextWindow = 8, Price = new Price(1, 2, 0.5m), At = At }]);
        Assert.Equal([new CatalogEntry("p", "a/b") { Tools = Known.Yes, ContextWindow = 8, Price = new Price(1, 2, 0.5m), At = At }], new ModelCatalog(FilePath).Entries);
    }

    [Fact]
    public void A_refresh_replaces_one_provider_and_keeps_what_was_found_out_about_tools()
    {
        var catalog = new ModelCatalog(FilePath);
        catalog.Replace("p", [new CatalogEntry("p", "old"), new CatalogEntry("p", "kept")]);
        catalog.Replace("q", [new CatalogEntry("q", "other")]);
        catalog.NoteRefusedTools("p", "kept", "http://a/v1", At);
        catalog.Replace("p", [new CatalogEntry("p", "kept")]);
        Assert.Equal(["q/other Unknown", "p/kept No"], new ModelCatalog(FilePath).Entries.Select(entry => $"{entry.Provider}/{entry.Model} {entry.ToolsAt("http://a/v1")}"));
        catalog.Replace("p", [new CatalogEntry("p", "kept") { Tools = Known.Yes }]);
        Assert.Equal(Known.Yes, new ModelCatalog(FilePath).Find("p", "kept")!.ToolsAt("http://a/v1"));
    }

    [Fact]
    public void What_one_server_refused_says_nothing_of_another_behind_the_same_name()
    {
        var catalog = new ModelCatalog(FilePath);
        catalog.NoteRefusedTools("p", "m", "http://a/v1", At);
        catalog.NoteRefusedTools("p", "m", "http://b/v1", At);
        catalog.NoteRefusedTools("p", "m", "http://a/v1", At);
        var entry = Assert.Single(new ModelCatalog(FilePath).Entries);
        Assert.Equal(["http://a/v1", "http://b/v1"], entry.RefusesToolsAt);
        Assert.Equal((Known.No, Known.No, Known.Unknown, Known.Unknown), (entry.ToolsAt("http://a/v1"), entry.ToolsAt("http://b/v1"), entry.ToolsAt("http://c/v1"), entry.ToolsAt(null)));
    }

    [Fact]
    public void A_file_of_an_older_version_is_read_and_counts_for_every_address_until_the_list_is_fetched_again()
    {
        File.WriteAllText(FilePath, """{"provider":"p","model":"m","tools":"no","images":"unknown","at":"2026-11-21T00:00:00+00:00"}""" + "\n");
        var catalog = new ModelCatalog(FilePath);
        Assert.Equal(Known.No, catalog.Find("p", "m")!.ToolsAt("http://a/v1"));
        catalog.Replace("p", [new CatalogEntry("p", "m")]);
        Assert.Equal(Known.Unknown, catalog.Find("p", "m")!.ToolsAt("http://a/v1"));
    }

    [Fact]
    public void A_line_that_does_not_parse_is_counted_and_loses_no_other()
    {
        File.WriteAllText(FilePath, "{\"provider\":\"p\",\"model\":\"m\"}\nnot json\n{}\n\n{\"provider\":\"p\",\"model\":\"n\"}\n");
        var catalog = new ModelCatalog(FilePath);
        Assert.Equal(["m", "n"], catalog.Entries.Select(entry => entry.Model));
        Assert.Equal(2, catalog.BrokenLines);
    }

    private string FilePath => Path.Combine(_folder.FullName, "models.jsonl");
}
