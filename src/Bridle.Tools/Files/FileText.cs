using System.Text;
using Bridle.Messages;

namespace Bridle.Tools.Files;

/// <summary>How the text of a file is stored.</summary>
internal enum TextForm
{
    /// <summary>UTF-8 without a byte order mark.</summary>
    Utf8,

    /// <summary>UTF-8 with one.</summary>
    Utf8WithMark,

    /// <summary>UTF-16, little end first, with a mark.</summary>
    Utf16Little,

    /// <summary>UTF-16, big end first, with a mark.</summary>
    Utf16Big,

    /// <summary>Not valid UTF-8: every byte is one character, so that what is not touched stays as it is.</summary>
    Bytes,
}

/// <summary>The text of a whole file, and what is needed to write it back in the same form.</summary>
internal sealed record FileText(string Text, TextForm Form)
{
    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly UnicodeEncoding s_utf16Little = new(bigEndian: false, byteOrderMark: false);
    private static readonly UnicodeEncoding s_utf16Big = new(bigEndian: true, byteOrderMark: false);

    /// <summary>The form that the first bytes announce, and how many of them are the mark; null when there is no mark.</summary>
    public static (TextForm Form, int Length)? Mark(ReadOnlySpan<byte> head) => head switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (TextForm.Utf8WithMark, 3),
        [0xFF, 0xFE, ..] => (TextForm.Utf16Little, 2),
        [0xFE, 0xFF, ..] => (TextForm.Utf16Big, 2),
        _ => null,
    };

    /// <summary>Decodes a file. Null when it is not text: it holds a NUL byte, or does not come out the same when written back.</summary>
    public static FileText? Decode(byte[] bytes)
    {
        var mark = Mark(bytes);
        var form = mark?.Form ?? TextForm.Utf8;
        var body = bytes.AsSpan(mark?.Length ?? 0);
        if (form is TextForm.Utf16Little or TextForm.Utf16Big)
        {
            var text = new FileText((form is TextForm.Utf16Little ? s_utf16Little : s_utf16Big).GetString(body), form);
            return text.Encode().AsSpan().SequenceEqual(bytes) ? text : null;
        }

        if (body.Contains((byte)0))
        {
            return null;
        }

        return System.Text.Unicode.Utf8.IsValid(body)
            ? new FileText(Encoding.UTF8.GetString(body), form)
            : new FileText(Encoding.Latin1.GetString(bytes), TextForm.Bytes);
    }

    /// <summary>The bytes of this text. Throws <see cref="ToolException"/> when it holds half a surrogate pair.</summary>
    public byte[] Encode() => Form switch
    {
        TextForm.Utf8WithMark => [0xEF, 0xBB, 0xBF, .. EncodeUtf8(Text)],
        TextForm.Utf16Little => [0xFF, 0xFE, .. s_utf16Little.GetBytes(Text)],
        TextForm.Utf16Big => [0xFE, 0xFF, .. s_utf16Big.GetBytes(Text)],
        TextForm.Bytes => Encoding.Latin1.GetBytes(Text),
        _ => EncodeUtf8(Text),
    };

    /// <summary>
    /// How a text that the model wrote may stand in this file, most likely first. Where the file is not valid UTF-8 that is the
    /// UTF-8 bytes of the text, or its Latin-1 bytes if it has any.
    /// </summary>
    public IEnumerable<Func<string, string?>> Spellings()
    {
        if (Form is not TextForm.Bytes)
        {
            return [text => text];
        }

        Func<string, string?> utf8 = text => Encoding.Latin1.GetString(EncodeUtf8(text));
        Func<string, string?> latin1 = text => text.All(c => c <= 0xFF) ? text : null;
        return HoldsMoreUtf8ThanNot() ? [utf8, latin1] : [latin1, utf8];
    }

    /// <summary>For people: bytes that are valid UTF-8 as that, anything else as Latin-1, line by line.</summary>
    public string Readable() => Form is TextForm.Bytes ? string.Join('\n', Text.Split('\n').Select(line => DecodeLine(Encoding.Latin1.GetBytes(line)).Text)) : Text;

    /// <summary>Decodes one line: as UTF-8 when it is valid, else as Latin-1.</summary>
    public static (string Text, bool IsLatin1) DecodeLine(ReadOnlySpan<byte> line) =>
        System.Text.Unicode.Utf8.IsValid(line) ? (Encoding.UTF8.GetString(line), false) : (Encoding.Latin1.GetString(line), true);

    /// <summary>How many bytes at the end are the beginning of a character whose rest was cut off.</summary>
    public static int IncompleteTail(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var one = bytes[^back];
            if (one >= 0xC0)
            {
                return Rune.DecodeFromUtf8(bytes[^back..], out _, out _) is System.Buffers.OperationStatus.NeedMoreData ? back : 0;
            }

            if (one < 0x80)
            {
                return 0;
            }
        }

        return 0;
    }

    private static byte[] EncodeUtf8(string text)
    {
        try
        {
            return s_strictUtf8.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new ToolException("The text holds half of a surrogate pair, which cannot be written to a file. Send the whole character.");
        }
    }

    private bool HoldsMoreUtf8ThanNot()
    {
        var rest = Encoding.Latin1.GetBytes(Text).AsSpan();
        var (valid, invalid) = (0, 0);
        while (!rest.IsEmpty)
        {
            var good = Rune.DecodeFromUtf8(rest, out _, out var length) is System.Buffers.OperationStatus.Done;
            valid += good && length > 1 ? 1 : 0;
            invalid += good ? 0 : 1;
            rest = rest[length..];
        }

        return valid > invalid;
    }
}
