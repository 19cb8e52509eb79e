using Bridle.Journal;
using Bridle.Memory;

namespace Bridle.Tests.Memory;

/// <summary>What every store of notes promises: both of them are held to the same sentences.</summary>
public sealed class MemoryStoreTests
{
    public static TheoryData<string> Stores => [NoteShelf.Markdown, NoteShelf.JsonLines];

    private static NoteDraft Draft(string name, string text = "Run make.", string description = "How to build") => new(name, description, text);

    [Theory]
    [MemberData(nameof(Stores))]
    public void What_is_remembered_is_there_for_the_next_session_with_all_that_was_said(string store)
    {
        using var shelf = new NoteShelf(store);
        var outcome = shelf.Book().Remember(new("Build Commands", "How: to \"build\" # here", "# Build\n\n---\nRun `make`.\nGrüße, 支付服务\n") { Type = NoteType.Feedback, Tags = ["Build", "C#, x"], ExpiresDays = 30 });
        Assert.Equal((NoteEnd.Kept, "build-commands"), (outcome.End, outcome.Name));

        var (notes, warnings) = shelf.Book("s2").Read();
        Assert.Empty(warnings);
        var (scope, note) = Assert.Single(notes);
        Assert.Equal(MemoryScope.Project, scope);
        Assert.Equal(("build-commands", "How: to \"build\" # here", NoteType.Feedback, "# Build\n\n---\nRun `make`.\nGrüße, 支付服务"), (note.Name, note.Description, note.Type, note.Text));
        Assert.Equal(["build", "c# x"], note.Tags);
        Assert.Equal((shelf.Clock.Now, shelf.Clock.Now, shelf.Clock.Now.AddDays(30), "s1"), (note.Created, note.Updated, note.Expires, note.Source));
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void The_same_name_replaces_the_note_and_keeps_when_it_began(string store)
    {
        using var shelf = new NoteShelf(store);
        var began = shelf.Clock.Now;
        shelf.Book().Remember(Draft("build") with { Tags = ["a"], ExpiresDays = 9 });
        shelf.Clock.Now = began.AddDays(3);
        Assert.Equal(NoteEnd.Replaced, shelf.Book().Remember(Draft("build", "Run ninja now, in the folder out.") with { Tags = ["b"] }).End);
        var note = Assert.Single(shelf.Book().Read().Notes).Note;
        Assert.Equal((began, began.AddDays(3), began.AddDays(9), "Run ninja now, in the folder out."), (note.Created, note.Updated, note.Expires, note.Text));
        Assert.Equal(["a", "b"], note.Tags);

        Assert.Equal(NoteEnd.Replaced, shelf.Book().Remember(Draft("build", "Run it.") with { ExpiresDays = 0 }).End);
        Assert.Null(Assert.Single(shelf.Book().Read().Notes).Note.Expires);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void What_is_known_already_is_confirmed_and_nearly_the_same_under_another_name_is_merged(string store)
    {
        using var shelf = new NoteShelf(store);
        shelf.Book().Remember(Draft("build", "Run the tests with the script test in the root of the repository."));
        shelf.Clock.Now = shelf.Clock.Now.AddDays(50);
        Assert.Equal(NoteEnd.Confirmed, shelf.Book().Remember(Draft("build", "Run the tests with the script test in the root of the repository.")).End);
        Assert.Equal(shelf.Clock.Now, Assert.Single(shelf.Book().Read().Notes).Note.Updated);

        var merged = shelf.Book().Remember(Draft("testing", "Run all the tests with the script `test` in the root of the repository!"));
        Assert.Equal((NoteEnd.Merged, "build"), (merged.End, merged.Name));
        Assert.Contains("build", merged.Message, StringComparison.Ordinal);
        Assert.Equal("Run all the tests with the script `test` in the root of the repository!", Assert.Single(shelf.Book().Read().Notes).Note.Text);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Alike_is_not_the_same_where_a_number_a_type_or_a_scope_differs(string store)
    {
        using var shelf = new NoteShelf(store);
        const string Text = "The service for payments of the shop listens on the port {0} of the machine in the cellar.";
        shelf.Book().Remember(Draft("one", Text.Replace("{0}", "8080", StringComparison.Ordinal)));
        Assert.Equal(NoteEnd.Kept, shelf.Book().Remember(Draft("two", Text.Replace("{0}", "8081", StringComparison.Ordinal))).End);
        Assert.Equal(NoteEnd.Kept, shelf.Book().Remember(Draft("three", Text.Replace("{0}", "8080", StringComparison.Ordinal)) with { Type = NoteType.Reference }).End);
        Assert.Equal(NoteEnd.Kept, shelf.Book().Remember(Draft("four", Text.Replace("{0}", "8080", StringComparison.Ordinal)), MemoryScope.User).End);
        Assert.Equal(4, shelf.Book().Read().Notes.Count);

        // The same words, but not the same thing: found by sessions that wrote at once.
        shelf.Book().Remember(Draft("first", "Number 1 of session 0."));
        Assert.Equal(NoteEnd.Kept, shelf.Book().Remember(Draft("second", "Number 0 of session 1.")).End);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_forgotten_note_is_gone_and_the_same_name_in_two_scopes_needs_the_scope(string store)
    {
        using var shelf = new NoteShelf(store);
        var book = shelf.Book();
        book.Remember(Draft("style"));
        book.Remember(Draft("style", "Short sentences."), MemoryScope.User);
        var refused = book.Forget("style");
        Assert.Equal(NoteEnd.Refused, refused.End);
        Assert.Contains("in project and in user", refused.Message, StringComparison.Ordinal);
        Assert.Contains("in project and in user", book.Find("style").Problem, StringComparison.Ordinal);
        Assert.Equal("Short sentences.", book.Find("style", MemoryScope.User).Note!.Note.Text);

        Assert.Equal(NoteEnd.Forgotten, book.Forget("style", MemoryScope.Project).End);
        Assert.Equal(MemoryScope.User, Assert.Single(shelf.Book().Read().Notes).Scope);
        Assert.Equal(NoteEnd.Forgotten, book.Forget("Style").End);
        Assert.Empty(shelf.Book().Read().Notes);
        Assert.Equal(NoteEnd.Refused, book.Forget("style").End);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void An_expired_note_is_not_shown_is_cleaned_away_and_its_name_is_free(string store)
    {
        using var shelf = new NoteShelf(store);
        shelf.Book().Remember(Draft("freeze", "No releases this week.") with { ExpiresDays = 7 });
        shelf.Book().Remember(Draft("build"));
        shelf.Clock.Now = shelf.Clock.Now.AddDays(6);
        Assert.Equal(2, shelf.Book().Read().Notes.Count);
        Assert.Equal(0, shelf.Book().Tidy());
        shelf.Clock.Now = shelf.Clock.Now.AddDays(1);
        Assert.Equal("build", Assert.Single(shelf.Book().Read().Notes).Note.Name);
        Assert.NotNull(shelf.Book().Find("freeze").Problem);
        Assert.Empty(shelf.Book().Search("releases"));
        Assert.Equal(2, shelf.Store("project").Read().Notes.Count);
        Assert.Equal(1, shelf.Book().Tidy());
        Assert.Single(shelf.Store("project").Read().Notes);
        Assert.Equal(NoteEnd.Kept, shelf.Book().Remember(Draft("freeze", "Again.")).End);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_secret_is_refused_wherever_it_stands_and_leaves_no_trace(string store)
    {
        using var shelf = new NoteShelf(store);
        var book = shelf.Book(secrets: new SecretRedactor(["correct-horse-battery"]));
        const string Shape = "AKIAIOSFODNN7EXAMPLE";
        foreach (var draft in new[]
        {
            Draft("a", $"The key is {Shape}."), Draft("b", description: $"key {Shape}"), Draft("c") with { Tags = [$"ghp_{new string('a', 36)}"] },
            Draft("d", "It is correct-horse-battery."), Draft("e", "-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----"),
            Draft("f", "Log in with password: hunter2hunter2"), Draft("g", "export API_KEY=\"a8f3kd92jf02kd\""), Draft("h", "The token is `9f8e7d6c5b4a3f2e`."),
        })
        {
            var outcome = book.Remember(draft);
            Assert.True(outcome.End is NoteEnd.Refused && outcome.Message.Contains("never kept", StringComparison.Ordinal), $"{draft.Name}: {outcome}");
        }

        Assert.Empty(shelf.Book().Read().Notes);
        Assert.DoesNotContain(shelf.Files, file => File.ReadAllText(Path.Combine(shelf.Root, file)).Contains("hunter2", StringComparison.Ordinal));
        foreach (var talk in new[] { "The password: ask the person for it.", "Set api_key=$ANTHROPIC_API_KEY before the tests.", "The secret is kept in /etc/shop/keys1.", "token: see https://vault1.example/x", "The access key: <your-key-1>" })
        {
            Assert.True(book.Remember(Draft($"talk-{talk.Length}", talk)).End is NoteEnd.Kept, talk);
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void What_is_too_long_empty_or_too_many_is_refused_with_the_bound(string store)
    {
        using var shelf = new NoteShelf(store);
        var book = shelf.Book(most: 2);
        Assert.Contains("8000", book.Remember(Draft("a", new string('x', 8_001))).Message, StringComparison.Ordinal);
        Assert.Contains("empty", book.Remember(Draft("a", " \n ")).Message, StringComparison.Ordinal);
        Assert.Contains("200", book.Remember(Draft("a", description: new string('x', 201))).Message, StringComparison.Ordinal);
        Assert.Contains("empty", book.Remember(Draft("a", description: "")).Message, StringComparison.Ordinal);
        Assert.Contains("tags", book.Remember(Draft("a") with { Tags = [.. Enumerable.Range(0, 11).Select(i => $"t{i}")] }).Message, StringComparison.Ordinal);
        Assert.Contains("32", book.Remember(Draft("a") with { Tags = [new string('t', 33)] }).Message, StringComparison.Ordinal);
        Assert.Contains("expires_days", book.Remember(Draft("a") with { ExpiresDays = -1 }).Message, StringComparison.Ordinal);
        Assert.Empty(shelf.Files);
        Assert.Equal(NoteEnd.Kept, book.Remember(Draft("a", new string('x', 8_000))).End);
        Assert.Equal(NoteEnd.Kept, book.Remember(Draft("b", "Something else.")).End);
        Assert.Contains("Forget some", book.Remember(Draft("c", "A third thing.")).Message, StringComparison.Ordinal);
        Assert.Equal(NoteEnd.Replaced, book.Remember(Draft("b", "It may still change.")).End);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void What_people_keep_an_agent_reads_and_does_not_write(string store)
    {
        using var shelf = new NoteShelf(store);
        Assert.Contains("bridle memory", shelf.Book().Remember(Draft("ours"), MemoryScope.Team).Message, StringComparison.Ordinal);
        Assert.Equal(NoteEnd.Kept, shelf.Book(session: null).Remember(Draft("ours"), MemoryScope.Team).End);
        Assert.Equal(MemoryScope.Team, Assert.Single(shelf.Book().Read().Notes).Scope);
        Assert.Equal(NoteEnd.Refused, shelf.Book().Forget("ours").End);
        Assert.Single(shelf.Book().Read().Notes);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Sessions_that_write_at_once_lose_nothing(string store)
    {
        using var shelf = new NoteShelf(store);
        var ends = await Task.WhenAll(Enumerable.Range(0, 4).Select(session => Task.Run(() =>
            Enumerable.Range(0, 8).Select(i => shelf.Book($"s{session}").Remember(Draft($"n-{session}-{i}", $"Number {i} of session {session}.")).End).ToList())));
        Assert.All(ends.SelectMany(one => one), end => Assert.Equal(NoteEnd.Kept, end));
        var (notes, warnings) = shelf.Book().Read();
        Assert.Empty(warnings);
        Assert.Equal(32, notes.Count);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void Words_find_notes_those_in_the_head_first_also_in_a_script_without_spaces(string store)
    {
        using var shelf = new NoteShelf(store);
        var book = shelf.Book();
        book.Remember(Draft("deploy", "Everything goes out on Tuesdays.", "Payments release"));
        shelf.Clock.Now = shelf.Clock.Now.AddHours(1);
        book.Remember(Draft("ledger", "It talks to payments and stores what they say.", "Where amounts are kept"));
        book.Remember(Draft("pay-cn", "我们的支付服务在上海运行。", "上海"));
        Assert.Equal(["deploy", "ledger"], book.Search("payments").Select(one => one.Note.Name));
        Assert.Equal(["pay-cn"], book.Search("支付服务").Select(one => one.Note.Name));
        Assert.Equal(["pay-cn"], book.Search("支付").Select(one => one.Note.Name));
        Assert.Equal(["pay-cn"], book.Search("付").Select(one => one.Note.Name));
        Assert.Equal(["deploy"], book.Search("tuesday").Select(one => one.Note.Name));
        Assert.Empty(book.Search("nothing-of-this"));
        Assert.Equal(3, book.Search("").Count);
        foreach (var strange in new[] { "C++", "\"unbalanced", "a AND", "50%", "*", "[", "\ud800" })
        {
            _ = book.Search(strange);
        }
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_store_refuses_a_name_that_was_not_checked_before(string store)
    {
        using var shelf = new NoteShelf(store);
        Assert.Throws<ArgumentException>(() => shelf.Store("project").Change(_ => new([new MemoryNote("../evil", "x", NoteType.Project, "x")], [])));
        Assert.Empty(shelf.Files);
        Assert.Equal(NoteEnd.Refused, shelf.Book(session: null).Put(new MemoryNote("../evil", "x", NoteType.Project, "x"), MemoryScope.Project).End);
    }

    [Theory]
    [MemberData(nameof(Stores))]
    public void A_note_of_an_export_keeps_its_times_and_what_else_stood_in_it(string store)
    {
        using var shelf = new NoteShelf(store);
        var old = new DateTimeOffset(2025, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var note = new MemoryNote("kept", "One", NoteType.User, "Text.") { Created = old, Updated = old.AddDays(1), Source = "before", Others = new Dictionary<string, string> { ["importance"] = "3" } };
        Assert.Equal(NoteEnd.Kept, shelf.Book(session: null).Put(note, MemoryScope.User).End);
        var read = Assert.Single(shelf.Book().Read().Notes).Note;
        Assert.Equal((old, old.AddDays(1), "before", "3"), (read.Created, read.Updated, read.Source, read.Others["importance"]));
        Assert.Equal(NoteEnd.Refused, shelf.Book(session: null).Put(note with { Expires = old }, MemoryScope.User).End);
    }
}
