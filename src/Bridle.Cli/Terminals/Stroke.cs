namespace Bridle.Cli.Terminals;

/// <summary>What a person did at the keyboard: pressed a key (with what it types, if anything), or pasted text.</summary>
internal readonly record struct Stroke(ConsoleKeyInfo Key, string Text, bool IsPaste)
{
    /// <summary>A key that is pressed.</summary>
    public static Stroke Of(ConsoleKeyInfo key) => new(key, key.KeyChar == '\0' || char.IsControl(key.KeyChar) ? "" : key.KeyChar.ToString(), false);

    /// <summary>Text that is pasted.</summary>
    public static Stroke Paste(string text) => new(default, text, true);

    public bool Control => Key.Modifiers.HasFlag(ConsoleModifiers.Control);

    public bool Alt => Key.Modifiers.HasFlag(ConsoleModifiers.Alt);

    public bool Shift => Key.Modifiers.HasFlag(ConsoleModifiers.Shift);

    /// <summary>Whether it may be Escape and another key just behind it, which a terminal tells in the same way as that key with Alt. Control and Alt together is how some keyboards type a character.</summary>
    public bool IsEscapeFirst => !IsPaste && Alt && Key.KeyChar != '\0' && (!Control || char.IsControl(Key.KeyChar));

    /// <summary>The same key without Alt.</summary>
    public Stroke WithoutAlt() => this with { Key = new(Key.KeyChar, Key.Key, Shift, false, Control) };

    /// <summary>Whether this is the key, pressed with Control and without Alt.</summary>
    public bool IsControl(ConsoleKey key) => !IsPaste && Key.Key == key && Control && !Alt;

    /// <summary>Whether this is the key, however it is pressed.</summary>
    public bool Is(ConsoleKey key) => !IsPaste && Key.Key == key;
}
