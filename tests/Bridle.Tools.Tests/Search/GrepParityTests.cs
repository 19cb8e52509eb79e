using System.Text;
using Bridle.Tools.Search;

namespace Bridle.Tools.Tests.Search;

/// <summary>The engine without ripgrep finds exactly what ripgrep finds.</summary>
public sealed class GrepParityTests
{
    private static readonly string[] s_words = ["alpha", "beta", "Gamma", "delta42", "ünïcode", "x", "{}", "a.b", "end;", "tab\there"];
    private static readonly string[] s_names = ["a.txt", "b.cs", "c.md", "build", "out", "src", "lib", ".hidden", ".env.txt", "-dash.txt", "sp ace.cs", "UPPER.TXT", "a[1].txt", "ä.cs"];

    private static readonly string[] s_rules =
    [
        "*.txt", "!a.txt", "/build", "build/", "out", "src/*.cs", "**/lib", "!/src/lib", "lib/**", "*.m?", "# comment", "", "\\!odd", "\\#odd", "a\\[1\\].txt", "[a-c].*", "!*.cs",
        "src/**/c.md", "/*.cs", "*.{cs,md}", "trailing.txt   ", "!.hidden", "!.env.txt", "[", "out/", "**", "!**/", "/src/lib/", "*/b.cs",
    ];

    private static readonly string[] s_patterns =
    [
        "alpha", "^x", "x$", "[a-z]+42", "a.b", @"a\.b", "{}", @"\bbeta\b", "(alpha|delta)", "GAMMA", "^$", ".", @"\s+x", "ü", @"[[:upper:]]", @"\w{6,}", "[^a-z ]", @"end;$", "ï.ö?c", @"\t", @"alpha\s\S+",
    ];

    [Fact]
    public async Task On_generated_trees_both_engines_give_the_same_text()
    {
        await using var ground = new Playground();
        Assert.True((await ground.Bash("rg --version")).ExitCode == 0, "ripgrep is not installed; this test compares with it. Install it (the package is called ripgrep) and run again.");
        var random = new Random(42);
        var compared = 0;
        for (var tree = 0; tree < 40; tree++)
        {
            var name = $"tree{tree}";
            Fill(ground, random, name, depth: 3);
            for (var i = 0; i < 8; i++)
            {
                var pattern = s_patterns[random.Next(s_patterns.Length)];
                var path = random.Next(4) switch { 0 => FirstFolder(ground, name), 1 => FirstFile(ground, name), _ => name };
                var glob = random.Next(3) == 0 ? new[] { "*.cs", "*.{txt,md}", "src/**", "**/*.txt", "?.*", ".*", "[!a]*", "lib/*.cs", "*", "*.TXT" }[random.Next(10)] : null;
                var output = (GrepOutput)random.Next(3);
                var (ignoreCase, context, max) = (random.Next(2) == 0, random.Next(3), random.Next(5) == 0 ? 3 : 200);
                var byRipgrep = (await ground.Grep(pattern, path, glob, output, ignoreCase, context, max)).Text;
                var byOwn = (await ground.Grep(pattern, path, glob, output, ignoreCase, context, max, own: true)).Text;
                compared += byRipgrep.StartsWith("No matches", StringComparison.Ordinal) ? 0 : 1;
                Assert.True(byRipgrep == byOwn, $"{name}, pattern {pattern}, path {path}, glob {glob}, {output}, ignore case {ignoreCase}, context {context}, max {max}\n"
                    + $"=== ripgrep\n{byRipgrep}\n=== own\n{byOwn}\n=== rules\n{Rules(ground, name)}");
            }
        }

        Assert.InRange(compared, 100, 320);
    }

