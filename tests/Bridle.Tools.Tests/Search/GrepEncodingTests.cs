using System.Text;
using Bridle.Tools.Search;

namespace Bridle.Tools.Tests.Search;

/// <summary>However a file is stored and named, both engines find the same in it, and it is what Read shows.</summary>
public sealed class GrepEncodingTests
{
    private static readonly string[] s_pieces =
    [
        "alpha", "grün", "é", "ÿ", "naïve", "😀", "привет", "日本", " ", "\t", "Straße", "end;", "\u00a0", "K", "Ã¼", "{x}", "\u2028", "\v", "ÿþ", "",
    ];

    private static readonly string[] s_patterns =
    [
        "alpha", "gr.n", "grün", "gr[^a]n", @"\w+;", "é$", "^ÿ", @"\bna\S+ve\b", "при", @"[^\x00-\x7F]", ".", "^$", @"stra\S+e", "(?i)GRÜN", "(?x) alpha # gr", "Ã", @"end;\s*$", "k", "s",
        "(?P<a>gr)", @"\p{Lu}", "[à-ÿ]", "x|ü", "a.*d", @"\D\W", "zzz", "\\{x\\}", "(gr|na)ü?", "^.$", "😀{2}", @"^\W+$", @"\PL é",
    ];

    private static readonly string[] s_names = ["a.txt", "ü.txt", "nl\nname.txt", "tab\t.cs", "-x.txt", "sp ace", "bell\a.txt", "😀.txt", "sub/deep\n/x.txt", "z.bin"];

    private static readonly Func<string, byte[]>[] s_forms =
    [
        Encoding.UTF8.GetBytes,
        text => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(text)],
        text => [0xEF, 0xBB, 0xBF, .. Encoding.Latin1.GetBytes(text)],
        text => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
        text => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)],
        Encoding.Latin1.GetBytes,
        text => [.. Encoding.UTF8.GetBytes(text), .. Encoding.Latin1.GetBytes(text), .. Encoding.UTF8.GetBytes(text)],
        text => [.. Encoding.UTF8.GetBytes(text).Where((_, at) => at % 7 != 3)],
        text => [.. Encoding.UTF8.GetBytes(text), 0, .. Encoding.UTF8.GetBytes(text)],
        text => [.. Encoding.Latin1.GetBytes(text), 0],
        Encoding.Unicode.GetBytes,
    ];

    [Fact]
    public async Task Files_of_any_encoding_and_name_are_searched_alike_with_ripgrep_and_without()
    {
        await using var ground = new Playground();
        Assert.True((await ground.Bash("rg --version")).ExitCode == 0, "ripgrep is not installed; this test compares with it. Install it (the package is called ripgrep) and run again.");
        var random = new Random(44);
        var found = 0;
        for (var tree = 0; tree < 25; tree++)
        {
            foreach (var name in s_names.Where(_ => random.Next(3) > 0))
            {
                ground.Put($"tree{tree}/{name}", s_forms[random.Next(s_forms.Length)](Content(random)));
            }

            for (var i = 0; i < 12; i++)
            {
                var (pattern, output, ignoreCase, context) = (s_patterns[random.Next(s_patterns.Length)], (GrepOutput)random.Next(3), random.Next(3) == 0, random.Next(3));
                var max = random.Next(6) == 0 ? 2 : 200;
                var byRipgrep = (await ground.Grep(pattern, $"tree{tree}", null, output, ignoreCase, context, max)).Text;
                var byOwn = (await ground.Grep(pattern, $"tree{tree}", null, output, ignoreCase, context, max, own: true)).Text;
                Assert.True(byRipgrep == byOwn, $"tree{tree}, pattern {pattern}, {output}, ignore case {ignoreCase}, context {context}, max {max}, {ground.Root}\n=== ripgrep\n{byRipgrep}\n=== own\n{byOwn}");
                found += byOwn.StartsWith("No matches", StringComparison.Ordinal) ? 0 : 1;
            }
        }

        Assert.InRange(found, 100, 300);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_line_in_Latin_1_is_found_by_what_Read_shows_of_it(bool own)
    {
        await using var ground = new Playground();
        ground.Put("old.txt", [.. Encoding.Latin1.GetBytes("der grüne Baum\n"), .. Encoding.UTF8.GetBytes("ein grünes Blatt\nplain\n")]);
        Assert.StartsWith("1\tder grüne Baum\n2\tein grünes Blatt\n", (await ground.Read("old.txt")).Text, StringComparison.Ordinal);
        Assert.Equal("old.txt:1: der grüne Baum\nold.txt:2: ein grünes Blatt", (await ground.Grep("grün", own: own)).Text);
        Assert.Equal("old.txt:1: der grüne Baum", (await ground.Grep("gr.ne .*m$", own: own)).Text);
        Assert.Equal("old.txt:2\n2 in 1 file", (await ground.Grep("GRÜN", ignoreCase: true, output: GrepOutput.Count, own: own)).Text);
        Assert.Equal("old.txt:1: der grüne Baum\nold.txt-2- ein grünes Blatt", (await ground.Grep("Baum", context: 1, own: own)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Of_a_very_long_line_the_first_four_mebibytes_count(bool own)
    {
        await using var ground = new Playground();
        ground.Put("bundle.js", $"{new string('ä', 1_000_000)} early {new string('x', 3_000_000)} late\nsecond early\n");
        ground.Put("escaped.txt", $"{string.Concat(Enumerable.Repeat("\u0001", 2_000_000))}early\n");
        Assert.Equal(
            $"bundle.js:1: {new string('ä', 500)}… [cut: 3194304 characters]\nbundle.js:2: second early\nescaped.txt:1: {string.Concat(Enumerable.Repeat("\u0001", 500))}… [cut: 2000005 characters]",
            (await ground.Grep("early", own: own)).Text);
        Assert.Equal("No matches for late.", (await ground.Grep("late", own: own)).Text);
    }

    private static string Content(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(1, 10); i > 0; i--)
        {
            text.AppendJoin(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(5)).Select(_ => s_pieces[random.Next(s_pieces.Length)]));
            text.Append(random.Next(30) == 0 ? new string('y', 70_000) : "").Append(random.Next(4) == 0 ? "\r\n" : "\n");
        }

        return random.Next(3) == 0 ? text.ToString().TrimEnd('\n', '\r') : text.ToString();
    }
}
