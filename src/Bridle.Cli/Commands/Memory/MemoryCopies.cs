using System.CommandLine;
using System.Text;
using Bridle.Cli.Terminals;
using Bridle.Hosting.Memory;
using Bridle.Memory;

namespace Bridle.Cli.Commands.Memory;

/// <summary><c>bridle memory export</c> and <c>import</c>: notes as lines of JSON, or as a folder of Markdown files with a folder for each scope.</summary>
internal static class MemoryCopies
{
    private const int MostBytes = 64 * 1024 * 1024;

    public static Command BuildExport(CommandContext context)
    {
        var flags = new MemoryFlags();
        var names = new Argument<string[]>("name") { Description = "Which notes; all of them unless given", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string?>("--file") { Description = "Write to this new file instead of standard output", HelpName = "FILE" };
        var folder = new Option<string?>("--folder") { Description = "Write Markdown files into this new or empty folder instead", HelpName = "FOLDER" };
        return flags.On(new Command("export", "Write notes as lines of JSON, or as Markdown files") { names, file, folder }, context, (parsed, notes) =>
        {
            var (all, warnings) = notes.Book.Read();
            MemoryFlags.Warn(context, notes, warnings);
            var (scope, wanted) = (flags.Scope(parsed), (parsed.GetValue(names) ?? []).Distinct().ToList());
            var chosen = all.Where(one => (scope is null || one.Scope == scope) && (wanted.Count == 0 || wanted.Contains(one.Note.Name))).ToList();
            if (wanted.Find(name => chosen.All(one => one.Note.Name != name)) is { } missing)
            {
                return RunCommand.Refuse(context, "text", new("memory", $"There is no note '{missing}'{(scope is { } where ? $" in {NoteBook.Word(where)}" : "")}.", "See `bridle memory list`."), ExitCode.Usage);
            }

            return parsed.GetValue(folder) is { } into ? ToFolder(context, chosen, into) : ToLines(context, chosen, parsed.GetValue(file));
        });
    }

    public static Command BuildImport(CommandContext context)
    {
        var flags = new MemoryFlags();
        var path = new Argument<string>("path") { Description = "A file of JSON lines, a Markdown file, a folder of them, or - for JSON lines from standard input" };
        return flags.On(new Command("import", "Take over notes; each is checked, and one of the same name is replaced") { path }, context, (parsed, notes) =>
        {
            var from = parsed.GetValue(path)!;
            var full = FolderArgument.Full(from, context.Environment);
            var found = from == "-" ? Lines(context.Io.In.ReadToEnd(), notes.Book.Now)
                : Directory.Exists(full) ? Files(full, notes.Book.Now)
                : !File.Exists(full) || new FileInfo(full).Length > MostBytes ? null
                : full.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? [OfFile(full, null, notes.Book.Now)]
                : Lines(File.ReadAllText(full), notes.Book.Now);
            return found is null
                ? RunCommand.Refuse(context, "text", new("usage", File.Exists(full) ? $"{from} is longer than {MostBytes / 1024 / 1024} MiB." : $"There is no file or folder {from}.", ""), ExitCode.Usage)
                : Import(context, notes, found, flags.Scope(parsed));
        });
    }

    private static int Import(CommandContext context, ProjectNotes notes, IEnumerable<(string From, MemoryNote? Note, MemoryScope? Scope, string? Problem)> found, MemoryScope? wanted)
    {
        var (taken, refused) = (0, 0);
        foreach (var (from, note, scope, problem) in found)
        {
            var outcome = note is null || problem is not null ? new NoteOutcome(NoteEnd.Refused, from, $"{problem}.") : notes.Book.Put(note, wanted ?? scope ?? MemoryScope.Project);
            if (outcome.End is NoteEnd.Refused)
            {
                refused++;
                context.Io.TellError($"bridle: {VisibleText.Line(from, 200)} was not imported: {VisibleText.Of(outcome.Message)}");
            }
            else
            {
                taken++;
                context.Io.Tell(VisibleText.Of(outcome.Message));
            }
        }

        context.Io.TellError($"{taken} {(taken == 1 ? "note" : "notes")} imported{(refused > 0 ? $", {refused} refused" : "")}.");
        return refused > 0 ? ExitCode.Failed : ExitCode.Done;
    }

    private static int ToLines(CommandContext context, List<ShelvedNote> notes, string? file)
    {
        var text = string.Concat(notes.Select(one => NoteJson.Write(one.Note, one.Scope) + "\n"));
        if (file is null)
        {
            context.Io.Out.Write(text);
            return ExitCode.Done;
        }

        using (var target = new FileStream(FolderArgument.Full(file, context.Environment), FileMode.CreateNew))
        {
            target.Write(Encoding.UTF8.GetBytes(text));
        }

        context.Io.Tell($"Wrote {notes.Count} {(notes.Count == 1 ? "note" : "notes")} to {file}.");
        return ExitCode.Done;
    }

    private static int ToFolder(CommandContext context, List<ShelvedNote> notes, string into)
    {
        var folder = FolderArgument.Full(into, context.Environment);
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            return RunCommand.Refuse(context, "text", new("usage", $"{into} is not empty, so nothing was written.", "Name a folder that does not exist yet."), ExitCode.Usage);
        }

        foreach (var (scope, note) in notes)
        {
            File.WriteAllText(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, NoteBook.Word(scope))).FullName, $"{note.Name}.md"), NoteText.Write(note));
        }

        context.Io.Tell($"Wrote {notes.Count} {(notes.Count == 1 ? "note" : "notes")} to {into}.");
        return ExitCode.Done;
    }

    private static IEnumerable<(string From, MemoryNote? Note, MemoryScope? Scope, string? Problem)> Lines(string text, DateTimeOffset now)
    {
        var number = 0;
        foreach (var line in text.TrimStart('\ufeff').ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Trim().Length > 0)
            {
                var (note, scope, problem) = NoteJson.Read(line, now);
                yield return (note?.Name ?? $"line {number}", note, scope, problem);
            }
        }
    }

    private static IEnumerable<(string From, MemoryNote? Note, MemoryScope? Scope, string? Problem)> Files(string folder, DateTimeOffset now)
    {
        var places = Enum.GetValues<MemoryScope>().Select(scope => (Folder: Path.Combine(folder, NoteBook.Word(scope)), Scope: (MemoryScope?)scope)).Prepend((folder, null));
        foreach (var (place, scope) in places.Where(place => Directory.Exists(place.Folder)))
        {
            foreach (var file in Directory.EnumerateFiles(place, "*.md").Where(file => Path.GetFileName(file) is not MarkdownMemory.Index).Order(StringComparer.Ordinal))
            {
                yield return OfFile(file, scope, now);
            }
        }
    }

    private static (string From, MemoryNote? Note, MemoryScope? Scope, string? Problem) OfFile(string file, MemoryScope? scope, DateTimeOffset now)
    {
        var (name, problem) = NoteName.Read(Path.GetFileNameWithoutExtension(file));
        var info = new FileInfo(file);
        if (name is null || info.LinkTarget is not null || info.Length is 0 or > MostBytes)
        {
            return (Path.GetFileName(file), null, scope, name is null ? problem!.TrimEnd('.') : info.LinkTarget is not null ? "it is a link" : "it is empty, or too long for a note");
        }

        var (note, wrong) = NoteText.Read(name, File.ReadAllText(file), now);
        return (name, note, scope, wrong);
    }
}
