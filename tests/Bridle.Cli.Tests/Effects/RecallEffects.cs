using System.Text.Json;
using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Cli.Tests.Effects;

/// <summary>What the keys about past sessions do: which sessions a model finds, which library is loaded, and where texts are sent.</summary>
internal static class RecallEffects
{
    private const string Embeddings = """{ "recall": { "embeddings": { "url": "URL", "model": "tiny-embed" } } }""";

    public static readonly Dictionary<string, SettingEffect> All = new()
    {
        ["recall"] = new(stage => FindElsewhereAsync(stage, """{ "recall": { "allProjects": true } }"""), "found", "nothing"),
        ["recall.allProjects"] = new(stage => FindElsewhereAsync(stage, """{ "recall": { "allProjects": true } }"""), "found", "nothing"),
        ["recall.sqlite"] = new(stage => LibraryAsync(stage, """{ "recall": { "sqlite": "/nowhere/libsqlite3.so" } }"""), "2", "1"),
        ["recall.embeddings"] = new(stage => SentAsync(stage, Embeddings, request => request.Path), "/v1/embeddings", "nothing"),
        ["recall.embeddings.url"] = new(stage => SentAsync(stage, Embeddings, request => request.Path), "/v1/embeddings", "nothing"),
        ["recall.embeddings.model"] = new(stage => SentAsync(stage, Embeddings, request => request.Json.GetProperty("model").GetString()!), "tiny-embed", "nothing"),
        ["recall.embeddings.api"] = new(stage => SentAsync(stage, Embeddings.Replace("\"url\"", "\"api\": \"ollama\", \"url\"", StringComparison.Ordinal), request => request.Path), "/api/embed", "/v1/embeddings"),
        ["recall.embeddings.keyEnv"] = new(stage => SentAsync(stage, Embeddings.Replace("\"url\"", "\"keyEnv\": \"VECTOR_KEY\", \"url\"", StringComparison.Ordinal), request => request.Headers.GetValueOrDefault("authorization", "none")), "Bearer vector-key-0", "none"),
    };

    /// <summary>A session with words of a person, of the folder that the stage works in unless another is given.</summary>
    public static async Task SayAsync(CliStage stage, string session, string text, string? folder = null)
    {
        var store = new SessionStore(stage.PathOf("home/.local/share/bridle"), stage.PathOf("home/.local/state/bridle"));
        await using var journal = store.Create(folder ?? stage.Work, session).Journal;
        await journal.AppendAsync(new RunId("1"), new UserSpoke($"m-{session}", [new TextPart(text)]), Durability.Written, CancellationToken.None);
    }

    private static async Task<string> FindElsewhereAsync(CliStage stage, string settings)
    {
        await SayAsync(stage, "elsewhere", "the hidden waterfall", stage.Home);
        await SettingEffect.CallAsync(stage, settings, "SessionSearch", """{ "query": "waterfall" }""", "--session", "asking");
        var log = Directory.EnumerateFiles(stage.PathOf("home"), "session_asking.jsonl", SearchOption.AllDirectories).Single();
        var result = File.ReadLines(log).Select(line => JsonDocument.Parse(line).RootElement).Single(record => record.GetProperty("type").GetString() is "tool_returned").GetProperty("content")[0].GetProperty("text").GetString()!;
        return result.StartsWith("elsewhere message 2", StringComparison.Ordinal) ? "found" : result.StartsWith("Nothing was found", StringComparison.Ordinal) ? "nothing" : result;
    }

    private static async Task<string> LibraryAsync(CliStage stage, string settings)
    {
        stage.Write("home/.config/bridle/settings.json", settings);
        return $"{await stage.RunAsync("recall", "waterfall")}";
    }

    /// <summary>What the server of vectors was asked first.</summary>
    private static async Task<string> SentAsync(CliStage stage, string settings, Func<FakeRequest, string> seen)
    {
        await using var server = new FakeHttpServer(request => FakeReply.Json(200, Vectors(request)));
        stage.Variables["VECTOR_KEY"] = "vector-key-0";
        stage.Write("home/.config/bridle/settings.json", settings.Replace("URL", server.Url.ToString().TrimEnd('/'), StringComparison.Ordinal));
        await SayAsync(stage, "past", "a waterfall");
        await stage.RunAsync("recall", "waterfall");
        return server.Requests is [var first, ..] ? seen(first) : "nothing";
    }

    /// <summary>The same vector for every text, in the form that was asked for.</summary>
    public static string Vectors(FakeRequest request)
    {
        var count = request.Json.GetProperty("input").GetArrayLength();
        var all = string.Join(",", Enumerable.Range(0, count).Select(i => request.Path is "/api/embed" ? "[1,2,3]" : $$"""{"object":"embedding","index":{{i}},"embedding":[1,2,3]}"""));
        return request.Path is "/api/embed" ? $$"""{"model":"m","embeddings":[{{all}}]}""" : $$"""{"object":"list","data":[{{all}}],"model":"m"}""";
    }
}
