using System.Net;

namespace Bridle.Sandboxing;

/// <summary>Host names as they may stand in a network rule and in a request of a confined program: letters, digits, hyphens and underscores in labels, or a plain address.</summary>
public static class HostName
{
    private const int MostCharacters = 253;
    private const int MostInLabel = 63;

    /// <summary>
    /// The name in lower case without its last dot, or null for anything odd: NUL and other characters that some resolver reads differently, an empty label, or a
    /// spelling of an address that only some programs understand (<c>0x7f.1</c>, <c>2130706433</c>, <c>127.1</c>).
    /// </summary>
    public static string? Read(string text)
    {
        if (text.Length > 2 && text[0] == '[' && text[^1] == ']')
        {
            return IsPlainV6(text[1..^1]) ? IPAddress.Parse(text[1..^1]).ToString() : null;
        }

        if (IsPlainV6(text))
        {
            return IPAddress.Parse(text).ToString();
        }

        var name = text.EndsWith('.') ? text[..^1] : text;
        if (name.Length is 0 or > MostCharacters)
        {
            return null;
        }

        var labels = name.Split('.');
        return Array.TrueForAll(labels, IsLabel) && (!LooksNumeric(labels[^1]) || IsPlainV4(labels)) ? name.ToLowerInvariant() : null;
    }

    /// <summary>Whether the name is an address and not a name.</summary>
    public static bool IsAddress(string host) => host.Contains(':') || IsPlainV4(host.Split('.'));

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MostInLabel && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    // A last label that is a number, also a hexadecimal one, makes resolvers read the whole as an address.
    private static bool LooksNumeric(string label) =>
        label.All(char.IsAsciiDigit) || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label[2..].All(char.IsAsciiHexDigit));

    private static bool IsPlainV4(string[] labels) =>
        labels.Length == 4 && Array.TrueForAll(labels, label => label.Length is > 0 and <= 3 && label.All(char.IsAsciiDigit) && (label == "0" || label[0] != '0') && int.Parse(label, System.Globalization.CultureInfo.InvariantCulture) <= 255);

    private static bool IsPlainV6(string text) =>
        text.Contains(':') && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && IPAddress.TryParse(text, out _);
}
