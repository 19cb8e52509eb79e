using System.Runtime.CompilerServices;
using System.Text;
using Bridle.Events;
using Bridle.Hosting.Imports;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Hosting.Tests.Imports;

public sealed class TranscriptImportTests
{
    private readonly MemoryBlobs _blobs = new();

    [Fact]
    public void A_reply_of_a_model_without_a_name_is_taken_over()
    {
        const string Lines = """
            {"type":"user","sessionId":"s","timestamp":"2026-01-01T00:00:00Z","message":{"content":"Hi."}}
            {"type":"assistant","sessionId":"s","message":{"id":"1","model":"","content":[{"type":"text","text":"Hello."}]}}
            """;
        var (session, problem) = TranscriptImport.Read(System.Text.Encoding.UTF8.GetBytes(Lines), null, new MemoryJournal().Blobs);
        Assert.Null(problem);
        Assert.Single(session!.Records, record => record.Event is ModelReplied { Reply.Text: "Hello." });
    }

    [Fact]
    public void A_rollout_of_codex_is_the_conversation_it_was()
    {
        var session = Read("codex.jsonl");
        Assert.Equal(("codex", "/home/ann/demo"), (session.Program, session.Folder));
        Assert.Equal(
            """
            1 person: What do a.txt and b.txt say?
            1 model codex/mock: call exec_command {"cmd":"cat a.txt"} (800+100 in, 12 out)
            1 result of exec_command, Completed
            1 model codex/mock: call exec_command {"cmd":"cat b.txt"} (800+100 in, 12 out)
            1 result of exec_command, Completed
            1 model codex/mock: Done. The task is complete.
            """, Text(session));
        Assert.Equal(["event_msg lines (what its screen showed; the conversation is in others)", "instructions of the program itself", "lines of type world_state"], session.LeftOut.Keys);
    }

    [Fact]
    public void An_export_of_opencode_is_the_conversation_it_was()
    {
        var session = Read("opencode.json");
        Assert.Equal(("opencode", "/home/ann/demo"), (session.Program, session.Folder));
        var text = Text(session);
        Assert.StartsWith("1 person: ", text, StringComparison.Ordinal);
        Assert.Contains("call bash {", text, StringComparison.Ordinal);
        Assert.Contains("1 result of bash, Completed\n1 model mock/mock: call bash", text, StringComparison.Ordinal);
        Assert.Contains("1 model mock/mock: Done. The task is complete.", text, StringComparison.Ordinal);
        Assert.Contains("alpha", string.Concat(Results(session)), StringComparison.Ordinal);
        Assert.Empty(session.LeftOut);
    }

    [Fact]
    public void A_transcript_of_Claude_Code_follows_the_branch_that_was_kept_and_puts_split_replies_together()
    {
        var session = Read("claude.jsonl");
        Assert.Equal(("claude", "/home/ann/demo"), (session.Program, session.Folder));
        Assert.Equal(
            """
            1 person: What do a.txt and b.txt say?
            1 model anthropic/claude-sonnet-4-5: thought Two files. | I look. | call Read {"file_path":"a.txt"} | call Read {"file_path":"b.txt"} (10+5 in, 40 out)
            1 result of Read, Completed
            1 result of Read, Failed
            1 model anthropic/claude-sonnet-4-5: a.txt says alpha.
            2 person: Thanks.
            """, Text(session));
        Assert.Equal(["alpha[image]", "There is no b.txt."], Results(session));
        Assert.Equal(
            ["instructions of the program itself 1", "lines of a branch that was left 1", "lines of subagents 1", "lines of type summary 1"],
            session.LeftOut.Select(left => $"{left.Key} {left.Value}"));
    }

