using Bridle.Sensors;

namespace Bridle.Tests.Sensors;

public sealed class PatchTextTests
{
    private const string Diff = "--- a/src/deep/a.txt\n+++ b/src/deep/a.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+zwei\n three\n";

    [Theory]
    [InlineData("src/deep/a.txt")]
    [InlineData("a/src/deep/a.txt")]
    public void The_first_folder_is_stripped_where_the_file_is_there_without_it(string there)
    {
        var (files, problem) = PatchText.Parse(Diff, name => name == there);
        Assert.Null(problem);
        Assert.Equal(there, Assert.Single(files).File);
    }

    [Theory]
    [InlineData("one\ntwo\nthree\n", "one\nzwei\nthree\n")]
    [InlineData("one\ntwo\nthree", "one\nzwei\nthree")]
    [InlineData("zero\none\ntwo\nthree\n", "zero\none\nzwei\nthree\n")]
    [InlineData("one\nother\nthree\n", null)]
    [InlineData("x\none\ntwo\nthree\none\ntwo\nthree\n", null)]
    [InlineData("", null)]
    public void A_hunk_fits_its_lines_where_they_stand_or_where_alone_they_stand(string before, string? after) =>
        Assert.Equal(after, PatchText.Apply(before, PatchText.Parse(Diff, _ => true).Files[0].Hunks));

    [Fact]
    public void Hunks_move_with_those_before_them_and_a_new_file_begins_with_nothing()
    {
        var two = PatchText.Parse("--- a.txt\n+++ a.txt\n@@ -1 +1,2 @@\n-a\n+A\n+B\n@@ -3,1 +4,0 @@\n-c\n", _ => true).Files[0];
        Assert.Equal("A\nB\nb\nd\n", PatchText.Apply("a\nb\nc\nd\n", two.Hunks));
        var made = PatchText.Parse("--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+x\n+y\n", _ => false).Files[0];
        Assert.Equal(("new.txt", "x\ny\n"), (made.File, PatchText.Apply("", made.Hunks)));
    }

    [Theory]
    [InlineData("no diff at all", "no unified diff")]
    [InlineData("--- a.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n", "removes a.txt")]
    [InlineData("--- a.txt\n+++ a.txt\n@@ what @@\n-a\n", "no unified diff", true)]
    [InlineData("--- a.txt\n+++ a.txt\n@@ -1,2 +1,2 @@\n-a\n+b\n", "as many lines")]
    [InlineData("--- a.txt\n+++ a.txt\n@@ -x +1 @@\n-a\n", "says no places")]
    public void What_cannot_be_applied_is_said(string diff, string problem, bool parses = false)
    {
        var (files, said) = PatchText.Parse(diff, _ => true);
        if (parses)
        {
            Assert.Empty(Assert.Single(files).Hunks);
            return;
        }

        Assert.Empty(files);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_and_any_edit_of_it_come_together_again()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 300; round++)
        {
            var before = Enumerable.Range(0, random.Next(1, 30)).Select(n => $"line {n} {random.Next(3)}").ToList();
            var at = random.Next(before.Count);
            var removed = random.Next(before.Count - at + 1);
            var added = Enumerable.Range(0, random.Next(4)).Select(n => $"new {round} {n}").ToList();
            var after = before.Take(at).Concat(added).Concat(before.Skip(at + removed)).ToList();
            var context = before.Skip(Math.Max(0, at - 2)).Take(Math.Min(2, at)).ToList();
            var diff = $"--- f\n+++ f\n@@ -{at - context.Count + 1},{removed + context.Count} +1,{added.Count + context.Count} @@\n"
                + string.Concat(context.Select(line => $" {line}\n").Concat(before.Skip(at).Take(removed).Select(line => $"-{line}\n")).Concat(added.Select(line => $"+{line}\n")));
            var made = PatchText.Apply(string.Join('\n', before) + "\n", PatchText.Parse(diff, _ => true).Files[0].Hunks);
            Assert.Equal(after.Count == 0 ? "" : string.Join('\n', after) + "\n", made);
        }
    }
}
