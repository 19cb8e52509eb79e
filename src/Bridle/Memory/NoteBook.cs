using Bridle.Journal;

namespace Bridle.Memory;

/// <summary>A place for the notes of one scope.</summary>
/// <param name="Scope">Whose notes they are.</param>
/// <param name="Store">Keeps them.</param>
public sealed record MemoryShelf(MemoryScope Scope, IMemoryStore Store)
{
    /// <summary>Whether only a person puts notes there, and no agent.</summary>
    public bool ByPersonOnly { get; init; }
}

/// <summary>How notes are kept.</summary>
public sealed record NoteBookOptions
{
    /// <summary>Knows the secrets that no note may hold.</summary>
    public SecretRedactor Secrets { get; init; } = SecretRedactor.ShapesOnly;

    /// <summary>Time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The session that writes, named as the source of its notes; null for a person.</summary>
    public string? Source { get; init; }

    /// <summary>The most notes of one scope.</summary>
    public int MostNotes { get; init; } = 500;
}

/// <summary>Something to be kept.</summary>
/// <param name="Name">Its name, as somebody chose it.</param>
/// <param name="Description">One line.</param>
/// <param name="Text">The note.</param>
public sealed record NoteDraft(string Name, string Description, string Text)
{
    /// <summary>What it is about.</summary>
    public NoteType Type { get; init; }

    /// <summary>Words to find it by.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Days after which it no longer holds; 0 for never; null leaves it as it was.</summary>
    public int? ExpiresDays { get; init; }
}

/// <summary>How an attempt to change notes ended.</summary>
public enum NoteEnd
{
    /// <summary>A new note.</summary>
    Kept,

    /// <summary>The note of that name is another one now.</summary>
    Replaced,

    /// <summary>Another note of the same scope said nearly the same; it says this now.</summary>
    Merged,

    /// <summary>It was known already; that it still holds is noted.</summary>
    Confirmed,

    /// <summary>The note is gone.</summary>
    Forgotten,

    /// <summary>Nothing was changed.</summary>
    Refused,
}

/// <summary>What came of it.</summary>
/// <param name="End">How it ended.</param>
/// <param name="Name">The note's name; as it was given when it was refused.</param>
/// <param name="Message">One or two sentences for whoever asked.</param>
public sealed record NoteOutcome(NoteEnd End, string Name, string Message);

/// <summary>
/// The notes that an agent in a project may see, over all scopes, and the one place that decides what is kept: no secrets, no name that could leave its folder, nothing twice, nothing longer
/// than a note. Reads its stores on each use, so that it sees what other sessions do. Safe to use concurrently. Throws <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/> when a change cannot be written; what cannot be read is a warning.
/// </summary>
public sealed class NoteBook(IReadOnlyList<MemoryShelf> shelves, NoteBookOptions options)
{
    /// <summary>The most characters of a note's text.</summary>
    public const int MostText = 8_000;

    /// <summary>The most characters of a description.</summary>
    public const int MostDescription = 200;

    /// <summary>The most tags.</summary>
    public const int MostTags = 10;

    private const int MostTag = 32;
    private const int MostDays = 3_650;

    /// <summary>The places it reads, in the order in which they are shown.</summary>
    public IReadOnlyList<MemoryShelf> Shelves => shelves;

    /// <summary>The same notes without those of a scope, for an agent that has no business there.</summary>
    public NoteBook Without(MemoryScope scope) => new([.. shelves.Where(shelf => shelf.Scope != scope)], options);

    /// <summary>What time it is for notes.</summary>
    public DateTimeOffset Now => options.Time.GetUtcNow();

    /// <summary>All notes that hold, by scope and name, and what could not be read.</summary>
    public (IReadOnlyList<ShelvedNote> Notes, IReadOnlyList<string> Warnings) Read()
    {
        var (notes, warnings) = (new List<ShelvedNote>(), new List<string>());
        foreach (var shelf in shelves)
        {
            try
            {
                var contents = shelf.Store.Read();
                notes.AddRange(contents.Notes.Where(note => !note.IsExpired(Now)).Select(note => new ShelvedNote(shelf.Scope, note)));
                warnings.AddRange(contents.Warnings);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                warnings.Add($"The notes in {shelf.Store.Place} cannot be read: {unreadable.Message}");
            }
        }

        return (notes, warnings);
    }

