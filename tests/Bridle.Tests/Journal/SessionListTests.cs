using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;

namespace Bridle.Tests.Journal;

public sealed class SessionListTests : IDisposable
{
    private static readonly DateTime s_settled = new(2026, 11, 21, 10, 0, 0, DateTimeKind.Utc);
    private readonly TestFolder _folder = new();

    private static readonly Usage s_some = new(9, 0, 0, 1, 0);

    private string Cache => Path.Combine(_folder.Data, "session-list.cache");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_list_counts_messages_and_adds_up_what_is_known_of_the_cost()
    {
        await WriteAsync("s",
            new RunStarted("turn", "a/one", "default", new RunLimits()),
            new UserSpoke("m1", [new TextPart("Look \"here\" ,\"cost\":99,\"milliseconds\":1")]),
            Reply("said ,\"cost\":5,\"milliseconds\":7", 0.25m),
            new ReplyCut("cut", "text ,\"cost\":3,\"sum\":", s_some, 0.5m),
            new ReplyCut("cut", "as it was written before ,\"usage\":{", null, 2m),
            new ReplyCut("cut", "text ,\"estimated_cost\":3,\"sum\":", null, null) { EstimatedUsage = s_some, EstimatedCost = 1m },
            new InboxDrained([new InboxMessage("m2", "and this")]),
            Reply("no price", null),
            new ModelChanged("a/one", "b/two"));
        var details = _folder.Store.ListWithDetails().Single().Details;
        Assert.Equal(new SessionDetails("Look \"here\" ,\"cost\":99,\"milliseconds\":1", "b/two", 10) { Folder = _folder.Root, Messages = 4, Cost = 0.75m, Guessed = 3m, Unpriced = 1 }, details);
    }

    [Fact]
    public async Task A_file_of_plain_messages_has_the_first_words_of_the_person_for_a_title()
    {
        await _folder.Store.Create(_folder.Root, "seed").Journal.DisposeAsync();
        await File.WriteAllTextAsync(_folder.Store.PathOf("dropped"), "{\"role\":\"system\",\"content\":\"Be brief.\"}\n{\"role\":\"user\",\"content\":\"Where is it?\"}\n", TestContext.Current.CancellationToken);
        Assert.Equal("Where is it?", _folder.Store.ListWithDetails().Single(one => one.Session.Name == "dropped").Details.Title);
    }

    [Fact]
    public async Task A_reply_that_broke_off_without_a_price_makes_the_cost_unknown()
    {
        await WriteAsync("s", new RunStarted("turn", "a/one", "default", new RunLimits()), new ReplyCut("interrupted", "Half", null, null), new ReplyCut("interrupted", "", null, null), new ReplyCut("no JSON", "", null, null) { EstimatedUsage = s_some });
        Assert.Equal(2, _folder.Store.ListWithDetails().Single().Details.Unpriced);
        Assert.Equal(2, Assert.Single(Assert.Single(_folder.Store.Spending()).Rows).Unpriced);
    }

    [Fact]
    public async Task What_summaries_and_judges_cost_is_in_the_sum()
    {
        await WriteAsync("s",
            new RunStarted("turn", "a/one", "default", new RunLimits()),
            Reply("said", 0.25m),
            new Compacted(2, "so far ,\"cost\":9,\"sum\":", "auto") { Usage = new Usage(9, 0, 0, 1, 0), Cost = 0.5m, Model = "a/small" },
            new Compacted(2, "so far", "manual") { Usage = new Usage(9, 0, 0, 1, 0), Cost = 0.0625m },
            new Compacted(2, "by code", "auto"),
            new ModelConsulted("judge", "a/small", new Usage(9, 0, 0, 1, 0), 1m, 3),
            new ModelConsulted("judge", "b/unpriced", new Usage(9, 0, 0, 1, 0), null, 3));
        var details = _folder.Store.ListWithDetails().Single().Details;
        Assert.Equal((1.8125m, 1L), (details.Cost, details.Unpriced));
    }

    [Fact]
    public async Task Replies_of_the_rehearsal_cost_nothing_and_those_of_delegated_runs_count_as_money_only()
    {
        await WriteAsync("s", new RunStarted("turn", "rehearsal/rehearsal", "default", new RunLimits(), true), Reply("free", null));
        await using (var journal = _folder.Store.Open("s").Journal)
        {
            await journal.AppendAsync(new RunId("1.1"), Reply("child", 1m), Durability.Written, CancellationToken.None);
        }

        var details = _folder.Store.ListWithDetails().Single().Details;
        Assert.Equal((1L, 1m, 0L), (details.Messages, details.Cost, details.Unpriced));
    }

    [Fact]
    public async Task What_was_seen_is_remembered_until_the_file_changes()
    {
        var path = await WriteAsync("s", new UserSpoke("m1", [new TextPart("first")]));
        Assert.Equal("first", Title());

        // Same size, same time: only the cache can still know the old text.
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"first\"", "\"other\"", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, s_settled);
        Assert.Equal("first", Title());
        File.SetLastWriteTimeUtc(path, s_settled.AddSeconds(1));
        Assert.Equal("other", Title());
    }

    [Fact]
    public async Task A_cache_that_is_gone_damaged_or_of_another_version_is_made_anew_from_the_logs()
    {
        var path = await WriteAsync("s", new UserSpoke("m1", [new TextPart("first")]));
        Title();
        var cache = File.ReadAllBytes(Cache);
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"first\"", "\"other\"", StringComparison.Ordinal));
        File.SetLastWriteTimeUtc(path, s_settled);
        for (var i = 0; i < cache.Length; i++)
        {
            var flipped = cache.ToArray();
            flipped[i] ^= 4;
            File.WriteAllBytes(Cache, flipped);
            Assert.Equal("other", Title());
        }

        File.WriteAllBytes(Cache, cache[..^3]);
        Assert.Equal("other", Title());
        File.Delete(Cache);
        Assert.Equal("other", Title());
        File.Delete(Cache);
        Directory.CreateDirectory(Cache);
        Assert.Equal("other", Title());
    }

    [Fact]
    public async Task A_file_that_was_changed_a_moment_ago_is_not_remembered_and_a_removed_one_is_forgotten()
    {
        var path = await WriteAsync("s", new UserSpoke("m1", [new TextPart("first")]));
        File.SetLastWriteTimeUtc(path, _folder.Clock.GetUtcNow().UtcDateTime);
        Title();
        Assert.DoesNotContain("first", File.ReadAllText(Cache), StringComparison.Ordinal);
        File.SetLastWriteTimeUtc(path, s_settled);
        Title();
        Assert.Contains("first", File.ReadAllText(Cache), StringComparison.Ordinal);
        File.Delete(path);
        Assert.Empty(_folder.Store.ListWithDetails());
        Assert.DoesNotContain("first", File.ReadAllText(Cache), StringComparison.Ordinal);
    }

    private static ModelReplied Reply(string text, decimal? cost) => new(new ModelReply([new TextPart(text)], StopReason.EndTurn, null, null), cost, 5);

    private string? Title() => _folder.Store.ListWithDetails().Single().Details.Title;

    private async Task<string> WriteAsync(string name, params DurableEvent[] events)
    {
        await using (var journal = _folder.Store.Create(_folder.Root, name).Journal)
        {
            foreach (var one in events)
            {
                await journal.AppendAsync(new RunId("1"), one, Durability.Written, CancellationToken.None);
            }
        }

        File.SetLastWriteTimeUtc(_folder.Store.PathOf(name), s_settled);
        return _folder.Store.PathOf(name);
    }
}
