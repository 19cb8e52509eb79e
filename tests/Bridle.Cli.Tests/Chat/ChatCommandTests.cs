using Bridle.Cli.Chat;
using Bridle.Cli.Tests.Terminals;
using Bridle.FakeVendors;
using Bridle.Hosting;
using Bridle.Messages;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Chat;

/// <summary>The table of commands, and what each does, without a terminal: every line of the input is a message or a command.</summary>
public sealed class ChatCommandTests : IAsyncDisposable
{
    private readonly CliStage _stage = new();
    private Harness? _harness;

    public async ValueTask DisposeAsync()
    {
        await (_harness?.DisposeAsync() ?? ValueTask.CompletedTask);
        _stage.Dispose();
    }

    private string Sessions => Path.Combine(_stage.Home, ".local/share/bridle/sessions");

    private async Task<string> SayAsync(params string[] lines)
    {
        _stage.Input = string.Concat(lines.Select(line => line + "\n"));
        await _stage.RunAsync("chat", "--session", "s");
        return _stage.Out.Take();
    }

    private static string[] Texts(ModelRequest request) => [.. request.Messages.Select(message => message.Text)];

    private async Task<ChatCommands> TableAsync()
    {
        var context = _stage.Context();
        var request = new HarnessRequest(context.Environment, _stage.Work) { Model = new ScriptedModel(), InMemory = true };
        _harness = ((HarnessStarted)await Composition.StartAsync(request, TestContext.Current.CancellationToken)).Harness;
        return new ChatCommands(context, new Conversation(request, _harness, context.StartAsync), null);
    }

    [Fact]
    public async Task Every_row_says_what_it_does_and_no_word_leads_to_two_rows()
    {
        var table = (await TableAsync()).All;
        Assert.All(table, row => Assert.Matches("^/[a-z][a-z-]*( [a-z-]+)?$", row.Name));
        Assert.All(table, row => Assert.True(row.Description.Length is > 8 and < 90, row.Name));
        Assert.Distinct(table.SelectMany(row => row.Aliases.Prepend(row.Name)));
        Assert.Superset(
            new HashSet<string>(["/model", "/session new", "/session rename", "/session resume", "/session clone", "/session show-messages", "/session edit", "/stream", "/continue", "/editor", "/refresh-models", "/test-connection", "/promptfile"]),
            table.Select(row => row.Name).ToHashSet());
    }

    [Fact]
    public async Task Names_are_completed_first_and_then_what_each_command_knows_of_its_argument()
    {
        _stage.Write("home/.local/share/bridle/prompts/review.md", "Review it.");
        _stage.Write("home/.local/share/bridle/prompts/deep/plan.md", "Plan it.");
        _stage.Write("home/.local/share/bridle/sessions/session_monday.jsonl", "{}\n");
        var table = await TableAsync();
        Assert.Equal(["/model", "/mode"], table.Complete("/mo"));
        Assert.Equal(["/session new", "/session rename", "/session resume", "/session clone", "/session show-messages", "/session edit"], table.Complete("/session "));
        Assert.Equal(["/promptfile review.md"], table.Complete("/promptfile re"));
        Assert.Equal(["/promptfile deep/plan.md", "/promptfile review.md"], table.Complete("/promptfile "));
        Assert.Equal(["/session resume monday"], table.Complete("/session resume m"));
        Assert.Equal(["/mode plan"], table.Complete("/mode pl"));
        Assert.Empty(table.Complete("hello"));
        Assert.Empty(table.Complete("/tools x"));
    }

    [Fact]
    public async Task A_slip_is_answered_with_what_was_probably_meant_and_sends_nothing()
    {
        var model = new ScriptedModel();
        _stage.Model = model;
        var shown = await SayAsync("/session renmae x", "/refresh", "/stream on", "/cost everything");
        Assert.Contains("There is no command /session renmae. Did you mean /session rename?", shown);
        Assert.Contains("There is no command /refresh. Did you mean /refresh-models?", shown);
        Assert.Contains("/stream takes nothing after it, but there is: on", shown);
        Assert.Contains("/cost takes nothing after it", shown);
        Assert.Empty(model.Requests);
    }

