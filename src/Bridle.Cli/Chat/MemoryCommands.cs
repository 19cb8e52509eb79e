using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Memory;

namespace Bridle.Cli.Chat;

/// <summary>The notes of earlier sessions, from a conversation.</summary>
internal sealed class MemoryCommands(CommandIo io, Conversation conversation)
{
    public IReadOnlyList<ChatCommand> Rows =>
    [
        new("/memory", "[NAME]", "the notes that outlive sessions, or one of them", (name, _) => ChatCommands.Done(() => OnNotes(book => Show(book, name)))) { Complete = Names },
        new("/memory forget", "NAME", "remove a note", (name, _) => ChatCommands.Done(() => OnNotes(book => Forget(book, name)))) { Complete = Names },
    ];

    private IReadOnlyList<string> Names(string typed) => conversation.Harness.Notes is { } book ? ChatCommands.Beginning(book.Read().Notes.Select(one => one.Note.Name).Distinct(), typed) : [];

    private void OnNotes(Action<NoteBook> act)
    {
        if (conversation.Harness.Notes is not { } book)
        {
            io.Tell("  No notes are kept here: the setting autoMemoryEnabled is false.");
            return;
        }

        try
        {
            act(book);
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            io.Tell($"  {VisibleText.Of(broken.Message)}");
        }
    }

    private void Show(NoteBook book, string? name)
    {
        if (name is not null)
        {
            var (found, problem) = Find(book, name);
            io.Out.Write(found is null ? $"  {VisibleText.Of(problem!)}\n" : VisibleText.Of(NoteText.Write(found.Note)));
            return;
        }

        var (notes, warnings) = book.Read();
        if (notes.Count == 0)
        {
            io.Tell("  There are no notes here yet.");
        }
        else
        {
            Columns.Write(io, ["NAME", "SCOPE", "AGE", "DESCRIPTION"],
                [.. notes.Select(one => (string[])[one.Note.Name, NoteBook.Word(one.Scope), MemoryIndex.Age(one.Note.Updated, book.Now), one.Note.Description])]);
        }

        foreach (var warning in warnings)
        {
            io.Tell($"  {VisibleText.Of(warning)}");
        }
    }

    private void Forget(NoteBook book, string? name)
    {
        if (name is null)
        {
            io.Tell("  Which one? /memory lists them.");
            return;
        }

        var (found, problem) = Find(book, name);
        io.Tell($"  {VisibleText.Of(found is null ? problem! : book.Forget(found.Note.Name, found.Scope).Message)}");
    }

    // The scope may stand before the name, where two have it: user/style.
    private static (ShelvedNote? Note, string? Problem) Find(NoteBook book, string name) =>
        name.Split('/') is [var word, var rest] && Enum.TryParse<MemoryScope>(word, ignoreCase: true, out var scope) ? book.Find(rest, scope) : book.Find(name);
}
