using System.Globalization;
using System.Text;

namespace Bridle.Permissions.Shell;

/// <summary>The backslashes of <c>$' '</c>.</summary>
internal static class AnsiEscapes
{
    /// <summary>Stands behind the backslash. What is no single ASCII character in the end is written as U+FFFD or higher, which makes the word dynamic.</summary>
    public static void Read(Reading reading, StringBuilder value)
    {
        var c = reading.Current;
        reading.At++;
        switch (c)
        {
            case 'n':
                value.Append('\n');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'r':
                value.Append('\r');
                break;
            case 'a':
                value.Append('\a');
                break;
            case 'b':
                value.Append('\b');
                break;
            case 'f':
                value.Append('\f');
                break;
            case 'v':
                value.Append('\v');
                break;
            case 'e' or 'E':
                value.Append('\x1b');
                break;
            case 'x' when reading.Current == '{':
                // Newer bash takes as many digits as stand in the braces.
                value.Append('\uFFFD');
                break;
            case 'x' or 'u' or 'U':
                Append(value, Digits(reading, 16, c switch { 'x' => 2, 'u' => 4, _ => 8 }), c);
                break;
            case >= '0' and <= '7':
                reading.At--;
                Append(value, Digits(reading, 8, 3), 'x');
                break;
            case 'c':
                value.Append('\uFFFD');
                reading.At += reading.Ended ? 0 : 1;
                break;
            case '\\' or '\'' or '"' or '?':
                value.Append(c);
                break;
            default:
                value.Append('\\').Append(c);
                break;
        }
    }

    private static void Append(StringBuilder value, string digits, char kind)
    {
        if (digits.Length == 0)
        {
            value.Append('\\').Append(kind);
            return;
        }

        var code = digits[0] == 'o' ? Convert.ToInt32(digits[1..], 8) : long.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        value.Append(code is > 0 and < 128 ? (char)code : '\uFFFD');
    }

    private static string Digits(Reading reading, int radix, int most)
    {
        var start = reading.At;
        while (!reading.Ended && reading.At - start < most && (radix == 16 ? char.IsAsciiHexDigit(reading.Current) : reading.Current is >= '0' and <= '7'))
        {
            reading.At++;
        }

        return (radix == 8 ? "o" : "") + reading.Text[start..reading.At];
    }
}
