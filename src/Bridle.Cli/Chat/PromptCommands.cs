using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;
using Bridle.Hosting;

namespace Bridle.Cli.Chat;

/// <summary>The commands that make the next message, or go on without one.</summary>
internal sealed class PromptCommands(CommandContext context, Conversation conversation, PersonsEditor editor)
{
    private const int MostShownLines = 20;

    private readonly CommandIo _io = context.Io;
    private readonly string _prompts = BridleFolders.For(context.Environment).Prompts;

    public IReadOnlyList<ChatCommand> Rows =>
    [
        new("/continue", "", "let the model go on with the conversation as it stands", (_, _) => Task.FromResult(Continue())),
        new("/editor", "[TEXT]", "write the next message in nvim, then send it (in tmux, or with $VISUAL or $EDITOR)", EditAsync),
        new("/promptfile", "PATH", "send the contents of a file of the prompts folder", (path, token) => SendFileAsync(path, token)) { Complete = typed => ChatCommands.Beginning(Files(), typed) },
    ];

    private NextTurn? Continue()
    {
        switch (conversation.Harness.Session.Transcript.Messages)
        {
            case []:
                _io.Tell("  There is nothing to go on with yet: say something first.");
                return null;
            case [.., { Role: Messages.Role.Assistant }] when conversation.Harness.Session.Transcript.UnansweredCalls.Count == 0:
                _io.Tell("  The model has answered already; it is asked to go on all the same.");
                return new(null);
            default:
                return new(null);
        }
    }

    private async Task<NextTurn?> EditAsync(string? draft, CancellationToken cancellationToken)
    {
        var (text, problem) = await editor.WriteAsync(draft ?? "", cancellationToken);
        if (text is null || text.Trim().Length == 0)
        {
            _io.Tell($"  {problem ?? (text is null ? "It was not saved, so nothing is sent." : "It is empty, so nothing is sent.")}");
            return null;
        }

        return Send(text.TrimEnd('\n'));
    }

    private async Task<NextTurn?> SendFileAsync(string? path, CancellationToken cancellationToken)
    {
        if (path is null)
        {
            var files = Files();
            _io.Tell(files.Count > 0 ? $"  Which one? {string.Join(", ", files.Take(20))}" : $"  Which one? There is none in {_prompts} yet.");
            return null;
        }

        if (Directory.Exists(Path.Combine(_prompts, path)))
        {
            _io.Tell($"  {VisibleText.Line(path, 200)} is a folder. Name a file in it.");
            return null;
        }

        try
        {
            var text = await PromptText.ReadFileAsync(Path.Combine(_prompts, path), cancellationToken);
            if (text.Trim().Length > 0)
            {
                return Send(text);
            }

            _io.Tell($"  {VisibleText.Line(path, 200)} is empty, so nothing is sent.");
        }
        catch (Exception problem) when (problem is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            var near = NearestName.Of(path, Files());
            _io.Tell($"  {VisibleText.Line(problem.Message, 300)}{(near is null ? "" : $" Did you mean {near}?")}");
        }

        return null;
    }

    // What is sent was not typed here, so a person sees it before the answer comes.
    private NextTurn Send(string text)
    {
        var lines = VisibleText.Of(text.TrimEnd('\n')).Split('\n');
        _io.Out.WriteLine("❯ " + string.Join('\n', lines.Take(MostShownLines)) + (lines.Length > MostShownLines ? $"\n(+{lines.Length - MostShownLines} lines)" : ""));
        return new(text);
    }

    private List<string> Files()
    {
        try
        {
            var options = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5, IgnoreInaccessible = true };
            return Directory.Exists(_prompts) ? [.. Directory.EnumerateFiles(_prompts, "*", options).Take(1_000).Select(file => Path.GetRelativePath(_prompts, file)).Order(StringComparer.Ordinal)] : [];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
