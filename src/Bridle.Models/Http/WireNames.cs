using System.Security.Cryptography;
using System.Text;

namespace Bridle.Models.Http;

/// <summary>
/// Names of called tools as vendors take them back. A model may ask for a name that no tool can have, or for none; the request that tells of it would be refused
/// with all that follow it. Such a name gets another one, always the same; a name that the vendor allows stays as it is.
/// </summary>
internal static class WireNames
{
    /// <summary>What some chat templates write before each name.</summary>
    private const string Template = "functions.";

    private const int HashLength = 8;

    /// <summary>In the form of OpenAI: up to 64 ASCII letters, digits, underscores and hyphens.</summary>
    /// <param name="name">The name.</param>
    /// <param name="odd">Names that are offered although they have another form, each between line ends: compatible servers may take them, and then they stay. Null lets every name stay.</param>
    public static string ForOpenAi(string name, string? odd) => odd is null || (odd.Length > 0 && odd.Contains($"\n{name}\n", StringComparison.Ordinal)) ? name : Of(name, 64, IsPlain, IsPlain);

    /// <summary>The names of those tools that OpenAI would not take, each between line ends; empty for none.</summary>
    public static string Odd(IReadOnlyList<ToolSchema> tools) =>
        string.Concat(tools.Where(tool => Of(tool.Name, 64, IsPlain, IsPlain) != tool.Name).Select(tool => $"\n{tool.Name}\n"));

    /// <summary>In the form of Anthropic, which takes longer ones.</summary>
    public static string ForAnthropic(string name) => Of(name, 128, IsPlain, IsPlain);

    /// <summary>In the form of Gemini, which takes dots and colons too, and a letter or an underscore at the beginning.</summary>
    public static string ForGemini(string name) => Of(name, 64, static c => char.IsAsciiLetter(c) || c == '_', static c => IsPlain(c) || c is '.' or ':');

    private static string Of(string name, int longest, Func<char, bool> first, Func<char, bool> later)
    {
        if (Fits(name))
        {
            return name;
        }

        if (name.StartsWith(Template, StringComparison.Ordinal) && Fits(name[Template.Length..]))
        {
            return name[Template.Length..];
        }

        // What is legible stays so, and the hash keeps different names different from each other and from the tools' own.
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..HashLength];
        var legible = string.Concat(name.Take(longest - HashLength - 2).Select(c => later(c) ? c : '_'));
        return $"{(legible.Length == 0 ? "unnamed" : first(legible[0]) ? legible : "_" + legible)}_{hash}";

        bool Fits(string text) => text.Length > 0 && text.Length <= longest && first(text[0]) && text.All(later);
    }

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';
}
