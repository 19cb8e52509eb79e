using System.Text.Json;
using Bridle.Cli.Tests.Effects;
using Bridle.FakeVendors;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>What vectors for recall cost: in every sum, within every limit, and never told as nothing where nobody knows.</summary>
public sealed class RecallMoneyTests : IDisposable
{
    private const string Priced = """ "prices": { "embeddings/m": { "input": 1000, "output": 0 } } """;
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task What_recall_asks_for_outside_of_sessions_is_in_the_sums_by_its_own_price()
    {
        await using var server = Vectors(request => 7 * request.Json.GetProperty("input").GetArrayLength());
        await SaidAsync(server, Priced);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        Assert.Equal(2, server.Requests.Count);

        // Three messages of seven tokens, and the question.
        var cost = await CostAsync("agent");
        Assert.Equal(("recall", 0.028m, 2, 0, 28), (Text(cost, "key"), cost.GetProperty("cost").GetDecimal(), cost.GetProperty("requests").GetInt32(), cost.GetProperty("requests_without_price").GetInt32(), cost.GetProperty("usage").GetProperty("input").GetInt32()));
        Assert.Equal("embeddings/m", Text(await CostAsync("model"), "key"));
        Assert.Equal(("(no session)", 0), (Text(await CostAsync("session"), "key"), (await CostAsync("session")).GetProperty("sessions").GetInt32()));
        Assert.Equal("(no folder)", Text(await CostAsync("project"), "key"));
        var file = File.ReadAllLines(_stage.PathOf("home/.local/share/bridle/spending-outside.jsonl"));
        Assert.Equal((2, true), (file.Length, file.All(line => line.Contains("\"type\":\"model_consulted\"", StringComparison.Ordinal) && line.Contains("\"purpose\":\"recall\"", StringComparison.Ordinal))));

        // A line that was broken off is in no sum, and takes no other with it.
        File.AppendAllText(_stage.PathOf("home/.local/share/bridle/spending-outside.jsonl"), "{\"n\":1,");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        Assert.Equal(0.035m, (await CostAsync("agent")).GetProperty("cost").GetDecimal());
        _stage.Out.Take();
        await _stage.RunAsync("doctor");
        Assert.Contains("$0.035 today", _stage.Out.Take(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_price_that_nobody_knows_is_unknown_and_a_server_that_does_not_say_what_it_took_too()
    {
        await using var server = Vectors(_ => 7);
        await SaidAsync(server, "\"maxSteps\": 9");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        _stage.Out.Take();
        await _stage.RunAsync("cost", "--by", "agent");
        Assert.Matches(@"\nrecall +\? +2 +14 ", _stage.Out.Take());
        await _stage.RunAsync("doctor");
        Assert.Contains("$0 and 2 requests of unknown price today, $0 and 2 requests of unknown price this month", _stage.Out.Take(), StringComparison.Ordinal);

        await using var silent = Vectors(_ => null);
        await SaidAsync(silent, Priced, say: false);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        var cost = await CostAsync("agent");
        // Another server makes all vectors anew.
        Assert.Equal((4, 4, 0m), (cost.GetProperty("requests").GetInt32(), cost.GetProperty("requests_without_price").GetInt32(), cost.GetProperty("cost").GetDecimal()));
    }

    [Theory]
    [InlineData(503, false)]
    [InlineData(200, true)]
    public async Task What_a_server_refused_costs_nothing_and_what_it_answered_with_nonsense_is_about_what_it_may_have_taken(int status, bool isPaid)
    {
        await using var server = new FakeHttpServer(_ => FakeReply.Json(status, "{}"));
        await SaidAsync(server, Priced);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("cost", "--by", "agent"));
        Assert.Equal(isPaid, _stage.Out.Take().Contains("about $", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("maxDayCost")]
    [InlineData("maxMonthCost")]
    public async Task A_limit_that_is_used_up_leaves_the_words_and_says_why(string limit)
    {
        await using var server = Vectors(_ => 7);
        await SaidAsync(server, $"{Priced}, \"{limit}\": 0.0005");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        Assert.Contains("glacier", _stage.Out.Take(), StringComparison.Ordinal);
        Assert.Contains("Only words were searched, and no vectors were asked for: the spending limit of $0.0005 a ", _stage.Error.Take(), StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        // What one search spent, the next one and a session have less.
        await SaidAsync(server, $"{Priced}, \"{limit}\": 0.02", say: false);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        Assert.Equal(2, server.Requests.Count);
        await _stage.RunAsync("recall", "glacier number 1 and far more words than are left for that");
        Assert.Contains("leaves no room for another request ($0.014 spent)", _stage.Error.Take(), StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
        Model(new Price(0, 1_000), ScriptedReply.Text("Hello."));
        Assert.Equal(ExitCode.Limit, await _stage.RunAsync("run", "hello"));
        Assert.Contains("($0.014 spent)", _stage.Error.Take(), StringComparison.Ordinal);

        await SaidAsync(server, $"\"maxSteps\": 9, \"{limit}\": 0.02", say: false);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        Assert.Contains("the price of embeddings/m is not known, so it could not be kept. Set prices[\"embeddings/m\"] in your settings.\n", _stage.Error.Take(), StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public async Task What_a_model_searches_for_is_paid_by_its_turn_and_stands_in_its_log()
    {
        await using var server = Vectors(_ => 7);
        await SaidAsync(server, Priced);
        Model(new Price(1, 1), Search(), ScriptedReply.Text("Found."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "asking", "--output", "json", "Where?"));
        using var result = JsonDocument.Parse(_stage.Out.Take());
        Assert.Equal(0.01422m, result.RootElement.GetProperty("cost").GetDecimal());
        Assert.Equal(0.014m, (await CostAsync("agent", "recall")).GetProperty("cost").GetDecimal());
        Assert.Equal("asking", Text(await CostAsync("session"), "key"));
        Assert.False(File.Exists(_stage.PathOf("home/.local/share/bridle/spending-outside.jsonl")));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "replay", "asking"));

        // Where its limit leaves nothing for it, words are searched.
        var model = Model(new Price(1, 1), Search(), ScriptedReply.Text("Found."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "again", "--max-cost", "0.012", "Where is the last glacier?"));
        Assert.Contains("Only words were searched, and no vectors were asked for: the limit of $0.012 leaves no room", model.Requests[1].Messages[^1].Parts.OfType<ToolResultPart>().Single().Content.OfType<TextPart>().Single().Text, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    private static ScriptedReply Search() => ScriptedReply.Calls(("SessionSearch", """{ "query": "glacier and everything that was said of the ice and of the snow above it" }"""));

    private ScriptedModel Model(Price price, params ScriptedReply[] replies)
    {
        var model = new ScriptedModel(replies) { Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, MaxOutputTokens = 8_192, Tools = Known.Yes, Price = price } };
        _stage.Model = model;
        return model;
    }

    private static FakeHttpServer Vectors(Func<FakeRequest, int?> tokens) => new(request => FakeReply.Json(200, tokens(request) is { } count
        ? RecallEffects.Vectors(request)[..^1] + $",\"usage\":{{\"prompt_tokens\":{count},\"total_tokens\":{count}}}}}" : RecallEffects.Vectors(request)));

    private async Task SaidAsync(FakeHttpServer server, string keys, bool say = true)
    {
        _stage.Write("home/.config/bridle/settings.json", $$"""{ "recall": { "embeddings": { "url": "{{server.Url}}", "model": "m" } }, {{keys}} }""");
        foreach (var i in say ? [1, 2, 3] : Array.Empty<int>())
        {
            await RecallEffects.SayAsync(_stage, $"s{i}", $"glacier number {i}");
        }
    }

    private async Task<JsonElement> CostAsync(string by, string? key = null)
    {
        _stage.Out.Take();
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("cost", "--by", by, "--json"));
        var lines = JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("lines").EnumerateArray();
        return key is null ? Assert.Single(lines) : lines.Single(line => Text(line, "key") == key);
    }

    private static string? Text(JsonElement one, string field) => one.GetProperty(field).GetString();
}
