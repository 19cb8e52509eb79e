using System.Text.Json;
using Bridle.Cli.Tests.Effects;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

public sealed class RecallCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_hit_names_its_session_and_message_and_how_to_get_there()
    {
        await RecallEffects.SayAsync(_stage, "my trip", "we drove to the glacier");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "glacier"));
        var said = _stage.Out.Take();
        Assert.Contains("my trip  message 2  ", said);
        Assert.Contains("we drove to the «glacier»", said);
        Assert.Contains("Show one: bridle recall --session 'my trip' --message 2   Go on with it: bridle chat --resume 'my trip'", said);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "--session", "my trip", "--message", "2"));
        Assert.Contains("> 2  ", _stage.Out.Take());
    }

    [Fact]
    public async Task Other_projects_are_searched_when_asked_for()
    {
        await RecallEffects.SayAsync(_stage, "here", "a glacier here");
        await RecallEffects.SayAsync(_stage, "there", "a glacier there", _stage.Home);
        await _stage.RunAsync("recall", "glacier");
        Assert.DoesNotContain("there  message", _stage.Out.Take());
        await _stage.RunAsync("recall", "glacier", "--all-projects");
        Assert.Contains($"  user  {_stage.Home}", _stage.Out.Take());
        await _stage.RunAsync("recall", "glacier", "--cwd", _stage.Home);
        Assert.StartsWith("there  message 2", _stage.Out.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "--session", "there", "--message", "2"));
        Assert.Contains("With --all-projects every session counts.", _stage.Error.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "--session", "there", "--message", "2", "--all-projects"));
    }

    [Fact]
    public async Task What_is_not_there_is_said_and_told_by_the_exit_code()
    {
        await RecallEffects.SayAsync(_stage, "px", "we drove to the glacier");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("recall", "volcano"));
        Assert.Contains("Nothing was found.", _stage.Error.Take());
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("recall", "volcano", "--json"));
        foreach (var number in new[] { "9999", "0" })
        {
            Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "--session", "px", "--message", number));
            Assert.Matches($"There is no message {number} in the session \"px\"; the last one is \\d+\\.\n", _stage.Error.Take());
        }
    }

    [Fact]
    public async Task Flags_bound_what_is_shown()
    {
        foreach (var i in Enumerable.Range(1, 4))
        {
            await RecallEffects.SayAsync(_stage, $"s{i}", $"glacier number {i}");
        }

        Assert.Equal(4, (await HitsAsync("glacier")).GetArrayLength());
        Assert.Equal(2, (await HitsAsync("glacier", "--limit", "2")).GetArrayLength());
        Assert.Equal(4, (await HitsAsync("glacier", "--since", "1h")).GetArrayLength());
        Assert.Equal(0, (await HitsAsync("glacier", "--since", "2999-01-01")).GetArrayLength());
        Assert.Equal("s2", (await HitsAsync("glacier", "--session", "s2"))[0].GetProperty("session").GetString());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "x", "--limit", "0"));
        Assert.Contains("--limit is 0, but must be 1 to 200.", _stage.Error.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "x", "--since", "tomorrow"));
        Assert.Contains("--since is 'tomorrow', which is no time.", _stage.Error.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "--message", "2"));
        Assert.Contains("--message needs --session.", _stage.Error.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "glacier", "--session", "nope"));
        Assert.Contains("There is no session \"nope\", nor one with this in its name. See `bridle sessions list`.", _stage.Error.Take());
    }

    [Fact]
    public async Task A_mistyped_flag_is_no_word_to_leave_out()
    {
        await RecallEffects.SayAsync(_stage, "s", "the glacier has --all of it");
        foreach (var (words, near) in new[] { ("--all", "--all-projects"), ("--limt=3", "--limit"), ("--allprojects", "--all-projects") })
        {
            Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "glacier", words));
            Assert.Contains($"{words} is not a flag. Did you mean {near}?", _stage.Error.Take(), StringComparison.Ordinal);
        }

        // One dash leaves a word out; what is quoted or stands after -- is looked for.
        Assert.Equal(0, (await HitsAsync("glacier", "-all")).GetArrayLength());
        Assert.Equal(1, (await HitsAsync("glacier", "\"--all of\"")).GetArrayLength());
        Assert.Equal(0, (await HitsAsync("--", "glacier", "--all")).GetArrayLength());
        Assert.Equal(1, (await HitsAsync("glacier", "-volcano")).GetArrayLength());
    }

    [Fact]
    public async Task A_program_gets_one_object()
    {
        await RecallEffects.SayAsync(_stage, "a", "the glacier");
        var hit = (await HitsAsync("glacier"))[0];
        Assert.Equal(("a", "the glacier", _stage.Work, 2, "user", "the «glacier»", "words"), (
            hit.GetProperty("session").GetString(), hit.GetProperty("title").GetString(), hit.GetProperty("project").GetString(), hit.GetProperty("message").GetInt32(),
            hit.GetProperty("role").GetString(), hit.GetProperty("snippet").GetString(), hit.GetProperty("found_by").GetString()));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("recall", "--json", "role:nobody x"));
        Assert.Contains("There is no role", JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("error").GetProperty("message").GetString());
        await _stage.RunAsync("recall", "--json", "--status");
        Assert.Equal(1, JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("messages").GetInt32());
        await _stage.RunAsync("recall", "--json");
        Assert.Equal("a", JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("sessions")[0].GetProperty("session").GetString());
        await _stage.RunAsync("recall", "--json", "--session", "a", "--message", "2", "--context", "1");
        Assert.Equal("the glacier", JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("around")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task Context_shows_what_was_said_before_and_after()
    {
        _stage.Model = new ScriptedModel(ScriptedReply.Text("The glacier melts."));
        await _stage.RunAsync("run", "--session", "talk", "What about the ice?");
        _stage.Out.Take();
        await _stage.RunAsync("recall", "glacier", "--context", "1");
        Assert.Matches(@"2 user: What about the ice\?\n    The «glacier» melts\.", _stage.Out.Take());
        await _stage.RunAsync("recall", "glacier");
        Assert.DoesNotContain("the ice", _stage.Out.Take());
    }

    [Fact]
    public async Task What_was_said_cannot_move_the_readers_cursor()
    {
        await RecallEffects.SayAsync(_stage, "a", "glacier \u001b[2J\u001b]0;title\u0007 \u202e end");
        _stage.Terminal = true;
        await _stage.RunAsync("recall", "glacier");
        await _stage.RunAsync("recall", "--session", "a", "--message", "2");
        var said = _stage.Out.Take();
        Assert.DoesNotContain('\u001b', said);
        Assert.DoesNotContain('\u0007', said);
        Assert.DoesNotContain('\u202e', said);
    }

    [Fact]
    public async Task The_index_can_be_made_anew_and_says_what_it_holds()
    {
        await RecallEffects.SayAsync(_stage, "a", "the glacier");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "--status"));
        Assert.Contains("none yet; the first search makes it", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "--rebuild"));
        Assert.Contains("1 messages of 1 sessions in 1 projects", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "--rebuild"));
        Assert.Contains("index-2.db", _stage.Out.Take());
    }

    [Fact]
    public async Task Vectors_of_all_messages_are_made_when_asked_for()
    {
        await using var server = new FakeVendors.FakeHttpServer(request => FakeVendors.FakeReply.Json(200, RecallEffects.Vectors(request)));
        _stage.Write("home/.config/bridle/settings.json", $$"""{ "recall": { "embeddings": { "url": "{{server.Url}}", "model": "m" } } }""");
        foreach (var i in Enumerable.Range(1, 3))
        {
            await RecallEffects.SayAsync(_stage, $"s{i}", $"glacier number {i}");
        }

        Assert.Equal(ExitCode.Done, await _stage.RunAsync("recall", "--embed", "glacier"));
        await _stage.RunAsync("recall", "--status");
        Assert.Contains("3 vectors, 0 messages wait for theirs", _stage.Out.Take());
    }

    [Fact]
    public async Task In_a_chat_past_sessions_are_found_without_the_model_hearing_of_it()
    {
        await RecallEffects.SayAsync(_stage, "past", "the glacier");
        _stage.Model = new ScriptedModel(ScriptedReply.Text("Hello."));
        _stage.Input = "glacier?\n/recall glacier\n/recall\n/recall role:x y\n/exit\n";
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("chat"));
        var said = _stage.Out.Take();
        Assert.Contains("  past  message 2  ", said);
        Assert.DoesNotContain("«glacier»?", said);
        Assert.Contains("What shall be looked for? /recall QUERY", said);
        Assert.Contains("The roles are user, assistant and tool.", said);
        Assert.Single(((ScriptedModel)_stage.Model).Requests);
    }

    private async Task<JsonElement> HitsAsync(params string[] arguments)
    {
        var exitCode = await _stage.RunAsync(["recall", "--json", .. arguments]);
        var hits = JsonDocument.Parse(_stage.Out.Take()).RootElement.GetProperty("hits");
        Assert.Equal(hits.GetArrayLength() > 0 ? ExitCode.Done : ExitCode.Failed, exitCode);
        return hits;
    }
}
