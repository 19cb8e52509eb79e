using System.CommandLine;
using Bridle.Cli.Output;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Memory;
using Bridle.Memory;

namespace Bridle.Cli.Commands.Memory;

/// <summary><c>bridle memory list</c>, <c>show</c> and <c>search</c>.</summary>
internal static class MemoryLooking
{
    private const int MostFound = 50;

    public static Command BuildList(CommandContext context)
    {
        var (flags, json) = (new MemoryFlags(), Json());
        return flags.On(new Command("list", "List the notes that an agent here would see") { json }, context, (parsed, notes) =>
        {
            var (all, warnings) = notes.Book.Read();
            var wanted = flags.Scope(parsed);
            Show(context, [.. all.Where(one => wanted is null || one.Scope == wanted)], parsed.GetValue(json), "There are no notes here yet. An agent keeps some with the tool Remember; `bridle memory edit NAME --new` makes one.");
            MemoryFlags.Warn(context, notes, warnings);
            return ExitCode.Done;
        });
    }

    public static Command BuildSearch(CommandContext context)
    {
        var (flags, json) = (new MemoryFlags(), Json());
        var query = new Argument<string[]>("query") { Description = "Words; the notes that fit best come first", Arity = ArgumentArity.OneOrMore };
        return flags.On(new Command("search", "Find notes by words") { query, json }, context, (parsed, notes) =>
        {
            var wanted = flags.Scope(parsed);
            var found = notes.Book.Search(string.Join(' ', parsed.GetValue(query)!), int.MaxValue).Where(one => wanted is null || one.Scope == wanted).Take(MostFound).ToList();
            Show(context, found, parsed.GetValue(json), "No note has any of these words.");
            MemoryFlags.Warn(context, notes, notes.Book.Read().Warnings);
            return found.Count > 0 ? ExitCode.Done : ExitCode.Failed;
        });
    }

    public static Command BuildShow(CommandContext context)
    {
        var (flags, json) = (new MemoryFlags(), Json());
        var name = new Argument<string>("name") { Description = "Which note" };
        return flags.On(new Command("show", "Show a note as its file has it") { name, json }, context, (parsed, notes) =>
        {
            var (found, problem) = notes.Book.Find(parsed.GetValue(name)!, flags.Scope(parsed));
            if (found is null)
            {
                MemoryFlags.Warn(context, notes, notes.Book.Read().Warnings);
                return RunCommand.Refuse(context, "text", new("memory", problem!, "See `bridle memory list`."), ExitCode.Usage);
            }

            var text = parsed.GetValue(json) ? NoteJson.Write(found.Note, found.Scope) + "\n" : NoteText.Write(found.Note);
            context.Io.Out.Write(context.Io.OutIsTerminal ? VisibleText.Of(text) : text);
            context.Io.TellError(Place(notes, found));
            return ExitCode.Done;
        });
    }

    private static Option<bool> Json() => new("--json") { Description = "A JSON object a line for each note" };

    private static void Show(CommandContext context, IReadOnlyList<ShelvedNote> notes, bool json, string none)
    {
        if (json)
        {
            context.Io.Out.Write(string.Concat(notes.Select(one => NoteJson.Write(one.Note, one.Scope) + "\n")));
        }
        else if (notes.Count == 0)
        {
            context.Io.TellError(none);
        }
        else
        {
            var now = TimeProvider.System.GetUtcNow();
            Columns.Write(context.Io, ["NAME", "SCOPE", "TYPE", "AGE", "DESCRIPTION"], [.. notes.Select(one => (string[])
                [one.Note.Name, NoteBook.Word(one.Scope), one.Note.Type.ToString().ToLowerInvariant(), MemoryIndex.Age(one.Note.Updated, now), one.Note.Description])]);
        }
    }

    private static string Place(ProjectNotes notes, ShelvedNote one) => $"({NoteBook.Word(one.Scope)}, in {VisibleText.Of(notes.Book.Shelves.First(shelf => shelf.Scope == one.Scope).Store.Place)})";
}
