namespace Bridle.Hosting.Tests;

/// <summary>Heads as nobody writes them on purpose: pieces of YAML in any order, made of a seed.</summary>
internal static class StrangeHeads
{
    private static readonly string[] s_pieces =
    [
        "paths", "globs", "description", "allowed-tools", ": ", ":", "\n", "\n  ", "\n- ", "[", "]", "{", "}", ", ", "\"", "'", "|", ">", ">-\n", "&a ", "*a", "!", "!!str ", "!<", "%YAML 1.2\n", "%TAG ! x\n", "? ",
        "# c", "\t", "\\", "\\x", "\\u12", "\"\\q\"", "@", "`", "<<", "~", "src/a", "**/*.{cs,fs}", "x", "\0", "\u001b", "\ud83d\ude00", "\ud83d", "é", "\u2028", "\u0085", "\r", "\r\n", "...\n", "null", "1e999", "|9\n", ">+1\n",
    ];

    /// <summary>Four thousand of them; none holds a line that ends a head.</summary>
    public static IEnumerable<string> Of(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 4_000; i++)
        {
            var head = string.Concat(Enumerable.Range(0, random.Next(1, 24)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
            yield return i % 2 is 0 ? $"paths: {head}" : head;
        }
    }
}
