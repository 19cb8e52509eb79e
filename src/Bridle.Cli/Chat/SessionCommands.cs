using System.Globalization;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;
using Bridle.Hosting.Editing;
using Bridle.Journal;

namespace Bridle.Cli.Chat;

/// <summary>The commands about the session: where it is, another one in its place, its messages and its file.</summary>
internal sealed class SessionCommands(CommandContext context, Conversation conversation, PersonsEditor editor, ChatInput? input)
{
    private const int MostOffered = 15;

    private readonly CommandIo _io = context.Io;
    private readonly BridleFolders _folders = BridleFolders.For(context.Environment);

    public IReadOnlyList<ChatCommand> Rows =>
    [
        new("/session", "", "where this conversation is kept", (_, _) => ChatCommands.Done(Where)) { WorksWhenClosed = true },
        new("/session new", "", "begin a new session without messages", (_, token) => ChangeAsync(conversation.New, token)) { WorksWhenClosed = true },
        new("/session rename", "NAME", "give this session another name", RenameAsync) { NeedsFile = true },
        new("/session resume", "[NAME]", "go on with another session", ResumeAsync) { Complete = Others, WorksWhenClosed = true },
        new("/session clone", "[NAME]", "copy this session and go on in the copy", CloneAsync) { NeedsFile = true },
        new("/session show-messages", "[--all]", "show all messages that the model sees, or all there ever were", (said, _) => ChatCommands.Done(() => ShowMessages(said))) { Complete = typed => ChatCommands.Beginning(["--all"], typed), WorksWhenClosed = true },
        new("/session edit", "", "edit this session's file in nvim (in tmux, or with $VISUAL or $EDITOR)", (_, token) => EditAsync(token)) { WorksWhenClosed = true, NeedsFile = true },
    ];

    private void ShowMessages(string? said)
    {
        switch (said)
        {
            case null:
                MessageList.Show(conversation.Harness.Session.Transcript, _io);
                break;
            case "--all" when !conversation.IsOpen:
                _io.Tell("  All there ever were are in the session's file only, and it is closed. /session show-messages shows those that the model saw last.");
                break;
            case "--all":
                MessageList.ShowAll(conversation.Harness.Records(null), _io);
                break;
            default:
                _io.Tell($"  /session show-messages takes --all or nothing after it, but there is: {VisibleText.Line(said, 60)}");
                break;
        }
    }

    private SessionStore Store() => new(_folders.Data, _folders.State);

    private void Where() => _io.Tell(conversation.Harness.Path is { } path ? $"  {conversation.Harness.Name}: {path}{(conversation.IsOpen ? "" : " (closed)")}" : $"  {conversation.Harness.Name}: in memory only");

