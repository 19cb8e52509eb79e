using System.Text.Json;
using Bridle.Hosting.Memory;
using Bridle.Memory;
using Bridle.Testing;

namespace Bridle.Cli.Tests.Memory;

/// <summary><c>bridle memory</c> and <c>/memory</c>.</summary>
public sealed class MemoryCommandTests : IDisposable
{
    private readonly CliStage _stage = new();

    public void Dispose() => _stage.Dispose();

    private NoteBook Book(string? agent = null) => ProjectNotes.Open(new(_stage.Context().Environment, _stage.Work) { Agent = agent ?? "main", TrustFolder = true }).Notes!.Book;

    private async Task<(int Code, string Out, string Error)> SayAsync(params string[] words)
    {
        var code = await _stage.RunAsync(["memory", .. words]);
        return (code, _stage.Out.Take(), _stage.Error.Take());
    }

    private void Keep(string name, string text = "Text.", MemoryScope scope = MemoryScope.Project) => Assert.Equal(NoteEnd.Kept, Book().Remember(new(name, $"About {name}", text), scope).End);

    /// <summary>An editor that does this to its file.</summary>
    private void Edit(string script) => _stage.Variables["EDITOR"] = _stage.PathOf(Program(script));

    private string Program(string script)
    {
        var file = _stage.Write($"editor-{Guid.NewGuid():n}", $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        return file;
    }

    [Fact]
    public async Task Notes_are_listed_shown_and_found()
    {
        Assert.Contains("no notes here yet", (await SayAsync("list")).Error, StringComparison.Ordinal);
        Keep("build", "Run make.");
        Keep("tea", "Green.", MemoryScope.User);
        var (code, list, _) = await SayAsync("list");
        Assert.Equal(0, code);
        Assert.Matches(@"NAME +SCOPE +TYPE +AGE +DESCRIPTION\nbuild +project +project +written today +About build\ntea +user +project +written today +About tea\n", list);
        Assert.DoesNotContain("build", (await SayAsync("list", "--scope", "user")).Out, StringComparison.Ordinal);
        Assert.Equal(["build", "tea"], (await SayAsync("list", "--json")).Out.Trim().Split('\n').Select(line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()));

        var shown = await SayAsync("show", "build");
        Assert.Contains("description: About build\n", shown.Out, StringComparison.Ordinal);
        Assert.EndsWith("---\nRun make.\n", shown.Out, StringComparison.Ordinal);
        Assert.Contains("(project, in ", shown.Error, StringComparison.Ordinal);
        Assert.Contains("\"text\":\"Run make.\"", (await SayAsync("show", "build", "--json")).Out, StringComparison.Ordinal);
        var missing = await SayAsync("show", "bulid");
        Assert.Equal((2, true), (missing.Code, missing.Error.Contains("Did you mean 'build'?", StringComparison.Ordinal)));

        Assert.Contains("tea", (await SayAsync("search", "green")).Out, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"tea\"", (await SayAsync("search", "green", "--json")).Out, StringComparison.Ordinal);
        Assert.Equal(1, (await SayAsync("search", "green", "--scope", "project")).Code);
    }

    [Fact]
    public async Task The_same_name_in_two_scopes_must_be_told_apart()
    {
        Keep("style");
        Keep("style", "Other.", MemoryScope.User);
        var (code, _, error) = await SayAsync("show", "style");
        Assert.Equal((2, true), (code, error.Contains("in project and in user", StringComparison.Ordinal)));
        Assert.Contains("Other.", (await SayAsync("show", "style", "--scope", "user")).Out, StringComparison.Ordinal);
        Assert.Equal(0, (await SayAsync("rm", "style", "--scope", "project", "--yes")).Code);
        Assert.Equal(MemoryScope.User, Assert.Single(Book().Read().Notes).Scope);
    }

    [Fact]
    public async Task Removing_asks_and_removes_all_or_nothing()
    {
        Keep("a");
        Keep("b", "Other words.");
        Assert.Equal(2, (await SayAsync("rm", "a")).Code);
        Assert.Equal(2, (await SayAsync("rm", "a", "c", "--yes")).Code);
        _stage.Terminal = true;
        _stage.Input = "n\n";
        Assert.Equal(1, (await SayAsync("rm", "a")).Code);
        Assert.Equal(2, Book().Read().Notes.Count);
        _stage.Input = "y\n";
        Assert.Equal(0, (await SayAsync("rm", "a")).Code);
        Assert.Equal(0, (await SayAsync("delete", "b", "-y")).Code);
        Assert.Empty(Book().Read().Notes);
    }

    [Fact]
    public async Task A_note_is_edited_in_the_persons_editor_and_checked_when_that_is_closed()
    {
        Keep("build", "Run make.");
        Edit("sed -i.bak 's/Run make./Run ninja./; s/type: project/type: feedback/' \"$1\"");
        Assert.Equal((0, "Changed build (project).\n"), await SayAsync("edit", "build") is var (code, text, _) ? (code, text) : default);
        var note = Assert.Single(Book().Read().Notes).Note;
        Assert.Equal(("Run ninja.", NoteType.Feedback), (note.Text, note.Type));

        Edit("true");
        Assert.Contains("Nothing was changed.", (await SayAsync("edit", "build")).Error, StringComparison.Ordinal);
        Edit("exit 3");
        Assert.Equal(2, (await SayAsync("edit", "build")).Code);
        foreach (var (script, said) in new[] { ("echo 'AKIAIOSFODNN7EXAMPLE' >> \"$1\"", "never kept"), ("sed -i.bak '/^---/d' \"$1\"; sed -i.bak '1i ---' \"$1\"", "has no end"), ("sed -i.bak 's/^name: .*/name: other/' \"$1\"", "calls it 'other'") })
        {
            Edit(script);
            var refused = await SayAsync("edit", "build");
            Assert.Equal(1, refused.Code);
            Assert.Contains(said, refused.Error, StringComparison.Ordinal);
            AssertKeptAndClear(refused.Error);
            Assert.Equal("Run ninja.", Assert.Single(Book().Read().Notes).Note.Text);
        }
    }

    [Fact]
    public async Task A_new_note_is_made_only_when_asked_for_and_a_change_by_somebody_else_is_not_lost()
    {
        Edit("printf -- '---\\ndescription: Mine\\ntags: [x]\\n---\\nBy hand.\\n' > \"$1\"");
        Assert.Equal(2, (await SayAsync("edit", "fresh")).Code);
        Assert.Contains("Kept fresh (user).", (await SayAsync("edit", "fresh", "--new", "--scope", "user")).Out, StringComparison.Ordinal);
        Assert.Equal(("Mine", "By hand.", null), Assert.Single(Book().Read().Notes).Note is var note ? (note.Description, note.Text, note.Source) : default);
        Assert.Contains("already", (await SayAsync("edit", "fresh", "--new", "--scope", "user")).Error, StringComparison.Ordinal);

        var file = Directory.EnumerateFiles(_stage.Home, "fresh.md", SearchOption.AllDirectories).Single();
        Edit($"sed -i.bak 's/By hand./Mine now./' \"$1\"; sed -i 's/By hand./Somebody else./' '{file}'");
        var late = await SayAsync("edit", "fresh");
        Assert.Contains("Somebody else changed it meanwhile", late.Error, StringComparison.Ordinal);
        AssertKeptAndClear(late.Error);
        Assert.Equal("Somebody else.", Assert.Single(Book().Read().Notes).Note.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_is_exported_is_imported_again_in_either_form(bool folder)
    {
        Book().Remember(new("build", "How: to build", "Run make.\n\n---\n支付") { Tags = ["ci"], ExpiresDays = 9 });
        Keep("tea", "Green.", MemoryScope.User);
        Keep("ours", "Shared.", MemoryScope.Team);
        var before = Book().Read().Notes.Select(one => NoteJson.Write(one.Note, one.Scope)).ToList();
        string[] to = folder ? ["--folder", "../out"] : ["--file", "../out"];
        Assert.Equal(0, (await SayAsync(["export", "--trust", .. to])).Code);
        Assert.Equal(2, (await SayAsync(["export", "--trust", .. to])).Code);
        Assert.Equal(0, (await SayAsync("rm", "build", "tea", "ours", "--trust", "--yes")).Code);
        Assert.Empty(Book().Read().Notes);
        Assert.Contains("3 notes imported", (await SayAsync("import", "../out", "--trust")).Error, StringComparison.Ordinal);
        Assert.Equal(before, Book().Read().Notes.Select(one => NoteJson.Write(one.Note, one.Scope)));
    }

    [Fact]
    public async Task An_import_takes_each_note_by_itself_and_refuses_secrets_bad_names_and_broken_lines()
    {
        _stage.Input = "\ufeff" + """
            {"name":"good","description":"d","text":"t"}
            {"name":"key","description":"d","text":"AKIAIOSFODNN7EXAMPLE"}
            {"name":"../up","description":"d","text":"t"}
            {"name":"expired","description":"d","text":"t","expires":"2020-01-01"}
            {"text":"t"}
            nonsense
            {"name":"also","description":"d","text":"t2","scope":"user"}
            """.ReplaceLineEndings("\r\n");
        var (code, said, error) = await SayAsync("import", "-");
        Assert.Equal(1, code);
        Assert.Equal("Kept as good (project).\nKept as also (user).\n", said);
        Assert.Contains("2 notes imported, 5 refused.", error, StringComparison.Ordinal);
        foreach (var reason in new[] { "key was not imported: It holds a key", "no name for a note", "expired already", "line 5 was not imported: it is no object with 'name' and 'text'", "line 6 was not imported: it is no JSON" })
        {
            Assert.Contains(reason, error, StringComparison.Ordinal);
        }

        Assert.Contains("scope 'team'", (await ImportAsync("""{"name":"x","description":"d","text":"t"}""", "--scope", "team")).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await ImportAsync("""{"name":"x","description":"d","text":"t"}""", "--scope", "team", "--trust")).Code);
        Assert.True(File.Exists(_stage.PathOf("work/.bridle/memory/x.md")));
        Assert.Equal(1, (await ImportAsync("""{"name":"y","description":"d","text":"-----BEGIN RSA PRIVATE KEY-----"}""", "--scope", "team", "--trust")).Code);
        Assert.Equal(2, (await SayAsync("import", "nowhere")).Code);
    }

    private Task<(int Code, string Out, string Error)> ImportAsync(string line, params string[] flags)
    {
        _stage.Input = line;
        return SayAsync(["import", "-", .. flags]);
    }

    [Fact]
    public async Task A_markdown_file_or_a_folder_of_another_program_is_imported()
    {
        _stage.Write("other/user_role.md", "---\nname: user_role\ndescription: Who they are\ntype: user\nmetadata: x\n---\nA gardener.\n");
        _stage.Write("other/MEMORY.md", "- [user_role](user_role.md)");
        _stage.Write("other/Bad Name!.md", "Text.");
        Assert.Equal(1, (await SayAsync("import", "../other")).Code);
        Assert.Equal(0, (await SayAsync("import", "../other/user_role.md", "--scope", "agent", "--agent", "reviewer")).Code);
        Assert.Equal(["user_role"], Book().Read().Notes.Select(one => one.Note.Name));
        Assert.Equal(2, Book("reviewer").Read().Notes.Count);
        Assert.Contains("user_role", (await SayAsync("list", "--agent", "reviewer", "--scope", "agent")).Out, StringComparison.Ordinal);
        Assert.Equal(2, (await SayAsync("list", "--agent", "../x")).Code);
    }

    [Fact]
    public async Task Single_notes_are_exported_by_name_and_the_folder_and_the_settings_say_whose()
    {
        Keep("a");
        Keep("b", "Other words.");
        Assert.Single((await SayAsync("export", "b")).Out.Trim().Split('\n'));
        Assert.Equal(2, (await SayAsync("export", "c")).Code);
        Assert.Equal(2, (await SayAsync("export", "a", "--folder", ".", "--cwd", "nowhere")).Code);
        Directory.CreateDirectory(_stage.PathOf("other"));
        Assert.Equal("", (await SayAsync("export", "--cwd", "../other")).Out);
        Assert.Equal("", (await SayAsync("list", "--json", "--settings", """{ "memoryStore": "jsonl" }""")).Out);
        _stage.Write("home/.config/bridle/settings.json", """{ "memoryStore": "jsonl" }""");
        Assert.Contains("\"a\"", (await SayAsync("list", "--json", "--setting-sources", "project")).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conversation_shows_its_notes_and_forgets_one()
    {
        Keep("build", "Run make.");
        Keep("style");
        Keep("style", "Other.", MemoryScope.User);
        _stage.Model = new ScriptedModel();
        _stage.Input = "/memory\n/memory build\n/memory style\n/memory user/style\n/memory forget\n/memory forget build\n/memory forget build\n";
        await _stage.RunAsync("chat");
        var said = _stage.Out.ToString();
        Assert.Contains("About build", said, StringComparison.Ordinal);
        Assert.Contains("---\nRun make.\n", said, StringComparison.Ordinal);
        Assert.Contains("in project and in user", said, StringComparison.Ordinal);
        Assert.Contains("---\nOther.\n", said, StringComparison.Ordinal);
        Assert.Contains("Which one?", said, StringComparison.Ordinal);
        Assert.Contains("Forgot build (project).", said, StringComparison.Ordinal);
        Assert.Contains("There is no note 'build'", said, StringComparison.Ordinal);
        Assert.Equal(2, Book().Read().Notes.Count);
    }

    // What a person wrote is kept where they are told, and the temporary folder is left as it was.
    private static void AssertKeptAndClear(string error)
    {
        var kept = Assert.Single(error.Split('\n'), line => line.StartsWith("Your text is in ", StringComparison.Ordinal))["Your text is in ".Length..^1];
        Assert.True(File.Exists(kept), $"no text is in {kept}");
        Directory.Delete(Path.GetDirectoryName(kept)!, recursive: true);
    }
}
