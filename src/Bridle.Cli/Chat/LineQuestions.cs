using System.Text;
using Bridle.Cli.Commands;
using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat;

/// <summary>Asks for lines, at the plain terminal or inside a conversation that already has the keyboard.</summary>
internal sealed class LineQuestions(CommandContext context, ChatInput? input)
{
    public async Task<string?> LineAsync(string prompt, CancellationToken cancellationToken)
    {
        if (input is not null)
        {
            return await input.AskLineAsync(prompt, cancellationToken);
        }

        context.Io.Out.Write(prompt);
        context.Io.Out.Flush();
        return (await context.Io.In.ReadLineAsync(cancellationToken))?.Trim();
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

    private async Task<string?> HiddenAsync(IKeys keys, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (await keys.ReadAsync(cancellationToken) is { } key)
        {
            if (key.Key is ConsoleKey.Enter)
            {
                context.Io.Out.WriteLine();
                return text.ToString();
            }

            if (key.Key is ConsoleKey.Backspace)
            {
                text.Length = Math.Max(0, text.Length - 1);
            }
            else if (!char.IsControl(key.KeyChar))
            {
                text.Append(key.KeyChar);
            }
        }

        return null;
    }
}
