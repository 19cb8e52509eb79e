using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;

namespace Bridle.Journal;

/// <summary>
/// Leaves text as a person would read and edit it: escapes only quotes, backslashes, control characters and the two line
/// separators. The framework's relaxed encoder also escapes every emoji and every character newer than its tables.
/// </summary>
internal sealed unsafe class PlainTextEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> s_special = SearchValues.Create(
        [.. Array.ConvertAll([.. Enumerable.Range(0, 0x20), .. Enumerable.Range(0x7f, 0x21)], code => (char)code), '"', '\\', '\u2028', '\u2029']);

    private static readonly SearchValues<byte> s_plain = SearchValues.Create(
        Array.ConvertAll([.. Enumerable.Range(0x20, 0x5f).Where(code => code is not ('"' or '\\'))], code => (byte)code));

    public static PlainTextEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is < 0x20 or (>= 0x7f and < 0xa0) or '"' or '\\' or 0x2028 or 0x2029;

    public override int FindFirstCharacterToEncode(char* text, int textLength) => FirstToEncode(new ReadOnlySpan<char>(text, textLength));

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text)
    {
        var first = utf8Text.IndexOfAnyExcept(s_plain);
        if (first < 0)
        {
            return -1;
        }

        var rest = base.FindFirstCharacterToEncodeUtf8(utf8Text[first..]);
        return rest < 0 ? -1 : first + rest;
    }

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten) =>
        TryEscape(unicodeScalar, new Span<char>(buffer, bufferLength), out numberOfCharactersWritten);

    public override OperationStatus Encode(
        ReadOnlySpan<char> source, Span<char> destination, out int charsConsumed, out int charsWritten, bool isFinalBlock = true)
    {
        charsConsumed = 0;
        charsWritten = 0;
        while (charsConsumed < source.Length)
        {
            var rest = source[charsConsumed..];
            var plain = FirstToEncode(rest);
            plain = plain < 0 ? rest.Length : plain;
            if (plain > destination.Length - charsWritten)
            {
                return OperationStatus.DestinationTooSmall;
            }

            rest[..plain].CopyTo(destination[charsWritten..]);
            charsConsumed += plain;
            charsWritten += plain;
            if (plain == rest.Length)
            {
                break;
            }

            if (!isFinalBlock && plain == rest.Length - 1 && char.IsHighSurrogate(rest[plain]))
            {
                return OperationStatus.NeedMoreData;
            }

            var code = char.IsSurrogate(rest[plain]) ? Rune.ReplacementChar.Value : rest[plain];
            if (!TryEscape(code, destination[charsWritten..], out var written))
            {
                return OperationStatus.DestinationTooSmall;
            }

            charsConsumed++;
            charsWritten += written;
        }

        return OperationStatus.Done;
    }

    private static int FirstToEncode(ReadOnlySpan<char> text)
    {
        var special = text.IndexOfAny(s_special);
        var before = special < 0 ? text : text[..special];
        var from = 0;
        while (before[from..].IndexOfAnyInRange('\ud800', '\udfff') is >= 0 and var surrogate)
        {
            var at = from + surrogate;
            if (!char.IsHighSurrogate(text[at]) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
            {
                return at;
            }

            from = at + 2;
        }

        return special;
    }

    private static bool TryEscape(int code, Span<char> destination, out int written)
    {
        written = 0;
        if (code == Rune.ReplacementChar.Value)
        {
            return TryCopy([(char)code], destination, out written);
        }

        var shorthand = code switch
        {
            '"' => '"',
            '\\' => '\\',
            '\b' => 'b',
            '\f' => 'f',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            _ => '\0',
        };
        if (shorthand != '\0')
        {
            return TryCopy(['\\', shorthand], destination, out written);
        }

        ReadOnlySpan<char> hex = "0123456789ABCDEF";
        return TryCopy(['\\', 'u', hex[(code >> 12) & 15], hex[(code >> 8) & 15], hex[(code >> 4) & 15], hex[code & 15]], destination, out written);
    }

    private static bool TryCopy(ReadOnlySpan<char> characters, Span<char> destination, out int written)
    {
        written = characters.TryCopyTo(destination) ? characters.Length : 0;
        return written != 0;
    }
}
