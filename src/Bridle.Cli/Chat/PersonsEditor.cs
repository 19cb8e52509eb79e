using Bridle.Cli.Commands;
using Bridle.Hosting.Editing;

namespace Bridle.Cli.Chat;

/// <summary>The editor of the person, opened from a conversation: nvim in a window of tmux, or <c>$VISUAL</c> or <c>$EDITOR</c> in the place of the conversation.</summary>
internal sealed class PersonsEditor(CommandContext context, ChatInput? input)
{
    private static readonly DateTime LongAgo = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>Opens a file and waits until the editor is closed. Null, or why it was not edited.</summary>
    public async Task<string?> OpenAsync(string file, CancellationToken cancellationToken)
    {
        var (environment, folder) = (context.Environment, context.Environment.CurrentDirectory);
        if (TmuxEditor.IsInside(environment))
        {
            context.Io.Tell("  Waiting for the editor in the other tmux window. Ctrl+C waits no longer.");
            return await TmuxEditor.OpenAsync(environment, file, folder, TimeProvider.System, cancellationToken);
        }

        if (ForegroundEditor.Command(environment) is not { } command)
        {
            return "This opens nvim in a window of tmux, and Bridle does not run inside tmux. Start it there, or set $VISUAL or $EDITOR.";
        }

        // Without a terminal there is nothing to lend: the editor is a program like any other.
        var opened = input is null ? await RunAsync(command) : await input.LendAsync(() => RunAloneAsync(command), cancellationToken);
        return opened is null ? $"'{command}' cannot have this terminal, whose keys Bridle cannot let go of here. Start Bridle inside tmux." : opened.Problem;

        async Task<Closed> RunAsync(string editor) => new(await ForegroundEditor.OpenAsync(editor, file, folder, cancellationToken));

        // As long as the editor is there the terminal and its Ctrl+C are the editor's: two programs cannot have the keys.
        async Task<Closed> RunAloneAsync(string editor)
        {
            context.Interrupts.ForAnother = true;
            try
            {
                return await RunAsync(editor);
            }
            finally
            {
                context.Interrupts.ForAnother = false;
            }
        }
    }

    /// <summary>Lets a person write a text. Null when it was not saved; with a reason when there was no editor.</summary>
    public async Task<(string? Text, string? Problem)> WriteAsync(string draft, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("bridle-prompt-");
        var file = Path.Combine(folder.FullName, "prompt.md");
        await File.WriteAllTextAsync(file, draft, cancellationToken);
        File.SetLastWriteTimeUtc(file, LongAgo);
        using var scope = context.Interrupts.Begin(cancellationToken);
        try
        {
            var problem = await OpenAsync(file, scope.Token);
            var text = problem is null && File.Exists(file) && File.GetLastWriteTimeUtc(file) != LongAgo ? await File.ReadAllTextAsync(file, cancellationToken) : null;
            folder.Delete(recursive: true);
            return (text, problem);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, $"Waiting no longer. What you save now is in {file} and is not sent.");
        }
    }

    private sealed record Closed(string? Problem);
}
