using System.Globalization;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Events;
using Bridle.Hosting;
using Bridle.Hosting.Rewinding;
using Bridle.Journal;

namespace Bridle.Cli.Chat;

/// <summary><c>/rewind</c>: back to before an earlier message, in a copy of the session, and with the files as they were if the person likes.</summary>
internal sealed class RewindCommands(CommandContext context, Conversation conversation, SessionCommands sessions, ChatInput? input)
{
    private const int MostOffered = 15;

    private readonly CommandIo _io = context.Io;
    private readonly BridleFolders _folders = BridleFolders.For(context.Environment);
    private readonly LineQuestions _questions = new(context, input);

    public IReadOnlyList<ChatCommand> Rows => [new("/rewind", "[N|all|TEXT|undo]", "go back to before one of your messages, with the files if you like, or undo that", RewindAsync) { NeedsFile = true }];

    private async Task<NextTurn?> RewindAsync(string? argument, CancellationToken cancellationToken)
    {
        if (conversation.Harness is not { Path: not null, Files: { } files })
        {
            _io.Tell("  This session lives in memory only; there is no way back in it.");
            return null;
        }

        try
        {
            var store = new SessionStore(_folders.Data, _folders.State);
            var records = store.Read(conversation.Harness.Name).Journal.Read().ToList();
            if (argument is "undo")
            {
                await UndoAsync(store, records, new(files, store.Blobs), files.Root, cancellationToken);
            }
            else if (await ChooseAsync(RewindPoint.Of(records), argument, cancellationToken) is { } point)
            {
                await GoBackAsync(store, point, FileBefore.Since(records, point.Record), new(files, store.Blobs), files.Root, cancellationToken);
            }
        }
        catch (JournalException problem)
        {
            _io.Tell($"  {VisibleText.Of(problem.Message)}");
        }

        return null;
    }

    private async Task<RewindPoint?> ChooseAsync(IReadOnlyList<RewindPoint> points, string? argument, CancellationToken cancellationToken)
    {
        if (points.Count == 0)
        {
            _io.Tell("  There is no message to go back to yet.");
            return null;
        }

        // A number is one of them, however long ago; anything else says which are listed.
        if (!IsNumber(argument, out _))
        {
            var listed = argument is null ? [.. points.Take(MostOffered)] : argument is "all" ? points : [.. points.Where(point => point.Text.Contains(argument, StringComparison.OrdinalIgnoreCase))];
            if (listed.Count > 0)
            {
                List(points, listed, argument is null);
                argument = await _questions.LineAsync("Back to before which message? Number, or Enter for none: ", cancellationToken);
            }
        }

        if (argument is null or "")
        {
            _io.Tell("  Nothing was changed.");
            return null;
        }

        if (IsNumber(argument, out var number) && number > 0 && number <= points.Count)
        {
            return points[number - 1];
        }

        _io.Tell($"  There is no message {VisibleText.Line(argument, 40)}: 1 is your last one, {points.Count} the first. /rewind all lists them, and /rewind TEXT those with a text.");
        return null;
    }

