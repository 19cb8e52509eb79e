using System.Text.Json;

namespace Bridle.Cli.Tests.Commands;

/// <summary>Making, listing, showing, checking and resetting goals.</summary>
public sealed class GoalCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task New_writes_what_it_was_told_and_nothing_twice()
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync(
            "goal", "new", "port", "--objective", "Port it.", "--phase", "one", "--phase", "two", "--context", "a.md", "--invariant", "The API stays.", "--verify", "npm test", "--seal", "tests/**", "--posture", "edits"));
        var file = _stage.PathOf("work/.bridle/goals/port.json");
        Assert.Equal(file + "\n", _stage.Out.Take());
        using var made = JsonDocument.Parse(File.ReadAllText(file));
        string Raw(string field) => made.RootElement.GetProperty(field).GetRawText().ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal);
        Assert.Equal(
            ("\"harness.goal.v1\"", "[\"a.md\"]", "\"edits\"", "[\"TheAPIstays.\"]", "[\"tests/**\"]", "[\"npmtest\"]", "[{\"title\":\"one\",\"status\":\"pending\"},{\"title\":\"two\",\"status\":\"pending\"}]"),
            (Raw("schema"), Raw("context"), Raw("posture"), Raw("invariants"), Raw("seal"), Raw("verify"), Raw("phases")));
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("goal", "new", "port", "--objective", "Other.", "--phase", "x"));
        Assert.Contains("There is a goal 'port' already", _stage.Error.Take());
        Assert.Contains("Port it.", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("The id '../x' must be 1 to 40 lower-case letters", "../x", "--objective", "x", "--phase", "a")]
    [InlineData("'posture' is 'lok', but must be one of look, cautious, edits, open", "x", "--objective", "x", "--phase", "a", "--posture", "lok")]
    [InlineData("'phases[1].title' is 'a', as that of another phase.", "x", "--objective", "x", "--phase", "a", "--phase", "a")]
    [InlineData("--phase", "x", "--objective", "x")]
    public async Task New_refuses_what_could_not_be_worked_on(string problem, params string[] words)
    {
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(["goal", "new", .. words]));
        Assert.Contains(problem, _stage.Error.Take());
        Assert.False(Directory.Exists(_stage.PathOf("work/.bridle/goals")) && Directory.EnumerateFiles(_stage.PathOf("work/.bridle/goals")).Any());
    }

    [Fact]
    public async Task List_shows_how_far_each_is_and_names_what_cannot_be_used()
    {
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "list"));
        Assert.Contains("There are no goals in this folder.", _stage.Error.Take());
        _stage.Write("work/.bridle/goals/a.json", """{ "schema": "harness.goal.v1", "id": "a", "objective": "Have\u001b[2J it.", "phases": [ { "title": "one", "status": "done" }, { "title": "two", "status": "failed" } ] }""");
        _stage.Write("work/.bridle/goals/b.json", """{ "schema": "harness.goal.v1", "id": "b", "phases": [ { "title": "x" } ] }""");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "list"));
        var said = _stage.Out.Take();
        Assert.Matches(@"a +1/2 done +2 two \(failed\) +Have␛\[2J it\.", said);
        Assert.Matches(@"b +- +cannot be used +'objective' is missing or empty\.", said);
        Assert.DoesNotContain('\u001b', said);
    }

    [Fact]
    public async Task Check_names_problems_and_doubts_and_what_would_be_refused()
    {
        _stage.Write("work/.bridle/goals/g.json", """{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "context": [ "gone.md" ], "posture": "With care.", "verify": "It works.", "phases": [ { "title": "a" }, { "title": "b", "verify": [ "true" ] } ] }""");
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "check", "g"));
        var said = _stage.Out.Take();
        foreach (var doubt in new[] { "'context' names gone.md, which is not there.", "'verify' is words", "'phases[0].verify' demands nothing", "'posture' is words", "g.json: can be worked on" })
        {
            Assert.Contains(doubt, said);
        }

        _stage.Write("work/other.json", """{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "phases": [ { "title": "b", "verify": [ "true" ] } ] }""");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("goal", "check", "other.json"));
        Assert.Contains("is not trusted, so they are not run", _stage.Out.Take());
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "check", "other.json", "--trust"));
        _stage.Write("work/other.json", """{ "phases": [ { "title": "b", "status": "doing" } ] }""");
        Assert.Equal(ExitCode.Failed, await _stage.RunAsync("goal", "check", "other.json"));
        Assert.Contains("'phases[0].status' is 'doing'", _stage.Out.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("goal", "show", "other.json"));
        _ = _stage.Error.Take();
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("goal", "check", "gg"));
        Assert.Contains("There is no goal 'gg'. Did you mean g?", _stage.Error.Take());
    }

    [Fact]
    public async Task Reset_makes_phases_open_again_and_keeps_what_their_runs_took()
    {
        var text = """{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "phases": [ { "title": "a", "status": "done", "note": "n", "tries": [ { "runs": [ "s/1" ] } ] }, { "title": "b", "status": "running", "session": "s" } ] }""";
        _stage.Write("work/.bridle/goals/g.json", text);
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "reset", "g", "--phase", "2"));
        Assert.Contains("Phase 1    ✓ a: done\n", _stage.Out.Take());
        Assert.DoesNotContain("session", File.ReadAllText(_stage.PathOf("work/.bridle/goals/g.json")));
        Assert.Equal(ExitCode.Done, await _stage.RunAsync("goal", "reset", "g"));
        Assert.Contains("Phase 1    · a: pending\n           run s/1: bridle runs show s/1\n", _stage.Out.Take());
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync("goal", "reset", "g", "--phase", "3"));
        Assert.Contains("The goal 'g' has no phase '3'.", _stage.Error.Take());
    }

    [Theory]
    [InlineData("--all and --phase exclude each other.", "--all", "--phase", "1")]
    [InlineData("--all and --dry-run exclude each other.", "--all", "--dry-run")]
    [InlineData("--session", "--session", "s")]
    public async Task Run_refuses_flags_that_cannot_be_meant(string problem, params string[] flags)
    {
        _stage.Write("work/.bridle/goals/g.json", """{ "schema": "harness.goal.v1", "id": "g", "objective": "x", "phases": [ { "title": "a" } ] }""");
        Assert.Equal(ExitCode.Usage, await _stage.RunAsync(["goal", "run", "g", .. flags]));
        Assert.Contains(problem, _stage.Error.Take());
    }
}