    /// <summary>The note of that name, or why there is none to be had. A name that several scopes have needs <paramref name="scope"/>.</summary>
    public (ShelvedNote? Note, string? Problem) Find(string name, MemoryScope? scope = null)
    {
        var (wanted, wrong) = NoteName.Read(name);
        if (wanted is null)
        {
            return (null, wrong);
        }

        var all = Read().Notes;
        return all.Where(one => one.Note.Name == wanted && (scope is null || one.Scope == scope)).ToList() switch
        {
            [var only] => (only, null),
            [] => (null, $"There is no note '{wanted}'{(scope is { } where ? $" in {Word(where)}" : "")}.{Hint(wanted, all)}"),
            var several => (null, $"'{wanted}' is a note in {string.Join(" and in ", several.Select(one => Word(one.Scope)))}. Say which with scope."),
        };
    }

    /// <summary>The notes that fit the words best, the best first.</summary>
    public IReadOnlyList<ShelvedNote> Search(string query, int most = 20) => NoteSearch.Best(Read().Notes, query, most);

    /// <summary>Keeps a note in a scope.</summary>
    public NoteOutcome Remember(NoteDraft draft, MemoryScope scope = MemoryScope.Project)
    {
        var (name, wrong) = NoteName.Read(draft.Name);
        var text = draft.Text.ReplaceLineEndings("\n").Trim();
        var description = NoteText.OneLine(draft.Description, int.MaxValue);
        var problem = wrong
            ?? (description.Length is 0 or > MostDescription ? $"The description is {(description.Length == 0 ? "empty" : $"{description.Length} characters long")}; one line of at most {MostDescription} says what the note is about." : null)
            ?? Secret($"{draft.Description}\n{string.Join('\n', draft.Tags)}\n{text}")
            ?? (draft.Tags.FirstOrDefault(tag => tag.Trim().Length > MostTag) is { } tag ? $"The tag '{NoteText.OneLine(tag, MostTag)}' is longer than {MostTag} characters." : null)
            ?? (draft.ExpiresDays is < 0 or > MostDays ? $"expires_days is 1 to {MostDays}, or 0 for never." : null);
        if (problem is not null)
        {
            return Refused(draft.Name, problem);
        }

        var now = Now;
        return Keep(scope, new MemoryNote(name!, description, draft.Type, text)
        {
            Tags = [.. draft.Tags.Select(tag => NoteText.OneLine(tag.Replace(',', ' '), MostTag).ToLowerInvariant()).Where(tag => tag.Length > 0).Distinct()],
            Created = now,
            Updated = now,
            Expires = draft.ExpiresDays is > 0 and { } days ? NoteText.Later(now, days) : null,
            Source = options.Source,
        }, (old, written) => written with
        {
            Created = old.Created,
            Tags = [.. old.Tags.Union(written.Tags).Take(MostTags)],
            Expires = draft.ExpiresDays is null ? old.Expires : written.Expires,
            Others = old.Others,
        });
    }

    /// <summary>Puts a note there as it is, with its times and its source: one that a person edited, or that comes from an export. What no note may hold is refused all the same.</summary>
    public NoteOutcome Put(MemoryNote note, MemoryScope scope) => Keep(scope, note with { Text = note.Text.ReplaceLineEndings("\n").Trim() }, null);

    /// <summary>Removes a note. A name that several scopes have needs <paramref name="scope"/>.</summary>
    public NoteOutcome Forget(string name, MemoryScope? scope = null)
    {
        var (found, problem) = Find(name, scope);
        if (found is null)
        {
            return Refused(name, problem!);
        }

        if (ShelfOf(found.Scope, out var why) is not { } shelf)
        {
            return Refused(name, why);
        }

        shelf.Store.Change(_ => new([], [found.Note.Name]));
        return new(NoteEnd.Forgotten, found.Note.Name, $"Forgot {found.Note.Name} ({Word(found.Scope)}).");
    }

    /// <summary>Removes the notes that hold no longer, and gives how many. What a scope is refused for, and the notes of a repository, stay.</summary>
    public int Tidy()
    {
        var gone = 0;
        foreach (var shelf in shelves.Where(shelf => !shelf.ByPersonOnly && shelf.Store.Read().Notes.Any(note => note.IsExpired(Now))))
        {
            shelf.Store.Change(contents =>
            {
                var expired = contents.Notes.Where(note => note.IsExpired(Now)).Select(note => note.Name).ToList();
                gone += expired.Count;
                return new([], expired);
            });
        }

        return gone;
    }

