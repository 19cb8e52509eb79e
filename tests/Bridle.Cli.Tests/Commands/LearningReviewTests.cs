using System.Text.Json;
using Bridle.Models;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Commands;

/// <summary>The look back at long work, as <c>bridle run</c> makes it.</summary>
public sealed class LearningReviewTests : IDisposable
{
    private readonly CliStage _stage = new();

    public LearningReviewTests() => Settings("""{ "learningReview": true }""");

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task After_ten_calls_a_model_looks_back_with_the_tools_for_notes_only_and_what_it_keeps_is_said_and_counted()
    {
        var model = Work(10, ScriptedReply.Calls(("ListMemory", "{}")), Keep("build"), ScriptedReply.Text("I kept how it is built."));

        Assert.Equal(0, await _stage.RunAsync("run", "--session", "s", "Look at everything."));

        Assert.Equal(14, model.Requests.Count);
        var review = model.Requests[^1];
        Assert.Equal(["Forget", "ListMemory", "ReadMemory", "Remember"], review.Tools.Select(tool => tool.Name));
        Assert.StartsWith("You look back at the work of another agent", review.System, StringComparison.Ordinal);
        Assert.Contains("agent calls Glob:", model.Requests[11].Messages.Single().Text, StringComparison.Ordinal);
        Assert.Contains("person: Look at everything.", model.Requests[11].Messages.Single().Text, StringComparison.Ordinal);
        Assert.Contains("Learned: Kept as build (project).", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("All seen.\n", _stage.Out.ToString());
        Assert.True(File.Exists(Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/memory"), "build.md", SearchOption.AllDirectories).Single()));

        using var consulted = JsonDocument.Parse(Assert.Single(Lines("model_consulted")));
        Assert.Equal("review", consulted.RootElement.GetProperty("purpose").GetString());
        var hash = consulted.RootElement.GetProperty("log").GetString()!;
        var log = File.ReadAllText(Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle"), hash, SearchOption.AllDirectories).Single());
        Assert.Contains("\"tool\":\"Remember\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(Lines("tool_started"), line => line.Contains("Remember", StringComparison.Ordinal));
    }

    [Fact]
    public async Task After_nine_calls_or_without_the_setting_nobody_looks_back()
    {
        var nine = Work(9);
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(10, nine.Requests.Count);

        Settings("{}");
        var off = Work(10);
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(11, off.Requests.Count);
    }

    [Fact]
    public async Task A_review_that_fails_leaves_the_outcome_as_it_is()
    {
        Work(10, ScriptedReply.Failure(ModelErrorKind.BadRequest));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal("All seen.\n", _stage.Out.ToString());
        Assert.Contains("The look back at the work came to nothing", _stage.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_review_asks_six_times_at_most_and_once_more_for_its_last_words()
    {
        var model = Work(10, [.. Enumerable.Range(0, 8).Select(n => Keep($"n{n}"))]);
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.Equal(11 + 7, model.Requests.Count);
    }

    [Fact]
    public async Task What_rules_deny_stays_denied_for_a_review()
    {
        Settings("""{ "learningReview": true, "permissions": { "deny": ["Remember"] } }""");
        var model = Work(10, Keep("build"), ScriptedReply.Text("It was denied."));
        Assert.Equal(0, await _stage.RunAsync("run", "task"));
        Assert.DoesNotContain(model.Requests[^1].Tools, tool => tool.Name is "Remember");
        Assert.DoesNotContain("Learned", _stage.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_stage.PathOf("home/.local/share/bridle/memory")) && Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/memory"), "build.md", SearchOption.AllDirectories).Any());
    }

    private ScriptedModel Work(int calls, params ScriptedReply[] review)
    {
        var model = new ScriptedModel([.. Enumerable.Range(1, calls).Select(n => ScriptedReply.Calls(("Glob", $$"""{"pattern":"x{{n}}*"}"""))), ScriptedReply.Text("All seen."), .. review]);
        _stage.Model = model;
        return model;
    }

    private static ScriptedReply Keep(string name) => ScriptedReply.Calls(("Remember", $$"""{"name":"{{name}}","description":"How {{name}} goes, number {{name.Length}}","text":"Run ninja for {{name}}."}"""));

    private void Settings(string text) => _stage.Write("home/.config/bridle/settings.json", text);

    private IEnumerable<string> Lines(string type) =>
        Directory.EnumerateFiles(_stage.PathOf("home/.local/share/bridle/sessions"), "*s.jsonl").SelectMany(File.ReadLines).Where(line => line.Contains($"\"type\":\"{type}\"", StringComparison.Ordinal));
}
