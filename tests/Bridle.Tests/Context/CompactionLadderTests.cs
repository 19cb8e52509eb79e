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
        Assert.Equal("steps", Plan(talk, 15_000).How);
        Assert.Equal("outline", Plan(talk, 10_000).How);
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