    [Fact]
    public void Broken_lines_and_calls_without_an_answer_are_said_and_nothing_is_left_open()
    {
        var lines = File.ReadAllLines(PathOf("codex.jsonl")).ToList();
        lines.RemoveAll(line => line.Contains("function_call_output", StringComparison.Ordinal) && line.Contains("call_1", StringComparison.Ordinal));
        lines.Insert(3, "{\"half\":");
        var (session, _) = TranscriptImport.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines)), null, _blobs);
        Assert.Equal(1, session!.LeftOut["line 4, which is no JSON"]);
        Assert.Equal(1, session.LeftOut["calls without an answer, which were answered by a note"]);
        Assert.Contains("result of exec_command, Interrupted", Text(session), StringComparison.Ordinal);
        AssertValid(session);
    }

    [Theory]
    [InlineData("codex.jsonl")]
    [InlineData("opencode.json")]
    [InlineData("claude.jsonl")]
    public void Whatever_is_cut_or_changed_it_is_refused_or_valid(string file)
    {
        var bytes = File.ReadAllBytes(PathOf(file));
        var random = new Random(4);
        for (var i = 0; i < 300; i++)
        {
            var changed = bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
            for (var flips = random.Next(4); flips > 0; flips--)
            {
                changed[random.Next(changed.Length)] = (byte)"{}[]\":,0nt"[random.Next(10)];
            }

            var (session, problem) = TranscriptImport.Read(changed, i % 2 is 0 ? null : file[..file.IndexOf('.')], _blobs);
            Assert.True(session is null != problem is null);
            if (session is not null)
            {
                AssertValid(session);
            }
        }
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData("hello", null)]
    [InlineData("""{"role":"user","content":"Hi"}""", null)]
    [InlineData("""{"sessionId":"x","type":"user"}""", "codex")]
    [InlineData("""{"sessionId":"x","type":"user"}""", "opencode")]
    public void What_is_no_transcript_is_refused_with_a_reason(string text, string? from)
    {
        var (session, problem) = TranscriptImport.Read(Encoding.UTF8.GetBytes(text), from, _blobs);
        Assert.Null(session);
        Assert.NotEmpty(problem!);
    }

    private static void AssertValid(ImportedSession session)
    {
        var transcript = new Transcript();
        var n = 0L;
        foreach (var record in session.Records)
        {
            transcript.Apply(new Recorded(++n, record.At, record.Run, record.Event));
        }

        Assert.Empty(transcript.UnansweredCalls);
        Assert.Null(HistoryCheck.WhatIsWrong(transcript.Messages is [.., { Role: Role.User }] or [] ? transcript.Messages : [.. transcript.Messages, Message.User("And now?")]));
        Assert.Null(transcript.OpenRun);
    }

    private ImportedSession Read(string file)
    {
        var (session, problem) = TranscriptImport.Read(File.ReadAllBytes(PathOf(file)), null, _blobs);
        Assert.Null(problem);
        AssertValid(session!);
        return session!;
    }

    private static string Text(ImportedSession session) => string.Join('\n', session.Records.Select(record => record.Event switch
    {
        UserSpoke spoke => $"{record.Run} person: {Parts(spoke.Parts)}",
        ModelReplied replied => $"{record.Run} model {replied.Reply.Model}: {Parts(replied.Reply.Parts)}{(replied.Reply.Usage is { } usage ? $" ({usage.Input}+{usage.CacheRead} in, {usage.Output} out)" : "")}",
        ToolReturned returned => $"{record.Run} result of {returned.Tool}, {returned.Outcome}",
        _ => null,
    }).OfType<string>());

    private static IEnumerable<string> Results(ImportedSession session) => session.Records.Select(record => record.Event).OfType<ToolReturned>().Select(returned => string.Concat(returned.Content.Select(part => part is TextPart text ? text.Text : "[image]")));

    private static string Parts(IReadOnlyList<MessagePart> parts) => string.Join(" | ", parts.Select(part => part switch
    {
        TextPart text => text.Text,
        ReasoningPart thought => $"thought {thought.Text}",
        ToolCallPart call => $"call {call.Name} {call.Arguments}",
        _ => part.GetType().Name,
    }));

    private static string PathOf(string file, [CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "transcripts", file);
}
