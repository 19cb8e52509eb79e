using Bridle.Context.Compaction;
using Bridle.Events;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Tests.Context;

public sealed class CompactionLadderTests
{
    [Fact]
    public void The_cheapest_rung_that_is_enough_is_taken()
    {
        var talk = Steps(20, 2_000);
        var all = talk.Transcript.Characters;
        Assert.Equal("results", Plan(talk, all * 6 / 10).How);
        var long_ = Steps(20, 2_000, text: new string('t', 5_000));
        Assert.Equal("texts", Plan(long_, long_.Transcript.Characters * 55 / 100).How);
        Assert.Equal("steps", Plan(talk, 10_000).How);
        Assert.Equal("outline", Plan(talk, 7_500).How);
        Assert.Equal(("outline", 1), (Plan(talk, 100).How, Applied(talk, Plan(talk, 100)).Messages.Count(message => message.Role is Role.Assistant)));
    }

    [Fact]
    public void Nothing_is_done_where_nothing_gets_shorter()
    {
        Assert.Null(new CompactionLadder(new Talk().Transcript, "auto").Plan(0));
        Assert.Null(new CompactionLadder(new Talk().Answer("It is in line 4.").Transcript, "auto").Plan(0));
    }

    [Fact]
    public void A_few_turns_with_one_huge_result_get_shorter_too()
    {
        var talk = new Talk().Call("Bash", """{"command":"cat big"}""", new string('x', 200_000)).Call("Read", """{"file_path":"a"}""", "short");
        var after = Applied(talk, Plan(talk, 10_000));
        Assert.True(after.Characters < 10_000);
        Assert.Contains("198000 characters cleared to save room", Shown(after), StringComparison.Ordinal);
        Assert.Contains("short", Shown(after), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_cut_no_result_loses_its_call_and_the_task_stays()
    {
        for (var steps = 1; steps < 30; steps++)
        {
            for (var target = 500; target < 40_000; target += 3_000)
            {
                foreach (var waiting in new[] { false, true })
                {
                    var talk = Steps(steps, 1_500);
                    _ = waiting ? talk.Ask("Read", """{"file_path":"last"}""") : talk;
                    if (new CompactionLadder(talk.Transcript, "auto").Plan(target) is { } plan)
                    {
                        var after = Applied(talk, plan);
                        IEnumerable<Message> valid = waiting ? after.Messages.Append(Message.User("x")).SkipLast(2) : after.Messages;
                        Assert.Null(HistoryCheck.WhatIsWrong([.. valid]));
                        Assert.Contains("Find the bug in parser.cs.", Shown(after), StringComparison.Ordinal);
                        Assert.Equal(waiting ? 1 : 0, after.UnansweredCalls.Count);
                        Assert.Equal(talk.Transcript.CharactersAfter(plan), after.Characters);
                        Assert.True(after.Characters < talk.Transcript.Characters);
                    }
                }
            }
        }
    }

    [Fact]
    public void The_outline_keeps_the_task_the_plan_the_files_what_was_decided_and_what_still_fails()
    {
        var talk = new Talk("Make the tests pass.\nDo not touch the API.")
            .Call("TodoWrite", """{"todos":[]}""", "1. [x] read\n2. [>] mend")
            .Call("Read", """{"file_path":"src/a.cs"}""", "text of a")
            .Call("Edit", """{"file_path":"src/a.cs","old_string":"x","new_string":"y"}""", "done")
            .Call("Bash", """{"command":"dotnet test"}""", "error CS1002: ; expected", isError: true)
            .Call("Bash", """{"command":"dotnet build"}""", "warning gone", isError: true)
            .Call("Bash", """{"command":"dotnet build"}""", "ok")
            .Call("AskUser", """{"question":"Which way?"}""", "The short one.")
            .Answer("The cause is the missing semicolon.")
            .Say("Also mend b.cs.")
            .Call("Read", """{"file_path":"src/b.cs"}""", new string('b', 30_000))
            .Call("Read", """{"file_path":"src/c.cs"}""", new string('c', 30_000));
        var plan = new CompactionLadder(talk.Transcript, "manual", "the parser").Plan(0, summarise: true)!;
        Assert.Equal($"""
            {SummarySections.Opening}

            ## Task
            - Make the tests pass.
              Do not touch the API.

            ## Said later by the person
            - Also mend b.cs.

            ## Asked to keep in mind
            - the parser

            ## Plan
            - 1. [x] read
              2. [>] mend

            ## Decisions
            - Which way?: The short one.

            ## Files changed
            - src/a.cs

            ## Files read
            - src/a.cs
            - src/b.cs

            ## Unresolved errors
            - Bash dotnet test: error CS1002: ; expected

            ## Concluded by you
            - The cause is the missing semicolon.
            """, plan.Summary);
    }

    [Fact]
    public void A_second_summary_goes_on_from_the_first()
    {
        var talk = new Talk("The task.").Call("Bash", """{"command":"make"}""", "no rule", isError: true).Call("Edit", """{"file_path":"a.cs"}""", "done").Call("Read", """{"file_path":"x"}""", new string('x', 9_000));
        talk.Apply(new CompactionLadder(talk.Transcript, "auto").Plan(100)!);
        Assert.Contains("- Bash make: no rule", talk.Transcript.Messages[0].Text, StringComparison.Ordinal);
        talk.Say("More.").Call("Bash", """{"command":"make"}""", "built").Call("Edit", """{"file_path":"b.cs"}""", "done").Call("Read", """{"file_path":"y"}""", new string('y', 9_000));
        talk.Apply(new CompactionLadder(talk.Transcript, "auto").Plan(100)!);
        var summary = talk.Transcript.Messages[0].Text;
        Assert.Contains("## Task\n- The task.\n\n## Said later by the person\n- More.\n", summary, StringComparison.Ordinal);
        Assert.Contains("## Files changed\n- a.cs\n- b.cs\n", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("no rule", summary, StringComparison.Ordinal);
        Assert.Null(HistoryCheck.WhatIsWrong(talk.Transcript.Messages));
    }

    [Fact]
    public void Long_values_in_arguments_lose_their_middle_and_stay_valid_json()
    {
        var talk = new Talk();
        talk.Call("Write", $$"""{"file_path":"a","content":"日本{{new string('w', 9_000)}}end\\","list":["{{new string('v', 9_000)}}"]}""", "done")
            .Call("Write", "{\"content\": \"" + new string('z', 9_000), "bad", isError: true)
            .Call("Write", $$"""{"a":"1","a":"{{new string('d', 9_000)}}"}""", "twice")
            .Call("Write", $$"""{"a":"\ud800{{new string('h', 9_000)}}"}""", "half");
        var trimmed = Applied(talk, new Compacted(0, "", "auto") { Trims = [new Trim(100, null, 0, 2_400)] });
        var arguments = trimmed.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().Select(call => call.Arguments).ToList();
        using var first = System.Text.Json.JsonDocument.Parse(arguments[0]);
        Assert.StartsWith("日本www", first.RootElement.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("end\\", first.RootElement.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.True(arguments[0].Length < 4_000);
        Assert.All(arguments.Skip(1), text => Assert.True(text.Length > 9_000));
    }

    [Fact]
    public void What_a_vendor_sealed_and_what_a_person_said_are_never_shortened()
    {
        var (sealed_, said) = (new string('s', 9_000), new string('p', 9_000));
        var vendor = new VendorData("openai-responses/x", System.Text.Json.JsonDocument.Parse("{}").RootElement);
        var talk = new Talk(said);
        talk.Apply(new ModelReplied(new ModelReply([new ReasoningPart(sealed_) { Vendor = vendor }, new TextPart(sealed_) { Vendor = vendor }, new TextPart(new string('t', 9_000))], StopReason.EndTurn, null, null), null, 1));
        var after = Applied(talk, new Compacted(0, "", "auto") { Trims = [new Trim(100, 10, 5, 2_400)] });
        Assert.Equal(said, after.Messages[0].Text);
        Assert.Equal([9_000, 9_000], after.Messages[1].Parts.Take(2).Select(part => part is TextPart text ? text.Text.Length : ((ReasoningPart)part).Text.Length));
        Assert.True(((TextPart)after.Messages[1].Parts[2]).Text.Length < 2_400);
    }

    [Fact]
    public void Folding_a_prefix_and_then_the_rest_gives_what_folding_all_gives_with_compactions_in_between()
    {
        var talk = Steps(9, 3_000);
        talk.Apply(Plan(talk, talk.Transcript.Characters * 6 / 10));
        talk.Call("Read", """{"file_path":"new"}""", new string('n', 20_000)).Ask("Read", """{"file_path":"open"}""").Return(new string('o', 20_000));
        talk.Apply(Plan(talk, 5_000)).Answer("Done.").Say("Next.");
        var all = Shown(talk.Transcript);
        for (var cut = 0; cut <= talk.Records.Count; cut++)
        {
            var transcript = new Transcript();
            talk.Records.Take(cut).ToList().ForEach(transcript.Apply);
            _ = transcript.Messages;
            talk.Records.Skip(cut).ToList().ForEach(transcript.Apply);
            Assert.Equal((all, talk.Transcript.Characters), (Shown(transcript), transcript.Characters));
        }
    }

    [Fact]
    public void What_the_model_decided_is_kept_through_every_later_shortening()
    {
        var talk = new Talk("Build the store.").Call("Read", """{"file_path":"a"}""", "a", text: "I looked at both. I decide to use PostgreSQL because of X.\nNow the files.");
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 25; i++)
            {
                talk.Call("Read", $$"""{"file_path":"{{round}}-{{i}}"}""", new string('r', 900), text: $"Reading file {i} of round {round}, nothing odd in it." + (i is 7 ? $" In round {round} we go with plan {round}." : ""));
            }

            talk.Apply(new CompactionLadder(talk.Transcript, "auto", room: 40_000).Plan(6_000, summarise: true)!);
        }

        Assert.Equal(
            """
            ## Decided by you
            - I decide to use PostgreSQL because of X.
            - In round 0 we go with plan 0.
            - In round 1 we go with plan 1.
            - In round 2 we go with plan 2.
            - In round 3 we go with plan 3.
            - In round 4 we go with plan 4.
            - In round 5 we go with plan 5.

            """, Section(talk.Transcript.Compaction!.Summary, "Decided by you") + "\n");
    }

    [Fact]
    public void Of_many_decisions_the_first_and_the_last_are_kept()
    {
        var talk = new Talk();
        for (var i = 0; i < 100; i++)
        {
            talk.Call("Read", """{"file_path":"a"}""", new string('r', 2_000), text: $"We chose way {i}.");
            _ = i % 20 is 19 ? talk.Apply(new CompactionLadder(talk.Transcript, "auto", room: 40_000).Plan(2_000)!) : talk;
        }

        var kept = Section(talk.Transcript.Compaction!.Summary, "Decided by you").Split('\n')[1..];
        Assert.Equal(12, kept.Length);
        Assert.Equal(["- We chose way 0.", "- We chose way 5."], [kept[0], kept[5]]);
        Assert.Equal(["- We chose way 93.", "- We chose way 98."], [kept[6], kept[11]]);
    }

    [Theory]
    [InlineData("I decided to keep the old parser. It is fast.", "I decided to keep the old parser.")]
    [InlineData("- **Decision**: no ORM\n- other", "Decision**: no ORM")]
    [InlineData("We'll use v2.1 of the API. Then I read on.", "We'll use v2.1 of the API.")]
    [InlineData("I will never touch db. Fine.", null)]
    [InlineData("The tests must not touch the network.", "The tests must not touch the network.")]
    [InlineData("Ich habe mich für SQLite entschieden. Gut.", "Ich habe mich für SQLite entschieden.")]
    [InlineData("我们决定使用 SQLite，因为它很小。然后继续。", "我们决定使用 SQLite，因为它很小。")]
    [InlineData("I'll use Grep to look for it. Reading the file now. It changes nothing", null)]
    public void A_sentence_that_decides_something_is_told_by_its_words(string text, string? expected) =>
        Assert.Equal(expected, DecidingSentences.In(text).FirstOrDefault());

    [Fact]
    public void The_task_is_kept_whole_where_the_window_has_room_for_it_and_shortened_where_not()
    {
        var task = $"{new string('a', 4_000)} MIDREQUIREMENT: never touch db. {new string('b', 4_300)}";
        var later = $"{new string('c', 1_500)} LATER {new string('d', 1_500)}";
        foreach (var (room, whole) in new[] { (220_000L, true), (12_000L, false) })
        {
            var talk = new Talk(task).Call("Read", """{"file_path":"a"}""", "a").Say(later).Call("Read", """{"file_path":"b"}""", new string('b', 30_000)).Call("Read", """{"file_path":"c"}""", "c");
            talk.Apply(new CompactionLadder(talk.Transcript, "manual", "keep db", room).Plan(0, summarise: true)!);
            Assert.Equal(whole, talk.Transcript.Compaction!.Summary.Contains("MIDREQUIREMENT: never touch db.", StringComparison.Ordinal));
            Assert.Equal(whole, talk.Transcript.Compaction.Summary.Contains("LATER", StringComparison.Ordinal));
            talk.Call("Read", """{"file_path":"d"}""", new string('d', 30_000)).Answer("Done.");
            talk.Apply(new CompactionLadder(talk.Transcript, "manual", null, room).Plan(0, summarise: true)!);
            Assert.Equal(whole, talk.Transcript.Compaction.Summary.Contains("MIDREQUIREMENT: never touch db.", StringComparison.Ordinal));
            Assert.InRange(talk.Transcript.Compaction.Summary.Length, 1, whole ? 13_000 : 7_000);
        }
    }

    [Theory]
    [InlineData(9, 4_096, 0.68)]
    [InlineData(7, 4_096, 0.68)]
    [InlineData(5, 6_000, 0.75)]
    [InlineData(14, 4_096, 0.5)]
    public void In_a_small_window_too_no_more_goes_than_must(int steps, int length, double share)
    {
        var talk = Steps(steps, length);
        var target = (long)(talk.Transcript.Characters * share);
        var plan = Plan(talk, target);
        var after = Applied(talk, plan);
        Assert.Equal("results", plan.How);
        Assert.InRange(after.Characters, target / 2, target);
        Assert.InRange(after.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().Count(result => MessageLength.Of(result) >= length), 3, steps);
    }

    [Fact]
    public void Two_hundred_thousand_tokens_come_down_without_a_model()
    {
        var talk = Steps(400, 2_000);
        Assert.True(talk.Transcript.Characters > 800_000);
        var after = Applied(talk, Plan(talk, 60_000));
        Assert.InRange(after.Characters, 1, 60_000);
        Assert.Null(HistoryCheck.WhatIsWrong(after.Messages));
    }

    private static Talk Steps(int count, int length, string text = "")
    {
        var talk = new Talk();
        for (var i = 0; i < count; i++)
        {
            talk.Call("Read", $$"""{"file_path":"src/{{i}}.cs"}""", new string((char)('a' + (i % 26)), length), text: text);
        }

        return talk;
    }

    private static string Section(string summary, string heading) =>
        summary[summary.IndexOf($"## {heading}", StringComparison.Ordinal)..].Split("\n\n")[0];

    private static Compacted Plan(Talk talk, long target) => new CompactionLadder(talk.Transcript, "auto").Plan(target) ?? throw new InvalidOperationException("nothing to do");

    private static Transcript Applied(Talk talk, Compacted compacted)
    {
        var transcript = new Transcript();
        talk.Records.ForEach(transcript.Apply);
        transcript.Apply(new Recorded(talk.Records.Count + 1, DateTimeOffset.UnixEpoch, new RunId("1"), compacted));
        return transcript;
    }

    private static string Shown(Transcript transcript) => Loop.LoopStage.History(new Models.ModelRequest { Messages = transcript.Messages });
}
