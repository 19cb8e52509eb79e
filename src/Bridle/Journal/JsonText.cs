using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Bridle.Messages;

namespace Bridle.Journal;

/// <summary>How long a JSON string is.</summary>
/// <param name="Bytes">Its bytes between the quotes, as they are written.</param>
/// <param name="Characters">The characters of its text.</param>
/// <param name="Quarters">The tokens of its text, in quarters.</param>
internal readonly record struct TextMeasure(int Bytes, int Characters, long Quarters);

/// <summary>Finds the end of a JSON string and how long it is as text, without making the text.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> s_special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).ToList().ConvertAll(code => (byte)code)]);

    /// <summary>
    /// Measures a string from the byte after its opening quote on. False for one that has no end, and for one whose text the framework might read otherwise than as one
    /// character for each escape: broken UTF-8, halves of surrogate pairs, what is no JSON.
    /// </summary>
    public static bool TryMeasure(ReadOnlySpan<byte> json, out TextMeasure measure)
    {
        measure = default;
        var (bytes, escaped, letters) = (0, 0, 0L);
        while (true)
        {
            var next = json[bytes..].IndexOfAny(s_special);
            if (next < 0)
            {
                return false;
            }

            bytes += next;
            if (json[bytes] is (byte)'"')
            {
                break;
            }

            if (json[bytes] is not (byte)'\\' || EscapeAt(json[bytes..], out var letter) is not (> 0 and var length))
            {
                return false;
            }

            bytes += length;
            escaped += length - 1;
            letters += char.IsAscii(letter) ? 0 : TokenEstimate.QuartersOf([letter]) - 1;
        }

        var text = json[..bytes];
        if (!Utf8.IsValid(text))
        {
            return false;
        }

        measure = new(bytes, Encoding.UTF8.GetCharCount(text) - escaped, TokenEstimate.QuartersOfUtf8(text) - escaped + letters);
        return true;
    }

    // Its length in bytes, or 0, and which letter it stands for; of the short ones any of ASCII.
    private static int EscapeAt(ReadOnlySpan<byte> json, out char letter)
    {
        letter = '\n';
        if (json.Length > 1 && json[1] is (byte)'n' or (byte)'"' or (byte)'\\' or (byte)'t' or (byte)'r' or (byte)'/' or (byte)'b' or (byte)'f')
        {
            return 2;
        }

        if (json.Length < 6 || json[1] is not (byte)'u')
        {
            return 0;
        }

        var code = 0;
        foreach (var digit in json[2..6])
        {
            var value = HexOf(digit);
            if (value < 0)
            {
                return 0;
            }

            code = (code << 4) | value;
        }

        letter = (char)code;
        return char.IsSurrogate(letter) ? 0 : 6;
    }

    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
