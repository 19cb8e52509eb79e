using Bridle.Cli.Output;

namespace Bridle.Cli.Commands;

/// <summary>Where the task comes from: the command line, a file or standard input.</summary>
internal static class PromptText
{
    /// <summary>The task; null together with no problem means to go on with the session as it stands.</summary>
    public static async Task<(string? Text, Failure? Problem)> ReadAsync(
        IReadOnlyList<string> words, string? file, bool resume, CommandContext context, CancellationToken cancellationToken)
    {
        if (words.Count > 0 && file is not null)
        {
            return (null, new("usage", "The task is given twice: as words and with --prompt-file.", "Give it once."));
        }

        string text;
        if (file is not null and not "-")
        {
            if (Directory.Exists(Path.GetFullPath(file, context.Environment.CurrentDirectory)))
            {
                return (null, new("usage", $"The prompt file {file} is a folder.", "Name the file with the task in it."));
            }

            try
            {
                text = await File.ReadAllTextAsync(Path.GetFullPath(file, context.Environment.CurrentDirectory), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return (null, new("usage", $"The prompt file {file} cannot be read: {exception.Message}", "Check the path."));
            }
        }
        else if (file is "-" || words is ["-"] || (words.Count == 0 && !context.Io.InIsTerminal && !resume))
        {
            text = await context.Io.In.ReadToEndAsync(cancellationToken);
        }
        else if (words.Count == 0 && resume)
        {
            return (null, null);
        }
        else
        {
            text = string.Join(' ', words);
        }

        return text.Trim().Length > 0 ? (text, null) : (null, new("usage", "There is no task.", "Say what to do: bridle run \"Which files mention TODO?\""));
    }
}