    /// <summary>A scope as people and models write it.</summary>
    public static string Word(MemoryScope scope) => scope.ToString().ToLowerInvariant();

    private NoteOutcome Keep(MemoryScope scope, MemoryNote note, Func<MemoryNote, MemoryNote, MemoryNote>? joined)
    {
        var problem = Problem(note);
        if (problem is not null || ShelfOf(scope, out problem) is not { } shelf)
        {
            return Refused(note.Name, problem);
        }

        NoteOutcome? outcome = null;
        shelf.Store.Change(contents =>
        {
            (var change, outcome) = Change(contents, note, scope, joined);
            return change;
        });
        return outcome!;
    }

    private (MemoryChange Change, NoteOutcome Outcome) Change(MemoryContents contents, MemoryNote note, MemoryScope scope, Func<MemoryNote, MemoryNote, MemoryNote>? joined)
    {
        var expired = contents.Notes.Where(one => one.IsExpired(Now)).Select(one => one.Name).ToList();
        var live = contents.Notes.Where(one => !one.IsExpired(Now)).ToList();
        var same = live.Find(one => one.Name == note.Name);
        var like = same is null && joined is not null ? live.Find(one => NoteLikeness.SaysTheSame(one, note)) : null;
        var old = same ?? like;
        if (old is null && live.Count >= options.MostNotes)
        {
            return (MemoryChange.None, Refused(note.Name, $"There are {live.Count} notes in {Word(scope)}, and no more are kept. Forget some first."));
        }

        var kept = old is null || joined is null ? note : joined(old, note) with { Name = old.Name };
        var confirmed = old is not null && (kept.Description, kept.Type, kept.Text) == (old.Description, old.Type, old.Text);
        var (end, said) = old is null ? (NoteEnd.Kept, $"Kept as {kept.Name} ({Word(scope)}).")
            : confirmed ? (NoteEnd.Confirmed, $"{kept.Name} ({Word(scope)}) says that already; noted that it still holds.")
            : like is not null ? (NoteEnd.Merged, $"{like.Name} ({Word(scope)}) said nearly the same, so it was replaced by this; there is no second note.")
            : (NoteEnd.Replaced, $"Replaced {kept.Name} ({Word(scope)}).");
        return (new([kept], [.. expired.Where(name => name != kept.Name)]), new(end, kept.Name, said));
    }

    private string? Problem(MemoryNote note) =>
        !NoteName.IsName(note.Name) ? NoteName.Read(note.Name).Problem ?? $"'{note.Name}' is no name for a note as it stands."
        : note.Text.Length is 0 or > MostText ? $"The text is {(note.Text.Length == 0 ? "empty" : $"{note.Text.Length} characters long")}; a note has at most {MostText}. Keep what matters, or make several notes."
        : note.Description.Length > MostDescription ? $"The description is {note.Description.Length} characters long; at most {MostDescription} are kept."
        : note.Tags.Count > MostTags ? $"There are {note.Tags.Count} tags; at most {MostTags} are kept."
        : note.Text.Contains('\0') ? "The text holds a character that no text has."
        : Secret(NoteText.Write(note)) is { } secret ? secret
        : note.IsExpired(Now) ? "It has expired already."
        : null;

    private string? Secret(string text) =>
        NoteSecrets.Find(text, options.Secrets) is { } secret ? $"{secret}, and those are never kept. Say where it is to be found instead, such as the name of a variable." : null;

    private MemoryShelf? ShelfOf(MemoryScope scope, out string why)
    {
        var shelf = shelves.FirstOrDefault(shelf => shelf.Scope == scope);
        why = shelf is null ? $"There are no notes of the scope '{Word(scope)}' here.{(scope is MemoryScope.Team ? " Those of a repository need a folder that is trusted." : "")}" : $"Notes of the scope '{Word(scope)}' are changed by people, with `bridle memory`.";
        return shelf is null || (shelf.ByPersonOnly && options.Source is not null) ? null : shelf;
    }

    private static string Hint(string name, IReadOnlyList<ShelvedNote> notes) =>
        Tools.Nearest.Of(name, [.. notes.Select(one => one.Note.Name)]) is { } near ? $" Did you mean '{near}'?" : " The list of notes says what there is.";

    private static NoteOutcome Refused(string name, string? why) => new(NoteEnd.Refused, name, why ?? "It was refused.");
}
