using System.Text.RegularExpressions;
using Bridle.Events;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Sessions;
using Bridle.Testing;
using Bridle.Tools;

namespace Bridle.Tests.Loop;

public sealed class RepeatedReadsTests
{
    private readonly Dictionary<string, string> _files = new() { ["/ws/a.txt"] = new string('a', 1_500), ["/ws/b.txt"] = new string('b', 1_500), ["/ws/short.txt"] = "short" };

    [Fact]
    public async Task A_second_read_of_an_unchanged_file_names_the_first_and_a_third_gets_it_whole()
    {
        var results = await PlayAsync(Read("a.txt"), Other, Read("a.txt"), Read("a.txt"), Other, Read("a.txt"), Read("b.txt"));
        Assert.Equal(["a1500", "saw x", "-> Read of a.txt, 2 steps ago", "a1500", "saw x", "-> Read of a.txt, 2 steps ago", "b1500"], results);
    }

    [Fact]
    public async Task A_file_that_changed_or_was_written_in_between_comes_whole_even_where_it_reads_as_before()
    {
        var results = await PlayAsync(Read("a.txt"), Write("a.txt"), Read("a.txt"), Read("b.txt"), Write("a.txt"), Read("b.txt"));
        Assert.Equal(["a1500", "wrote", "a1500", "b1500", "wrote", "-> Read of b.txt, 2 steps ago"], results);
        results = await PlayAsync(Read("a.txt"), Change, Read("a.txt"));
        Assert.Equal(["a1500", "changed", "A1500"], results);
    }

    [Fact]
    public async Task Another_part_a_short_file_and_two_reads_at_once_come_whole()
    {
        Assert.Equal(["a1500", "a1200", "-> Read of a.txt, 2 steps ago", "short", "short"], await PlayAsync(Read("a.txt"), Read("a.txt#1200"), Read("a.txt"), Read("short.txt"), Read("short.txt")));
        Assert.Equal(["b1500", "b1500"], await PlayAsync(ScriptedReply.Calls(("Read", """{"text":"b.txt"}"""), ("Read", """{"text":"b.txt"}"""))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_compaction_that_took_the_first_away_it_comes_whole(bool cleared)
    {
        await using var stage = Stage([Read("a.txt"), Other, Other, ScriptedReply.Text("Read."), Read("a.txt"), ScriptedReply.Text("Again.")]);
        await stage.Session.RunAsync("Read.", default);
        var all = stage.Session.Transcript.Last;
        if (cleared)
        {
            await stage.Events.RecordAsync(RunId.Session, new Compacted(0, "", "manual") { How = "results", Trims = [new Trim(all, 100, 50, null)] }, Durability.Written, default);
        }
        else
        {
            Assert.NotNull(await new Shortening(stage.Parts).RunAsync(stage.Model, null, default));
        }

        await stage.Session.RunAsync([new TextPart("Again.")], "m2", default);
        Assert.Equal("a1500", Results(stage)[^1]);
    }

    [Fact]
    public async Task What_it_names_counts_as_read_and_going_round_in_reads_is_still_noticed()
    {
        await using var stage = Stage([.. Enumerable.Range(0, 10).Select(_ => Read("a.txt")), ScriptedReply.Text("Stuck.")]);
        Assert.Equal(TurnOutcome.Stuck, (await stage.Session.RunAsync("Read.", default)).Outcome);
        Assert.Equal(["a1500", .. Enumerable.Repeat("-> Read of a.txt, 1 step ago/a1500", 4).SelectMany(two => two.Split('/')), "-> Read of a.txt, 1 step ago"], Results(stage));
        var notes = stage.Journal.Read().Where(record => record.Event is ToolReturned or ReminderAdded { Source: "stuck" }).Select(record => record.Event is ReminderAdded).ToList();
        Assert.Equal((4, 4), (notes.IndexOf(true), notes.LastIndexOf(true)));
        Assert.All(stage.Journal.Read().Select(record => record.Event).OfType<ToolReturned>(), returned => Assert.Equal("/ws/a.txt", Assert.Single(returned.Files!).Path));
    }

    [Fact]
    public async Task With_the_switch_off_every_read_comes_whole()
    {
        await using var stage = Stage([Read("a.txt"), Other, Read("a.txt"), ScriptedReply.Text("Done.")], pointsToEarlierReads: false);
        await stage.Session.RunAsync("Read.", default);
        Assert.Equal(["a1500", "saw x", "a1500"], Results(stage));
    }

    private static ScriptedReply Other => ScriptedReply.Calls(("Look", """{"text":"x"}"""));

    private static ScriptedReply Read(string what) => ScriptedReply.Calls(("Read", $$"""{"text":"{{what}}"}"""));

    private static ScriptedReply Write(string what) => ScriptedReply.Calls(("Write", $$"""{"text":"{{what}}"}"""));

    private static ScriptedReply Change => ScriptedReply.Calls(("Change", """{"text":"x"}"""));

    private async Task<List<string>> PlayAsync(params ScriptedReply[] script)
    {
        await using var stage = Stage([.. script, ScriptedReply.Text("Done.")]);
        await stage.Session.RunAsync("Read.", default);
        return Results(stage);
    }

    // "a.txt#1200" reads the first 1200 characters of a.txt.
    private LoopStage Stage(ScriptedReply[] script, bool pointsToEarlierReads = true) => new(new ScriptedModel(script), pointsToEarlierReads: pointsToEarlierReads, more:
    [
        new FunctionTool("Read", ToolEffect.Repeatable, true, (what, _) =>
        {
            var (path, part) = ($"/ws/{what.Split('#')[0]}", what.Contains('#', StringComparison.Ordinal) ? int.Parse(what.Split('#')[1], System.Globalization.CultureInfo.InvariantCulture) : int.MaxValue);
            return ToolResult.Completed(_files[path][..Math.Min(part, _files[path].Length)]) with { Files = [new FileTouch(path, "hash", Written: false)] };
        }),
        new FunctionTool("Write", ToolEffect.Repeatable, false, (what, _) => ToolResult.Completed("wrote") with { Files = [new FileTouch($"/ws/{what}", "hash", Written: true)] }) { Kind = ToolKind.Write },
        new FunctionTool("Change", ToolEffect.Repeatable, false, (_, _) =>
        {
            _files["/ws/a.txt"] = _files["/ws/a.txt"].ToUpperInvariant();
            return ToolResult.Completed("changed");
        }),
    ]);

    // What the model was given, in short: a text by its length and first characters, a pointer by the call it names.
    private static List<string> Results(LoopStage stage) => [.. stage.Journal.Read().Select(record => record.Event).OfType<ToolReturned>().Select(returned => Short(((TextPart)Assert.Single(returned.Content)).Text))];

    private static string Short(string text) => text.StartsWith("Unchanged: ", StringComparison.Ordinal) ? $"-> {Regex.Match(text, "of your (Read of \\S+, \\d+ steps? ago)\\. Go on").Groups[1].Value}" : text.Length >= 1_000 ? $"{text[0]}{text.Length}" : text;
}
