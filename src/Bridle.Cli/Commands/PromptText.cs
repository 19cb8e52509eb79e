using System.Text;
using Bridle.Cli.Output;

namespace Bridle.Cli.Commands;

/// <summary>Where the task comes from: the command line, a file or standard input.</summary>
internal static class PromptText
{
    // What is not text must not reach the model as something else in silence. Byte order marks of other encodings are understood.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text file as it stands. Throws what reading files throws, and <see cref="InvalidDataException"/> for one that is no text.</summary>
    public static async Task<string> ReadFileAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, Strict, cancellationToken);
        }
        catch (DecoderFallbackException wrong)
        {
            throw new InvalidDataException($"it is no UTF-8 text (byte {wrong.BytesUnknown?.FirstOrDefault():x2} is none of it). Save it as UTF-8.");
        }
    }

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
                text = await ReadFileAsync(Path.GetFullPath(file, context.Environment.CurrentDirectory), cancellationToken);
            }
            catch (InvalidDataException noText)
            {
                return (null, new("usage", $"The prompt file {file} cannot be read: {noText.Message}", ""));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return (null, new("usage", $"The prompt file {file} cannot be read: {exception.Message}", "Check the path."));
            }
        }
        else if (file is "-" || words is ["-"] || (words.Count == 0 && !context.Io.InIsTerminal && !resume))
        {
            text = await context.Io.In.ReadToEndAsync(cancellationToken);
            if (text.Contains('\ufffd'))
            {
                context.Io.TellError("bridle: what came on standard input is not all UTF-8 text; \ufffd stands where it is not.");
            }
        }
        else if (words.Count == 0 && resume)
        {
            return (null, null);
        }
        else
        {
            text = string.Join(' ', words);
        }

        return text.Trim().Length > 0 ? (text, null)
            : file is not null and not "-" ? (null, new("usage", $"The prompt file {file} is empty.", "Write into it what to do."))
            : (null, new("usage", "There is no task.", "Say what to do: bridle run \"Which files mention TODO?\""));
    }
}
