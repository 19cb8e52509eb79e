using System.Diagnostics;
using System.Text;
using Bridle.Tools.Files;

namespace Bridle.Tools.Tests.Files;

public sealed class UnifiedDiffTests
{
    [Fact]
    public void Equal_texts_have_no_diff() => Assert.Equal(new UnifiedDiff("", 0, 0), UnifiedDiff.Between("a\nb\n", "a\nb\n", "x"));

    [Fact]
    public void A_change_is_shown_with_three_lines_around_it() => Assert.Equal(
        """
        --- a/src/x.txt
        +++ b/src/x.txt
        @@ -2,7 +2,7 @@
         2
         3
         4
        -5
        +five
         6
         7
         8

        """,
        UnifiedDiff.Between("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "src/x.txt").Text);

    [Fact]
    public void A_new_file_counts_its_lines()
    {
        var diff = UnifiedDiff.Between(null, "one\ntwo\n", "new.txt");
        Assert.Equal("--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n", diff.Text);
        Assert.Equal((2, 0), (diff.Added, diff.Removed));
    }

    [Fact]
    public void A_missing_last_line_end_is_said() => Assert.Equal(
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n",
        UnifiedDiff.Between("a", "a\n", "x").Text);

    [Fact]
    public void Changes_far_apart_are_hunks_of_their_own_and_near_ones_are_one()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $"line {i}").ToArray();
        var changed = (string[])lines.Clone();
        (changed[3], changed[9], changed[30]) = ("x", "y", "z");
        var diff = UnifiedDiff.Between(string.Join('\n', lines), string.Join('\n', changed), "x");
        Assert.Equal(2, diff.Text.Split('\n').Count(line => line.StartsWith("@@", StringComparison.Ordinal)));
        Assert.Equal((3, 3), (diff.Added, diff.Removed));
    }

    [Fact]
    public void Texts_too_different_to_compare_are_replaced_as_a_whole()
    {
        var before = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i % 7}\n"));
        var after = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i * 31 % 11}\n"));
        var diff = UnifiedDiff.Between("same\n" + before + "end\n", "same\n" + after + "end\n", "x");
        Assert.StartsWith("--- a/x\n+++ b/x\n@@ -1,", diff.Text, StringComparison.Ordinal);
        Assert.InRange(diff.Added, 1, 30_000);
        Assert.Equal(diff.Added, diff.Removed);
    }

    [Fact]
    public async Task Patch_and_git_apply_make_the_new_text_out_of_random_edits()
    {
        await using var ground = new Playground();
        var random = new Random(20260101);
        for (var round = 0; round < 120; round++)
        {
            var before = RandomText(random);
            var after = RandomEdit(random, before);
            var name = (round % 3) switch { 0 => "file.txt", 1 => "with space.txt", _ => "quo\"te.txt" };
            var diff = UnifiedDiff.Between(before, after, name);
            ground.Put("d.diff", diff.Text);
            ground.Put(name, before);
            if (before == after)
            {
                Assert.Equal("", diff.Text);
                continue;
            }

            var byPatch = await Run(ground.Root, "patch", ["--binary", "-s", "-o", "patched", name, "d.diff"]);
            Assert.True(byPatch.Code == 0, $"round {round}: {byPatch.Output}\n{diff.Text}");
            Assert.Equal(after, after.Length == 0 && !File.Exists(Path.Combine(ground.Root, "patched")) ? "" : ground.Text("patched"));
            if (after.Length > 0 && before.Length > 0)
            {
                var byGit = await Run(ground.Root, "git", ["apply", "--whitespace=nowarn", "d.diff"]);
                Assert.True(byGit.Code == 0, $"round {round}: {byGit.Output}\n{diff.Text}");
                Assert.Equal(after, ground.Text(name));
            }
        }
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        for (var i = random.Next(60); i > 0; i--)
        {
            text.Append(random.Next(8) switch { 0 => "", 1 => "{", 2 => "}", 3 => "ü\tx", _ => $"word {random.Next(12)}" }).Append(random.Next(12) == 0 ? "\r\n" : "\n");
        }

        return random.Next(3) == 0 ? text.ToString().TrimEnd('\n', '\r') : text.ToString();
    }

    private static string RandomEdit(Random random, string text)
    {
        var lines = text.Split('\n').ToList();
        for (var i = random.Next(1, 8); i > 0; i--)
        {
            var at = random.Next(lines.Count + 1);
            switch (random.Next(3))
            {
                case 0:
                    lines.Insert(at, $"new {random.Next(5)}");
                    break;
                case 1 when at < lines.Count:
                    lines.RemoveAt(at);
                    break;
                default:
                    lines[Math.Min(at, lines.Count - 1)] = "changed";
                    break;
            }

            if (lines.Count == 0)
            {
                lines.Add("");
            }
        }

        return string.Join('\n', lines);
    }

    private static async Task<(int Code, string Output)> Run(string folder, string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardError = true, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