    [Fact]
    public async Task Compact_shortens_what_the_model_sees_and_tells_hooks_before_and_after()
    {
        string Hook(string to) => $$"""[{ "hooks": [{ "type": "command", "command": "cat >> {{_stage.PathOf(to)}}; echo >> {{_stage.PathOf(to)}}" }] }]""";
        _stage.Write("home/.config/bridle/settings.json", $$"""{ "hooks": { "PreCompact": {{Hook("pre")}}, "PostCompact": {{Hook("post")}} } }""");
        _stage.Write("work/a.txt", new string('a', 3_000));
        _stage.Write("work/b.txt", new string('b', 3_000));
        var model = new ScriptedModel(
            ScriptedReply.Calls(("Read", """{ "file_path": "a.txt" }""")), ScriptedReply.Calls(("Read", """{ "file_path": "b.txt" }""")), ScriptedReply.Text("Both are long."), ScriptedReply.Text("The letter b."));
        _stage.Model = model;
        var shown = await SayAsync("/compact", "Read both.", "/compact the letters", "Which was last?");
        Assert.Contains("nothing to shorten yet", shown);
        Assert.Matches(@"the older part of the conversation was summarised, about [0-9,]+ to [0-9,]+ tokens; the whole of it stays in the session's file", _stage.Error.ToString());
        Assert.Contains("## Task\n- Read both.\n\n## Asked to keep in mind\n- the letters\n\n## Files read\n- a.txt\n- b.txt", Texts(model.Requests[^1])[0]);
        Assert.DoesNotContain("aaaa", string.Concat(Texts(model.Requests[^1])));
        using var before = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_stage.PathOf("pre")));
        using var after = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_stage.PathOf("post")));
        Assert.Equal(("PreCompact", "manual", "the letters"), (before.RootElement.GetProperty("hook_event_name").GetString(), before.RootElement.GetProperty("trigger").GetString(), before.RootElement.GetProperty("custom_instructions").GetString()));
        Assert.Equal(("manual", true), (after.RootElement.GetProperty("trigger").GetString(), after.RootElement.GetProperty("compact_summary").GetString()!.Contains("Read both.", StringComparison.Ordinal)));
        Assert.Contains("aaaa", File.ReadAllText(Path.Combine(Sessions, "session_s.jsonl")));
    }

    [Fact]
    public async Task Cost_is_that_of_the_whole_session_with_its_summaries_by_model()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "compactSummary": "model" }""");
        _stage.Write("work/a.txt", new string('a', 3_000));
        ScriptedModel Model(params ScriptedReply[] script) => new(script) { Info = new("test", "scripted", "scripted") { ContextWindow = 200_000, Tools = Known.Yes, Price = new Price(10, 100) } };
        _stage.Model = Model(
            ScriptedReply.Calls(("Read", """{ "file_path": "a.txt" }""")), ScriptedReply.Calls(("Read", """{ "file_path": "a.txt", "limit": 1 }""")), ScriptedReply.Text("It is long."), ScriptedReply.Text("## Next\n- nothing"));
        var shown = await SayAsync("Read it.", "/compact", "/cost");
        Assert.Contains("400 in / 40 out tokens, $0.008, 1 turn\n    test/scripted: 300 in / 30 out tokens, $0.006, 3 requests\n    test/scripted for compaction: 100 in / 10 out tokens, $0.002, 1 request\n", shown);

        // Opened again: what was spent before is still there, and the list says the same.
        _stage.Model = Model(ScriptedReply.Text("Bye."));
        Assert.Contains("500 in / 50 out tokens, $0.01, 2 turns\n", await SayAsync("So?", "/cost"));
        _stage.Model = null;
        await _stage.RunAsync("sessions", "list");
        Assert.Contains("$0.01 ", _stage.Out.Take());
    }

    [Fact]
    public async Task After_a_compaction_every_message_can_still_be_shown_and_no_summary_passes_for_the_person()
    {
        _stage.Write("work/a.txt", string.Concat(Enumerable.Range(0, 300).Select(i => $"line {i} of a\n")));
        _stage.Model = new ScriptedModel(ScriptedReply.Calls(("Read", """{ "file_path": "a.txt" }""")), ScriptedReply.Text("It has lines."), ScriptedReply.Text("The last one."));
        var shown = await SayAsync("Read it all.", "Which matters?", "/compact", "/session show-messages", "/session show-messages --all", "/session show-messages everything");
        var parts = shown.Split("stands for what was before. /session show-messages --all shows it.");
        Assert.Equal(2, parts.Length);
        Assert.Contains("[The conversation before this point was shortened", parts[0]);
        Assert.DoesNotContain("❯ [The conversation", shown);
        var all = parts[1];
        Assert.Contains("❯ Read it all.\n• Read a.txt\n", all);
        Assert.Contains("line 0 of a\n", all);
        Assert.Contains("line 299 of a\n", all);
        Assert.Contains("It has lines.\n❯ Which matters?\n", all);
        Assert.Contains("## Task\n- Read it all.", all);
        Assert.Contains("5 messages\n  /session show-messages takes --all or nothing after it, but there is: everything", all.Replace("\r", "", StringComparison.Ordinal));

        // The same after the fact: in short, whole, and where a chat goes on.
        await _stage.RunAsync("sessions", "show", "s");
        Assert.DoesNotContain("line 299 of a", _stage.Out.Take());
        await _stage.RunAsync("sessions", "show", "s", "--all");
        var whole = _stage.Out.Take();
        Assert.Contains("line 0 of a\n", whole);
        Assert.Contains("line 299 of a\n", whole);
        Assert.Contains("## Task\n- Read it all.", whole);
        _stage.Error.Take();
        _stage.Input = "";
        await _stage.RunAsync("chat", "--resume", "s");
        var begun = _stage.Out.Take() + _stage.Error.Take();
        Assert.Contains("❯ Which matters?\nThe last one.\n", begun);
        Assert.DoesNotContain("shortened by the harness", begun);
    }

    [Fact]
    public async Task A_hook_that_refuses_leaves_the_conversation_as_it_is_and_its_reason_is_shown()
    {
        _stage.Write("home/.config/bridle/settings.json", """{ "hooks": { "PreCompact": [{ "matcher": "manual", "hooks": [{ "type": "command", "command": "echo not today >&2; exit 2" }] }] } }""");
        _stage.Write("work/a.txt", new string('a', 3_000));
        var model = new ScriptedModel(ScriptedReply.Calls(("Read", """{ "file_path": "a.txt" }""")), ScriptedReply.Text("Long."), ScriptedReply.Text("Still here."));
        _stage.Model = model;
        await SayAsync("Read it.", "/compact", "And now?");
        Assert.Contains("not today", _stage.Error.ToString() + _stage.Out);
        Assert.Equal("Read it.", Texts(model.Requests[^1])[0]);
    }

    [Fact]
    public async Task Another_model_of_the_same_provider_is_asked_at_the_address_of_the_command_line_also_when_the_session_is_opened_again()
    {
        await using var vendor = new FakeOpenAiChat(FakeTurn.Say("one"), FakeTurn.Say("two"), FakeTurn.Say("three"));
        _stage.Input = "hello\n/model second\nagain\n/session rename t\nonce more\n";
        Assert.Equal(0, await _stage.RunAsync("chat", "--session", "s", "--base-url", vendor.Url.ToString(), "--api", "openai", "-m", "first", "--max-tokens", "400000"));
        var shown = _stage.Out.Take() + _stage.Error.Take();

        // This server takes no limit as high, so that a request may come twice.
        Assert.Equal(["first", "second"], vendor.Bodies.Select(body => body.GetProperty("model").GetString()).Distinct());
        Assert.Equal("second", vendor.Bodies[^1].GetProperty("model").GetString());
        Assert.Contains("three", shown, StringComparison.Ordinal);
        Assert.Contains("openai/first is asked for at most 128000 tokens in one reply; the limit of 400000 is lowered to that.", shown, StringComparison.Ordinal);
        Assert.Contains("openai/second answers from now on.\n  openai/second is asked for at most 128000 tokens in one reply; the limit of 400000 is lowered to that.", shown, StringComparison.Ordinal);
    }
}
