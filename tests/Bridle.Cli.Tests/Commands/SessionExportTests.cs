using System.Text;
using System.Text.RegularExpressions;
using Bridle.Events;
using Bridle.FakeVendors;
using Bridle.Hosting;
using Bridle.Hosting.Exports;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class SessionExportTests : IDisposable
{
    private const string Hostile = "</pre></details><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & \u001b[31m \u202Egnp.exe \u0000 <a href=\"javascript:alert(1)\">x</a> --> ]]> </style>";
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task The_page_is_one_file_that_shows_the_whole_session_and_loads_nothing()
    {
        _stage.Write("work/a.txt", "alpha\n");
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}""")), ScriptedReply.Text("It says alpha."));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("run", "--session", "talk", "what does a.txt say?"));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("sessions", "export", "talk", "--format", "html", "--file", "talk.html"));
        var page = File.ReadAllText(Path.Combine(_stage.Work, "talk.html"));
        foreach (var shown in new[] { "<h1>talk</h1>", "what does a.txt say?", "It says alpha.", "<details><summary><b>Read</b>", "alpha", "100 in, 10 out", "test/scripted", "1, 1 call", "<dt>Cost</dt><dd>unknown (2 replies of unknown price)</dd>", "prefers-color-scheme: dark" })
        {
            Assert.Contains(shown, page, StringComparison.Ordinal);
        }

        AssertHarmless(page);
    }

    [Fact]
    public void Whatever_a_session_holds_stays_text()
    {
        var events = new DurableEvent[]
        {
            new SessionStarted(1, Hostile, Hostile, Hostile, Hostile, 3),
            new RunStarted("turn", Hostile, Hostile, new RunLimits()),
            new UserSpoke("m", [new TextPart(Hostile), new ImagePart("image/svg+xml", "00"), new ImagePart("image/png\" onload=\"x", "00")]),
            new ModelReplied(new ModelReply([new ReasoningPart(Hostile), new TextPart(Hostile), new ToolCallPart(new CallId("c1"), Hostile, Hostile)], StopReason.ToolUse, null, null), null, 5),
            new ApprovalRequested("a", new CallId("c1"), Hostile, Hostile, "", null, Hostile, Hostile, default),
            new ApprovalGiven("a", "deny", Hostile, Hostile, Hostile),
            new ToolReturned(new CallId("c1"), CallOutcome.Failed, [new TextPart(Hostile)], 5) { Tool = Hostile, Diff = $"+{Hostile}\n-{Hostile}" },
            new ReminderAdded(Hostile, Hostile), new Compacted(1, Hostile, Hostile), new ReplyCut(Hostile, Hostile, null, null), new ModelFailed(Hostile, 500, Hostile, Hostile, 1),
            new QuestionAsked("q", new CallId("c1"), Hostile, [Hostile]), new QuestionAnswered("q", Hostile), new ModeChanged(Hostile, Hostile, Hostile), new ModelChanged(Hostile, Hostile),
            new SealedFilesHashed([new(Hostile, "")]), new AcceptanceChecked(1, false, [new(Hostile, CheckOutcome.Unmet, Hostile)]), new ModelConsulted(Hostile, Hostile, null, null, 1),
            new SessionRenamed(Hostile), new SessionEdited([], 0, 0, Hostile), new RunFinished(TurnOutcome.ModelFailed, Usage.None, null, 1, [], Hostile),
        };
        var page = HtmlTranscript.Write([.. events.Select((one, i) => new Recorded(i + 1, DateTimeOffset.UnixEpoch, new RunId("1"), one))], new MemoryBlobs());
        AssertHarmless(page);
        Assert.Contains("<span class=\"odd\">U+202E</span>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_redacted_in_the_log_is_redacted_in_the_page_and_images_of_the_session_are_in_it()
    {
        var blobs = new MemoryBlobs();
        var image = blobs.Put([1, 2, 3]);
        var page = HtmlTranscript.Write([new Recorded(1, DateTimeOffset.UnixEpoch, new RunId("1"), new UserSpoke("m", [new TextPart("key [redacted]"), new ImagePart("image/png", image)]))], blobs);
        Assert.Contains("key [redacted]", page, StringComparison.Ordinal);
        Assert.Contains("src=\"data:image/png;base64,AQID\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_checks_as_strictly_as_the_real_one_accepts_the_exported_messages()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("Fine."), FakeTurn.Say("Fine."));
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{"file_path":"a.txt"}"""), ("Read", """{"file_path":"b.txt"}""")), ScriptedReply.Text("Nothing there."));
        await _stage.RunAsync("run", "--session", "talk", "look");
        var folders = BridleFolders.For(_stage.Context().Environment);
        var records = new SessionStore(folders.Data, folders.State).Read("talk").Journal.Read().ToList();
        var open = records.FindIndex(record => record.Event is ToolReturned);

        // Whole, and as a process left it that died before the second call was answered.
        foreach (var part in new[] { records, records[..(open + 1)] })
        {
            var messages = MessagesExport.Array(part, new FileBlobs(Path.Combine(folders.Data, "blobs")));
            Assert.Contains("\"role\":\"system\"", messages, StringComparison.Ordinal);
            using var client = new HttpClient();
            using var body = new StringContent($$"""{"model":"m","messages":{{messages}}}""", Encoding.UTF8, "application/json");
            var answer = await client.PostAsync(new Uri($"{vendor.Url.ToString().TrimEnd('/')}/chat/completions"), body, TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Empty(vendor.Refusals);
    }

    // Every tag of the page is one that the writer makes; no attribute runs anything and nothing is fetched.
    private static void AssertHarmless(string page)
    {
        var body = page[page.IndexOf("<body>", StringComparison.Ordinal)..];
        foreach (Match tag in Regex.Matches(body, "<[^>]*>"))
        {
            Assert.Matches("^</?(body|header|h1|h2|dl|dt|dd|main|article|p|a|div|details|summary|b|i|span|pre|ins|del|html)( (class|id|href|open)(=\"[#a-z0-9 ]*\")?)*>$", tag.Value);
        }

        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', page);
        Assert.DoesNotContain('\u202e', page);
    }
}
