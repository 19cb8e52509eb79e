using Bridle.Cli.Terminals;

namespace Bridle.Cli.Chat;

/// <summary>The keyboard while a question has it. What is pasted is no key, so that no paste decides anything.</summary>
internal sealed class AskedKeys(IStrokes strokes, Func<IDisposable?> lend)
{
    private static readonly ConsoleKeyInfo s_escape = new('\x1b', ConsoleKey.Escape, false, false, false);

    /// <summary>The keys and pastes as they come, for who reads a line.</summary>
    public IStrokes Strokes => strokes;

    /// <summary>
    /// The next key; null when there will be none. Escape and a key just behind it look like that key with Alt: to a question they are Escape and then the key, so that a quick no is never a yes.
    /// </summary>
    public async ValueTask<ConsoleKeyInfo?> ReadAsync(CancellationToken cancellationToken)
    {
        while (await strokes.ReadAsync(cancellationToken) is { } stroke)
        {
            if (stroke.IsEscapeFirst)
            {
                strokes.PutBack(stroke.WithoutAlt());
                return s_escape;
            }

            if (!stroke.IsPaste)
            {
                return stroke.Key;
            }
        }

        return null;
    }

    /// <summary>The letter that a key types, as a small one; null for every other key, and for letters with Control or Alt.</summary>
    public static char? Letter(ConsoleKeyInfo key) => (key.Modifiers & ~ConsoleModifiers.Shift) == 0 && !char.IsControl(key.KeyChar) ? char.ToLowerInvariant(key.KeyChar) : null;

    /// <summary>What a key types where more than letters counts: its letter, or its control character; null when there was no key.</summary>
    public static char? Typed(ConsoleKeyInfo? key) => key is not { } pressed ? null : Letter(pressed) ?? (char.IsControl(pressed.KeyChar) ? pressed.KeyChar : '\0');

    /// <summary>Leaves the terminal to another program until the result is disposed; null where that cannot be done.</summary>
    public IDisposable? Lend() => lend();
}
