using Bridle.Journal;

namespace Bridle.Hosting.Editing;

/// <summary>What editing needs from whoever talks to the person.</summary>
/// <param name="OpenAsync">Opens a file in an editor and returns when it is closed: null, or why there was none. See <see cref="ForegroundEditor"/>.</param>
/// <param name="Confirm">Shows the changes, one a line, and asks whether they are taken over.</param>
/// <param name="TryAgain">Shows which lines are broken, one a line, and asks whether the text is opened again.</param>
public sealed record EditTalk(Func<string, CancellationToken, Task<string?>> OpenAsync, Func<string, bool> Confirm, Func<string, bool> TryAgain)
{
    /// <summary>Closes the session where the caller has it open; called once, after the yes and before the file is replaced.</summary>
    public Func<Task> LetGoAsync { get; init; } = () => Task.CompletedTask;
}

/// <summary>How editing ended.</summary>
public enum EditEnd
{
    /// <summary>The changes are sealed: the session must be opened again to see them.</summary>
    Sealed,

    /// <summary>Nothing was changed.</summary>
    Unchanged,

    /// <summary>The session is as it was; the person's text is kept in a file that the message names.</summary>
    Kept,

    /// <summary>There was no editor, or it failed; the session is as it was.</summary>
    NoEditor,
}

/// <summary>What came of editing, with a message for the person.</summary>
public sealed record EditResult(EditEnd End, string Message);

/// <summary>
/// Lets a person edit a session's file: opens a copy, checks it when the editor is closed, offers a broken one again, asks for a yes, and seals. The one place for
/// that, whoever asks for it. The session's own file keeps every byte until the yes, and the file as it was stays as a blob after it.
/// </summary>
public static class SessionEditing
{
    /// <summary>Edits with an editor. Throws <see cref="JournalException"/> with words for a person when the session cannot be read or replaced.</summary>
    public static async Task<EditResult> RunAsync(SessionStore store, string name, EditTalk talk, CancellationToken cancellationToken)
    {
        var draft = store.Draft(name);
        while (true)
        {
            if (await talk.OpenAsync(draft.Path, cancellationToken) is { } problem)
            {
                return draft.Check().State is DraftState.Unchanged ? Dropped(draft, EditEnd.NoEditor, problem) : Kept(draft, problem);
            }

            var check = draft.Check();
            if (check.State is not DraftState.Broken)
            {
                return await DecideAsync(draft, check, talk, "person");
            }

            if (!talk.TryAgain(check.Describe()))
            {
                return Kept(draft, "A line is broken, so nothing was taken over.");
            }
        }
    }

    /// <summary>Takes over a file that was edited before, such as one that an earlier edit left. Broken lines are refused with their numbers.</summary>
    public static async Task<EditResult> TakeAsync(SessionStore store, string name, string file, EditTalk talk, string by)
    {
        var draft = store.Draft(name);
        File.Copy(file, draft.Path, overwrite: true);
        var check = draft.Check();
        return check.State is DraftState.Broken
            ? Dropped(draft, EditEnd.Kept, $"{file} cannot be taken over, and nothing was:\n{check.Describe().TrimEnd()}")
            : await DecideAsync(draft, check, talk, by);
    }

    private static async Task<EditResult> DecideAsync(SessionDraft draft, DraftCheck check, EditTalk talk, string by)
    {
        if (check.State is DraftState.Unchanged)
        {
            return Dropped(draft, EditEnd.Unchanged, "Nothing was changed.");
        }

        if (!talk.Confirm(check.Describe()))
        {
            return Kept(draft, "Nothing was taken over.");
        }

        await talk.LetGoAsync();
        var report = draft.Accept(by);
        var changes = report.Edits!.Changes.Count;
        return new EditResult(EditEnd.Sealed, $"{changes} {(changes == 1 ? "change was" : "changes were")} taken over and sealed.");
    }

    private static EditResult Dropped(SessionDraft draft, EditEnd end, string message)
    {
        draft.Discard();
        return new EditResult(end, message);
    }

    private static EditResult Kept(SessionDraft draft, string why) => new(EditEnd.Kept, $"{why} Your text is in {draft.Path}.");
}
