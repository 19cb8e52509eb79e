using System.CommandLine;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Editing;
using Bridle.Hosting.Memory;
using Bridle.Memory;

namespace Bridle.Cli.Commands.Memory;

/// <summary><c>bridle memory edit</c> and <c>rm</c>.</summary>
internal static class MemoryChanging
{
    public static Command BuildEdit(CommandContext context)
    {
        var flags = new MemoryFlags();
        var name = new Argument<string>("name") { Description = "Which note" };
        var make = new Option<bool>("--new") { Description = "Make a note of that name" };
        return flags.On(new Command("edit", "Edit a note in $VISUAL or $EDITOR; it is checked when the editor is closed") { name, make }, context, async (parsed, notes) =>
        {
            var (wanted, scope) = (parsed.GetValue(name)!, flags.Scope(parsed));
            var (found, problem) = parsed.GetValue(make) ? New(notes, wanted, scope ?? MemoryScope.Project) : notes.Book.Find(wanted, scope);
            return found is null
                ? RunCommand.Refuse(context, "text", new("memory", problem!, parsed.GetValue(make) ? "" : "--new makes one of that name."), ExitCode.Usage)
                : await EditAsync(context, notes, found, parsed.GetValue(make));
        });
    }

    public static Command BuildRemove(CommandContext context)
    {
        var flags = new MemoryFlags();
        var names = new Argument<string[]>("name") { Description = "Which notes", Arity = ArgumentArity.OneOrMore };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask first" };
        var command = new Command("rm", "Remove notes for good") { names, yes };
        command.Aliases.Add("delete");
        return flags.On(command, context, (parsed, notes) =>
        {
            var wanted = parsed.GetValue(names)!.Distinct().Select(name => notes.Book.Find(name, flags.Scope(parsed))).ToList();
            if (wanted.Find(one => one.Note is null).Problem is { } problem)
            {
                return RunCommand.Refuse(context, "text", new("memory", problem, "Nothing was removed. See `bridle memory list`."), ExitCode.Usage);
            }

            if (!parsed.GetValue(yes) && !context.Io.InIsTerminal)
            {
                return RunCommand.Refuse(context, "text", new("usage", "Nobody is there to confirm it, so nothing was removed.", "Add --yes to remove without a question."), ExitCode.Usage);
            }

            if (!parsed.GetValue(yes) && !Asked(context, $"Remove {string.Join(", ", wanted.Select(one => one.Note!.Note.Name))} for good?"))
            {
                context.Io.TellError("Nothing was removed.");
                return ExitCode.Failed;
            }

            wanted.ForEach(one => context.Io.Tell(notes.Book.Forget(one.Note!.Note.Name, one.Note.Scope).Message));
            return ExitCode.Done;
        });
    }

    private static (ShelvedNote? Note, string? Problem) New(ProjectNotes notes, string wanted, MemoryScope scope)
    {
        var (name, problem) = NoteName.Read(wanted);
        return name is null ? (null, problem)
            : notes.Book.Find(name, scope).Note is not null ? (null, $"There is a note '{name}' already; leave out --new to edit it.")
            : (new(scope, new MemoryNote(name, "", NoteType.Project, "") { Created = notes.Book.Now, Updated = notes.Book.Now }), null);
    }

    private static async Task<int> EditAsync(CommandContext context, ProjectNotes notes, ShelvedNote found, bool isNew)
    {
        var before = NoteText.Write(found.Note);
        var file = Path.Combine(Directory.CreateTempSubdirectory("bridle-memory-").FullName, $"{found.Note.Name}.md");
        await File.WriteAllTextAsync(file, before);
        while (true)
        {
            var closed = await ForegroundEditor.OpenAsync(ForegroundEditor.Command(context.Environment), file, context.Environment.CurrentDirectory, CancellationToken.None);
            var text = await File.ReadAllTextAsync(file);
            if (text == before)
            {
                Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
                context.Io.TellError(closed is null ? "Nothing was changed." : $"bridle: {VisibleText.Of(closed)}");
                return closed is null ? ExitCode.Done : ExitCode.Usage;
            }

            var problem = closed ?? Take(notes, found, text, before, isNew);
            if (problem is null)
            {
                Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
                context.Io.Tell($"{(isNew ? "Kept" : "Changed")} {found.Note.Name} ({NoteBook.Word(found.Scope)}).");
                return ExitCode.Done;
            }

            context.Io.TellError($"bridle: {found.Note.Name} is as it was. {VisibleText.Of(problem)}");
            if (!Asked(context, "Edit again?"))
            {
                context.Io.TellError($"Your text is in {file}.");
                return ExitCode.Failed;
            }
        }
    }

    // Null, or why the text was not taken over.
    private static string? Take(ProjectNotes notes, ShelvedNote found, string text, string before, bool isNew)
    {
        var (note, problem) = NoteText.Read(found.Note.Name, text, notes.Book.Now);
        if (problem is not null)
        {
            return $"The text cannot be taken over: {problem}.";
        }

        if (notes.Book.Find(found.Note.Name, found.Scope).Note is var now && (isNew ? now is not null : now is null || NoteText.Write(now.Note) != before))
        {
            return "Somebody else changed it meanwhile.";
        }

        var outcome = notes.Book.Put(note.Updated == found.Note.Updated || isNew ? note with { Updated = notes.Book.Now } : note, found.Scope);
        return outcome.End is NoteEnd.Refused ? outcome.Message : null;
    }

    private static bool Asked(CommandContext context, string question)
    {
        if (!context.Io.InIsTerminal)
        {
            return false;
        }

        context.Io.Error.Write($"{VisibleText.Of(question)} [y/N] ");
        return context.Io.In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
