using System.Text;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat;

/// <summary>Asks for lines, at the plain terminal or inside a conversation that already has the keyboard.</summary>
internal sealed class LineQuestions(CommandContext context, ChatInput? input)
{
    private static readonly TimeSpan s_afterKey = TimeSpan.FromMilliseconds(300);

    public async Task<string?> LineAsync(string prompt, CancellationToken cancellationToken)
    {
        if (input is not null)
        {
            using var scope = context.Interrupts.BeginQuestion(cancellationToken);
            try
            {
                return await input.AskLineAsync(prompt, scope.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                context.Io.Out.WriteLine("(Ctrl+C)");
                return null;
            }
        }

        context.Io.Out.Write(prompt);
        context.Io.Out.Flush();
        return (await context.Io.In.ReadLineAsync(cancellationToken))?.Trim();
    }

    /// <summary>
    /// Asks for one of some keys, which decides at once; null by Enter, Esc, Ctrl+C and the end of the input. Enter behind the key, as after a line, is taken as part of the answer. Where
    /// there is no keyboard a line is read, of which the first letter counts.
    /// </summary>
    public async Task<char?> KeyAsync(string prompt, string keys, CancellationToken cancellationToken)
    {
        if (input is null)
        {
            return await LineAsync(prompt, cancellationToken) is [var first, ..] && keys.Contains(char.ToLowerInvariant(first)) ? char.ToLowerInvariant(first) : null;
        }

        using var scope = context.Interrupts.BeginQuestion(cancellationToken);
        try
        {
            return await KeyAsync(input, prompt, keys, scope.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            context.Io.Out.WriteLine("no (Ctrl+C)");
            return null;
        }
    }

    private async Task<char?> KeyAsync(ChatInput from, string prompt, string keys, CancellationToken cancellationToken)
    {
        return await from.AskAsync(async asked =>
        {
            context.Io.Out.Write(prompt);
            context.Io.Out.Flush();
            while (true)
            {
                var pressed = await asked.ReadAsync(cancellationToken);
                if (pressed is not { } key || key is { Key: ConsoleKey.Enter or ConsoleKey.Escape } or { KeyChar: '\r' or '\n' or '\u0003' or '\u0004' })
                {
                    context.Io.Out.WriteLine();
                    return (char?)null;
                }

                if (AskedKeys.Letter(key) is { } letter && keys.Contains(letter))
                {
                    context.Io.Out.WriteLine(key.KeyChar.ToString());
                    // Who is used to end answers by Enter must not send the next message by it.
                    await from.TakeEnterAsync(asked, s_afterKey, cancellationToken);
                    return letter;
                }
            }
        }, cancellationToken);
    }

    public async Task<string?> SecretAsync(string prompt, CancellationToken cancellationToken)
    {
        context.Io.Out.Write(prompt);
        context.Io.Out.Flush();
        if (input is not null)
        {
            return await input.AskAsync(keys => HiddenAsync(keys, cancellationToken), cancellationToken);
        }

        return (context.Io.ReadSecret is { } secret ? await Task.Run(secret, cancellationToken) : await context.Io.In.ReadLineAsync(cancellationToken))?.Trim();
    }

    private async Task<string?> HiddenAsync(AskedKeys keys, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await keys.Strokes.ReadAsync(cancellationToken) is { } stroke)
        {
            if (stroke.Is(ConsoleKey.Enter))
            {
                context.Io.Out.WriteLine();
                return text.ToString();
            }

            if (stroke.Is(ConsoleKey.Backspace))
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else
            {
                // A key is mostly pasted, with the end of its line.
                text.Append(stroke.Text.ReplaceLineEndings(""));
            }
        }

        return null;
    }
}