    [Fact]
    public async Task Encodings_binaries_and_odd_line_ends_are_read_alike()
    {
        await using var ground = new Playground();
        ground.Put("utf8-mark.txt", [0xEF, 0xBB, 0xBF, .. "first line\nsecond\n"u8]);
        ground.Put("utf16.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("first grün\r\nsecond 😀\r\n")]);
        ground.Put("utf16be.txt", [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes("first grün\nsecond\n")]);
        ground.Put("latin1.txt", Encoding.Latin1.GetBytes("first grün\nsecond\n"));
        ground.Put("binary.bin", [.. "first second\n"u8, 0, .. "first\n"u8]);
        ground.Put("late.bin", [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("first second\n", 20_000))), 0]);
        ground.Put("no-end.txt", "first\nsecond");
        ground.Put("empty.txt", "");
        ground.Put("dos.txt", "first\r\nsecond\r\n\r\n");
        ground.Put("wide.txt", "first " + new string('y', 300_000) + " second\nsecond\n");
        foreach (var pattern in new[] { "first", "^first", "second$", "grün", "^$", "😀", ".", "first.*second" })
        {
            foreach (var path in new[] { null, "binary.bin", "utf16.txt", "late.bin", "dos.txt" })
            {
                foreach (var output in Enum.GetValues<GrepOutput>())
                {
                    Assert.Equal((await ground.Grep(pattern, path, output: output, context: 1)).Text, (await ground.Grep(pattern, path, output: output, context: 1, own: true)).Text);
                }
            }
        }
    }

    [Fact]
    public async Task Rules_of_a_repository_around_and_inside_are_read_alike()
    {
        await using var ground = new Playground();
        ground.Put(".gitignore", "*.log\nignored/\n");
        ground.Put(".git/info/exclude", "*.tmp\n");
        ground.Put(".git/config", "hit\n");
        ground.Put("a.log", "hit\n");
        ground.Put("a.tmp", "hit\n");
        ground.Put("ignored/x.txt", "hit\n");
        ground.Put("sub/inner/.git/HEAD", "hit\n");
        ground.Put("sub/inner/own.log", "hit\n");
        ground.Put("sub/inner/.ignore", "*.skip\n");
        ground.Put("sub/inner/y.skip", "hit\n");
        ground.Put("sub/b.log", "hit\n");
        ground.Put("sub/.ignore", "!b.log\n");
        ground.Put("sub/.rgignore", "c.txt\n");
        ground.Put("sub/c.txt", "hit\n");
        ground.Put("sub/d.txt", "hit\n");
        foreach (var path in new[] { null, "sub", "sub/inner", "ignored", ".git", "sub/inner/own.log" })
        {
            Assert.Equal((await ground.Grep("hit", path)).Text, (await ground.Grep("hit", path, own: true)).Text);
        }

        Assert.Equal("sub/b.log:1: hit\nsub/d.txt:1: hit\nsub/inner/own.log:1: hit", (await ground.Grep("hit", own: true)).Text);
        Assert.Equal("ignored/x.txt:1: hit", (await ground.Grep("hit", "ignored", own: true)).Text);
    }

    [Fact]
    public async Task Every_escape_means_the_same_to_both_engines_or_is_refused_in_the_same_words()
    {
        await using var ground = new Playground();
        var signs = Enumerable.Range(32, 95).Select(code => ((char)code).ToString()).Append("é").Append("\u00a0").ToArray();
        ground.Put("signs.txt", string.Join('\n', signs.Select(sign => $"foo{sign}bar")) + "\ntab\there\nfoobar\n");
        foreach (var sign in signs)
        {
            foreach (var pattern in new[] { $"foo\\{sign}bar", $"o[\\{sign}x]b" })
            {
                await SameAsync(ground, pattern);
            }
        }

        foreach (var pattern in new[] { "*foo", @"(abc)\1", @"\Qfoo\E", "(foo", "foo)", "[foo", "fo{3,1}", "(?=foo)", @"foo\", "+", "(?<foo", @"\x{110000}", @"\xZZ", "[z-a]", @"\p{Nope}", "(?z)foo" })
        {
            await SameAsync(ground, pattern);
        }

        var random = new Random(43);
        string[] pieces = ["foo", "\\ ", "\\_", "\\-", "\\.", "\\d", "\\w", "\\s", "\\S", "\\t", "\\#", "\\~", "\\&", "\\é", "\\e", "\\z", ".", "b?", ".*", "[\\ -]", "[\\w\\-]", "[\\~\\&]", "(", ")", "|", "\\B", "\\b"];
        for (var i = 0; i < 60; i++)
        {
            await SameAsync(ground, string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => pieces[random.Next(pieces.Length)])));
        }
    }

    private static async Task SameAsync(Playground ground, string pattern) =>
        Assert.Equal((pattern, await SaidAsync(ground, pattern, own: false)), (pattern, await SaidAsync(ground, pattern, own: true)));

    private static async Task<string> SaidAsync(Playground ground, string pattern, bool own)
    {
        try
        {
            return (await ground.Grep(pattern, own: own)).Text;
        }
        catch (Bridle.Messages.ToolException refused)
        {
            return refused.Message;
        }
    }

    private static void Fill(Playground ground, Random random, string folder, int depth)
    {
        Directory.CreateDirectory(Path.Combine(ground.Root, folder));
        foreach (var name in s_names.Where(_ => random.Next(2) == 0))
        {
            if (depth > 0 && random.Next(3) == 0)
            {
                Fill(ground, random, $"{folder}/{name}", depth - 1);
            }
            else
            {
                ground.Put($"{folder}/{name}", Content(random));
            }
        }

        foreach (var name in new[] { ".gitignore", ".ignore", ".rgignore" }.Where(_ => random.Next(3) == 0))
        {
            ground.Put($"{folder}/{name}", string.Join(random.Next(4) == 0 ? "\r\n" : "\n", Enumerable.Range(0, random.Next(1, 5)).Select(_ => s_rules[random.Next(s_rules.Length)])));
        }

        if (random.Next(6) == 0)
        {
            ground.Put($"{folder}/.git/HEAD", "alpha\n");
        }
    }

    private static string Content(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(12); i > 0; i--)
        {
            text.AppendJoin(' ', Enumerable.Range(0, random.Next(5)).Select(_ => s_words[random.Next(s_words.Length)])).Append(random.Next(5) == 0 ? "\r\n" : "\n");
        }

        return random.Next(3) == 0 ? text.ToString().TrimEnd('\n', '\r') : text.ToString();
    }

    private static string FirstFolder(Playground ground, string tree) =>
        Directory.EnumerateDirectories(Path.Combine(ground.Root, tree)).Order(StringComparer.Ordinal).FirstOrDefault() ?? tree;

    private static string FirstFile(Playground ground, string tree) =>
        Directory.EnumerateFiles(Path.Combine(ground.Root, tree)).Order(StringComparer.Ordinal).FirstOrDefault() ?? tree;

    private static string Rules(Playground ground, string tree) => string.Join('\n', Directory
        .EnumerateFiles(Path.Combine(ground.Root, tree), ".*ignore", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        .Select(path => $"{path}:\n{File.ReadAllText(path)}"));
}
