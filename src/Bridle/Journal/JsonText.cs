using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Bridle.Journal;

/// <summary>Finds the end of a JSON string and how long it is as text, without making the text.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> s_special = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).ToList().ConvertAll(code => (byte)code)]);

    /// <summary>
    /// Measures a string from the byte after its opening quote on. False for one that has no end, and for one whose text the framework might read otherwise than as one
    /// character for each escape: broken UTF-8, halves of surrogate pairs, what is no JSON.
    /// </summary>
    public static bool TryMeasure(ReadOnlySpan<byte> json, out int bytes, out int characters)
    {
        (bytes, characters) = (0, 0);
        var escaped = 0;
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

            if (json[bytes] is not (byte)'\\' || EscapeAt(json[bytes..]) is not (> 0 and var length))
            {
                return false;
            }

            bytes += length;
            escaped += length - 1;
        }

        var text = json[..bytes];
        characters = Encoding.UTF8.GetCharCount(text) - escaped;
        return Utf8.IsValid(text);
    }

    // Its length in bytes, or 0.
    private static int EscapeAt(ReadOnlySpan<byte> json)
    {
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

        return char.IsSurrogate((char)code) ? 0 : 6;
    }

    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