    private IReadOnlyList<string> Others(string typed)
    {
        try
        {
            return ChatCommands.Beginning(Store().List().Select(session => session.Name).Where(name => name != conversation.Harness.Name), typed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Goes on with another session and says so; or says why not, and then this one goes on.</summary>
    public async Task<NextTurn?> ChangeAsync(HarnessRequest to, CancellationToken cancellationToken)
    {
        HarnessRefused? refused;
        if (!conversation.IsOpen && to is { Resume: true } && to.SessionName == conversation.Harness.Name && LostFile.Of(conversation.Harness, _folders) is { } gone)
        {
            conversation.IsFileLost = true;
            _io.Tell($"  {VisibleText.Of(_io.Hint(gone))}");
            return null;
        }

        try
        {
            refused = await conversation.ChangeAsync(to, cancellationToken);
        }
        catch (JournalException problem)
        {
            refused = new("session", problem.Message, "");
        }

        if (refused is not null)
        {
            _io.Tell($"  {VisibleText.Of(_io.Hint($"{refused.Message} {refused.Advice}".TrimEnd().Replace("`bridle sessions list`", "`/session resume`", StringComparison.Ordinal)))}");
            return null;
        }

        foreach (var notice in conversation.Harness.Notices)
        {
            _io.Tell($"  {VisibleText.Of(_io.Hint(notice))}");
        }

        _io.Tell($"  Session {conversation.Harness.Name}, {VisibleText.Line(conversation.Harness.Session.Model.Info.FullName, 200)}, mode {conversation.Harness.Session.Mode}.");
        LastWords.Show(conversation.Harness, _io, new Styling(_io.Color && _io.OutIsTerminal));
        return null;
    }

    private async Task<NextTurn?> ResumeAsync(string? name, CancellationToken cancellationToken)
    {
        name ??= await ChooseAsync(context, Store(), conversation.Harness.Name, input, cancellationToken);
        if (name is null)
        {
            return null;
        }

        name = Store().Exists(name) ? name : Unquoted(name)!;
        if (name == conversation.Harness.Name && conversation.IsOpen)
        {
            _io.Tell("  That is this session.");
            return null;
        }

        return await ChangeAsync(conversation.Other(name), cancellationToken);
    }

    /// <summary>Lets a person choose a session, the latest first; null when they do not or there is none.</summary>
    public static async Task<string?> ChooseAsync(CommandContext context, SessionStore store, string? except, ChatInput? input, CancellationToken cancellationToken)
    {
        var sessions = store.List().Where(session => session.Name != except).Take(MostOffered).ToList();
        if (sessions.Count == 0)
        {
            context.Io.Tell("  There is no other session yet.");
            return null;
        }

        for (var i = 0; i < sessions.Count; i++)
        {
            var title = sessions[i].ReadDetails().Title ?? "";
            var when = sessions[i].LastActivity.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
            context.Io.Out.WriteLine($"  {i + 1,2}. {VisibleText.Line($"{sessions[i].Name}  {when}  {title}", Math.Max(30, context.Io.Width() - 7))}");
        }

        var said = await new LineQuestions(context, input).LineAsync("Number or name: ", cancellationToken);
        return said is null or "" ? null
            : int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= sessions.Count && !store.Exists(said) ? sessions[number - 1].Name
            : said;
    }

    private async Task<NextTurn?> CloneAsync(string? name, CancellationToken cancellationToken) =>
        conversation.Harness.Path is null
            ? await ChatCommands.Done(() => _io.Tell("  This session lives in memory only and cannot be copied."))
            : await ChangeAsync(conversation.New with { CloneOf = conversation.Harness.Name, SessionName = Unquoted(name) }, cancellationToken);

    // Who is used to a shell puts a name with spaces into quotes.
    private static string? Unquoted(string? name) =>
        name is [('"' or '\'') and var quote, .. var within, var last] && last == quote && !within.Contains(quote) ? within : name;

    private async Task<NextTurn?> RenameAsync(string? given, CancellationToken cancellationToken)
    {
        var name = Unquoted(given);
        var before = conversation.Harness.Name;
        var problem = conversation.Harness.Path is null ? "This session lives in memory only and has no file to rename."
            : name is null ? "How shall it be called? /session rename NAME"
            : SessionStore.WhyNotNewName(name) ?? (Store().Exists(name) ? $"There is a session '{name}' already. Choose another name." : null);
        if (problem is not null)
        {
            _io.Tell($"  {VisibleText.Of(problem)}");
            return null;
        }

        var same = await conversation.CloseAsync();
        try
        {
            Store().Rename(before, name!);
            same = same with { SessionName = name };
        }
        catch (JournalException failed)
        {
            _io.Tell($"  {VisibleText.Of(failed.Message)}");
        }

        if (await conversation.ChangeAsync(same, cancellationToken) is { } refused)
        {
            _io.Tell($"  {VisibleText.Of($"{refused.Message} {refused.Advice}".TrimEnd())}");
        }
        else
        {
            Where();
        }

        return null;
    }

    private async Task<NextTurn?> EditAsync(CancellationToken cancellationToken)
    {
        if (conversation.Harness.Path is null)
        {
            _io.Tell("  This session lives in memory only and has no file.");
            return null;
        }

        using var scope = context.Interrupts.Begin(cancellationToken);
        var (name, again) = (conversation.Harness.Name, conversation.Same);
        string said;
        try
        {
            var talk = new EditTalk(editor.OpenAsync, Accept, broken => TryAgain(broken, scope.Token)) { LetGoAsync = conversation.CloseAsync };
            said = (await SessionEditing.RunAsync(Store(), name, talk, scope.Token)).Message;
        }
        catch (JournalException problem)
        {
            said = problem.Message;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            said = "Waiting no longer. What you save now is not taken over.";
        }

        _io.Tell($"  {VisibleText.Of(said)}");
        return conversation.IsOpen ? null : await ChangeAsync(again, cancellationToken);
    }

    // Saving the file was the yes; what it means is shown.
    private bool Accept(string changes)
    {
        _io.Out.Write(WordWrap.Of(VisibleText.Exactly(changes), _io.Width()));
        return true;
    }

    // Asked in the middle of the edit, which cannot wait asynchronously.
    private bool TryAgain(string broken, CancellationToken cancellationToken)
    {
        _io.Tell("  These lines cannot be taken over:");
        _io.Out.Write(VisibleText.Of(broken));
        return new LineQuestions(context, input).LineAsync("  Edit again? [y/n] ", cancellationToken).GetAwaiter().GetResult() is "y" or "Y" or "yes";
    }
}