    private static bool IsNumber(string? text, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private void List(IReadOnlyList<RewindPoint> points, IReadOnlyList<RewindPoint> listed, bool onlyLatest)
    {
        var at = 0;
        foreach (var point in listed)
        {
            while (points[at] != point)
            {
                at++;
            }

            var when = point.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            var line = $"{when}  {(point.Files > 0 ? $"({point.Files} {(point.Files == 1 ? "file" : "files")}) " : "")}{point.Text}";
            _io.Out.WriteLine($"  {at + 1,2}. {VisibleText.Line(line, Math.Max(30, _io.Width() - 7))}");
        }

        if (onlyLatest && points.Count > listed.Count)
        {
            _io.Tell($"  (+{points.Count - listed.Count} earlier: any number up to {points.Count}, /rewind all, /rewind TEXT)");
        }
    }

    private async Task GoBackAsync(SessionStore store, RewindPoint point, IReadOnlyList<FileBefore> files, FileRestoring restoring, string root, CancellationToken cancellationToken)
    {
        var standing = files.Select(file => new Standing(file, restoring.Look(file))).ToList();
        TellCommands(point.Commands);
        if (await AskAsync(standing, root, cancellationToken) is not { } chosen)
        {
            _io.Tell("  Nothing was changed.");
            return;
        }

        var before = conversation.Harness.Name;
        var name = store.Unused($"{(before.LastIndexOf("-rewind", StringComparison.Ordinal) is > 0 and var at ? before[..at] : before)}-rewind");
        store.Clone(before, name, point.Record - 1);

        // The mode that is in force now stays: going back must not bring back a wider one.
        await sessions.ChangeAsync(conversation.Other(name) with { Mode = conversation.Harness.Session.Mode }, cancellationToken);
        if (conversation.Harness.Name != name)
        {
            store.Remove(name);
            return;
        }

        await RestoreAsync(store, before, chosen, standing, restoring, root, cancellationToken);
        _io.Tell(VisibleText.Of($"  Back to before that message. What was said since is kept in session {before}. What commands did is not undone. /rewind undo goes to where you were."));
        input?.Draft(point.Text);
    }

    // To where the person was before they went back: the session that they left, and the files as they were then. That can be undone in its turn.
    private async Task UndoAsync(SessionStore store, List<Recorded> records, FileRestoring restoring, string root, CancellationToken cancellationToken)
    {
        var before = conversation.Harness.Name;
        var mark = records.LastOrDefault(record => record.Event is Rewound);
        if (mark is not { Event: Rewound rewound } || mark.N <= store.LastStrange(before))
        {
            _io.Tell(mark is null ? "  There is nothing to undo: /rewind did not lead into this session." : "  That cannot be undone: the record of going back was not written here, or the file was changed since.");
            return;
        }

        if (!store.Exists(rewound.From))
        {
            _io.Tell(VisibleText.Of($"  You were in session {rewound.From}, and its file is not there any more. Nothing was changed; /session resume lists the sessions there are."));
            return;
        }

        var standing = FileBefore.Undoing(records, mark).Select(file => new Standing(file, restoring.Look(file))).ToList();
        TellCommands(records.Count(record => record.N > mark.N && record.Event is ToolReturned { ExitCode: not null }));
        if (await AskAsync(standing, root, cancellationToken) is not { } chosen)
        {
            _io.Tell("  Nothing was changed.");
            return;
        }

        await sessions.ChangeAsync(conversation.Other(rewound.From) with { Mode = conversation.Harness.Session.Mode }, cancellationToken);
        if (conversation.Harness.Name != rewound.From)
        {
            return;
        }

        await RestoreAsync(store, before, chosen, standing, restoring, root, cancellationToken);
        _io.Tell(VisibleText.Of($"  Where you were before going back. What was said since is kept in session {before}. What commands did is not undone."));
    }

    private void TellCommands(int count)
    {
        if (count > 0)
        {
            _io.Tell($"  {(count == 1 ? "A command" : $"{count} commands")} ended since then. What commands did cannot be undone and stays.");
        }
    }

    // In the session that is open now. What is about to be written over is kept, and on the disk, before anything is.
    private async Task RestoreAsync(SessionStore store, string left, IReadOnlyList<FileBefore> chosen, List<Standing> standing, FileRestoring restoring, string root, CancellationToken cancellationToken)
    {
        var last = store.Read(left).Journal.Last;
        var kept = chosen.Select(restoring.Keep).ToList();
        await conversation.Harness.Session.NoteAsync(new(left, last, kept), cancellationToken);
        foreach (var (file, copy) in chosen.Zip(kept))
        {
            // Looked at again: a person may have taken their time.
            var problem = restoring.Look(file) == standing.First(one => one.File == file).Now ? restoring.Restore(file) : $"{file.Path} was changed just now and was left as it is.";
            _io.Tell(problem is null ? $"  {(file.Blob is null ? "removed " : "put back")} {Shown(file, root)}{(copy.Kept ? "" : " (what was there is too large to be kept for an undo)")}" : $"  {VisibleText.Of(problem)}");
        }
    }

    // The files to put back; null when the person would rather not go back.
    private async Task<IReadOnlyList<FileBefore>?> AskAsync(List<Standing> standing, string root, CancellationToken cancellationToken)
    {
        var chosen = standing.Where(one => one.Now is FileStanding.AsTheAgentLeftIt).Select(one => one.File).ToList();
        foreach (var (file, now) in standing.Where(one => one.Now is FileStanding.AsTheAgentLeftIt or FileStanding.NotKept))
        {
            _io.Tell(now is FileStanding.NotKept ? $"  {Shown(file, root)}: no copy was kept, so it stays as it is." : $"  {Shown(file, root)}: {(file.Blob is null ? "was not there before, would be removed" : "would be put back")}");
        }

        if (chosen.Count > 0)
        {
            switch (await _questions.KeyAsync($"Put {(chosen.Count == 1 ? "this file" : $"these {chosen.Count} files")} back? [y] yes [n] no, go back without, Enter to stay: ", "yn", cancellationToken))
            {
                case 'y':
                    break;
                case 'n':
                    return [];
                default:
                    return null;
            }
        }

        foreach (var (file, _) in standing.Where(one => one.Now is FileStanding.Doubtful))
        {
            _io.Tell($"  {Shown(file, root)} is not as the agent left it, or not in this workspace. What is there now would be lost.");
            if (await _questions.KeyAsync($"{(file.Blob is null ? "Remove it" : "Put it back")} all the same? [y/N] ", "yn", cancellationToken) is 'y')
            {
                chosen.Add(file);
            }
        }

        return chosen;
    }

    private static string Shown(FileBefore file, string root) =>
        VisibleText.Line(file.Path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(root, file.Path) : file.Path, 200);

    private sealed record Standing(FileBefore File, FileStanding Now);
}
