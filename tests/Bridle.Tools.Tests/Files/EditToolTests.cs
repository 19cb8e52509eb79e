using System.Text;
using Bridle.Events;
using Bridle.Tools.Files;

namespace Bridle.Tools.Tests.Files;

public sealed class EditToolTests
{
    [Fact]
    public async Task An_ambiguous_text_changes_nothing_and_all_are_replaced_on_demand()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "aaa bbb aaa");
        await ground.Read("a.txt");
        Assert.Contains("matches 2 places", await Playground.Failure(ground.Edit("a.txt", "aaa", "ccc")), StringComparison.Ordinal);
        Assert.Equal("aaa bbb aaa", ground.Text("a.txt"));
        var result = await ground.Edit("a.txt", "aaa", "ccc", all: true);
        Assert.Equal("ccc bbb ccc", ground.Text("a.txt"));
        Assert.Equal("Replaced 2 occurrences in a.txt (+1 −1 lines).\n" + result.Diff!.TrimEnd('\n'), result.Text);
        Assert.Equal("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-aaa bbb aaa\n\\ No newline at end of file\n+ccc bbb ccc\n\\ No newline at end of file\n", result.Diff);
    }

    [Fact]
    public async Task A_long_change_is_told_by_its_beginning_with_the_rest_counted()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", string.Concat(Enumerable.Range(1, 100).Select(i => $"old {i}\n")));
        await ground.Read("a.txt");
        var many = await ground.Write("a.txt", string.Concat(Enumerable.Range(1, 100).Select(i => $"new {i}\n")));
        Assert.Contains("\n-old 40\n[… 160 more changed lines]", many.Text, StringComparison.Ordinal);
        Assert.EndsWith("lines]", many.Text, StringComparison.Ordinal);
        Assert.Contains("+new 100", many.Diff, StringComparison.Ordinal);
        var wide = await ground.Edit("a.txt", "new 1\n", new string('w', 5_000) + "\n" + string.Concat(Enumerable.Repeat(new string('v', 399) + "\n", 20)));
        Assert.InRange(wide.Text.Length, 2_000, 3_200);
        Assert.Contains("\n+" + new string('w', 399) + "…\n", wide.Text, StringComparison.Ordinal);
        Assert.Matches(@"\[… \d+ more changed lines\]$", wide.Text);
    }

    [Fact]
    public async Task A_file_that_was_not_read_or_changed_since_is_not_edited()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "one\n");
        Assert.Contains("Read it first", await Playground.Failure(ground.Edit("a.txt", "one", "two")), StringComparison.Ordinal);
        await ground.Read("a.txt");
        ground.Put("a.txt", "one, changed by a person\n");
        Assert.Contains("Read it again", await Playground.Failure(ground.Edit("a.txt", "one", "two")), StringComparison.Ordinal);
        Assert.Equal("one, changed by a person\n", ground.Text("a.txt"));
        await ground.Read("a.txt");
        await ground.Edit("a.txt", "one,", "two,");
        await ground.Edit("a.txt", "two,", "three,");
        Assert.Equal("three, changed by a person\n", ground.Text("a.txt"));
    }

    [Theory]
    [InlineData("gamma();", "delta", "not found")]
    [InlineData("    alpha( 1 );", "x", "Lines 2-2 are the same but for white space")]
    [InlineData("  return bata;", "x", "The nearest line is 3:   return beta;")]
    [InlineData("2\t  alpha(1);", "x", "leave them out")]
    [InlineData("alpha", "alpha", "the same")]
    public async Task A_text_that_is_not_there_is_answered_with_a_hint(string old, string @new, string hint)
    {
        await using var ground = new Playground();
        ground.Put("a.cs", "{\n  alpha(1);\n  return beta;\n}\n");
        await ground.Read("a.cs");
        Assert.Contains(hint, await Playground.Failure(ground.Edit("a.cs", old, @new)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_ends_of_the_file_are_kept()
    {
        await using var ground = new Playground();
        ground.Put("dos.txt", "a\r\nb\r\nc\r\n");
        await ground.Read("dos.txt");
        await ground.Edit("dos.txt", "a\nb", "x\ny\nz");
        Assert.Equal("x\r\ny\r\nz\r\nc\r\n", ground.Text("dos.txt"));
        await ground.Edit("dos.txt", "c", "c\nd");
        Assert.Equal("x\r\ny\r\nz\r\nc\r\nd\r\n", ground.Text("dos.txt"));
        await ground.Edit("dos.txt", "z\n", "");
        Assert.Equal("x\r\ny\r\nc\r\nd\r\n", ground.Text("dos.txt"));
        await ground.Edit("dos.txt", "\nc", "\nC");
        Assert.Equal("x\r\ny\r\nC\r\nd\r\n", ground.Text("dos.txt"));
    }

    [Fact]
    public async Task In_a_mixed_file_only_the_place_itself_changes()
    {
        await using var ground = new Playground();
        ground.Put("mixed", "a\r\nb\nc\nd\r\n");
        await ground.Read("mixed");
        await ground.Edit("mixed", "b\nc", "B\nC");
        Assert.Equal("a\r\nB\nC\nd\r\n", ground.Text("mixed"));
        await ground.Edit("mixed", "a\r\nB", "a\nB");
        Assert.Equal("a\nB\nC\nd\r\n", ground.Text("mixed"));
    }

    [Fact]
    public async Task Line_separators_that_are_no_line_ends_survive()
    {
        await using var ground = new Playground();
        ground.Put("a.js", "x = '\u2028';\f\nrest\n");
        await ground.Read("a.js");
        await ground.Edit("a.js", "'\u2028';\f", "'\u2028\u0085';\f");
        Assert.Equal("x = '\u2028\u0085';\f\nrest\n", ground.Text("a.js"));
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task Encoding_and_mark_are_kept(string name)
    {
        await using var ground = new Playground();
        var encoding = Encoding.GetEncoding(name);
        ground.Put("a.txt", [.. encoding.GetPreamble(), .. encoding.GetBytes("grün 😀\n")]);
        await ground.Read("a.txt");
        await ground.Edit("a.txt", "grün", "größer");
        Assert.Equal([.. encoding.GetPreamble(), .. encoding.GetBytes("größer 😀\n")], ground.Bytes("a.txt"));
    }

    [Fact]
    public async Task Latin_1_stays_Latin_1_and_what_it_cannot_hold_is_refused()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", Encoding.Latin1.GetBytes("grün\n"));
        await ground.Read("a.txt");
        await ground.Edit("a.txt", "grün", "größer");
        Assert.Equal(Encoding.Latin1.GetBytes("größer\n"), ground.Bytes("a.txt"));
        Assert.Contains("Latin-1", await Playground.Failure(ground.Edit("a.txt", "größer", "€")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_bad_byte_in_UTF_8_is_left_alone()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", [.. "größer\nbad: "u8, 0xFF, .. "\n"u8]);
        await ground.Read("a.txt");
        await ground.Edit("a.txt", "größer", "kleiner 😀");
        Assert.Equal([.. "kleiner 😀\nbad: "u8, 0xFF, .. "\n"u8], ground.Bytes("a.txt"));
    }

    [Fact]
    public async Task Binary_files_folders_and_missing_files_are_refused()
    {
        await using var ground = new Playground();
        ground.Put("image.png", Pictures.Png);
        await ground.Read("image.png");
        Assert.Contains("binary", await Playground.Failure(ground.Edit("image.png", "P", "Q")), StringComparison.Ordinal);
        Assert.Contains("folder", await Playground.Failure(ground.Edit(".", "P", "Q")), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Playground.Failure(ground.Edit("none", "P", "Q")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_old_string_makes_a_file_and_never_overwrites_one()
    {
        await using var ground = new Playground();
        await ground.Edit("sub/new.txt", "", "hello\n");
        Assert.Equal("hello\n", ground.Text("sub/new.txt"));
        Assert.Contains("exists already", await Playground.Failure(ground.Edit("sub/new.txt", "", "other")), StringComparison.Ordinal);
        Assert.Equal("hello\n", ground.Text("sub/new.txt"));
    }

    [Fact]
    public async Task The_mode_of_the_file_is_kept()
    {
        await using var ground = new Playground();
        var path = ground.Put("run.sh", "#!/bin/sh\necho a\n");
        await ground.Bash("chmod 751 run.sh");
        await ground.Read("run.sh");
        await ground.Edit("run.sh", "echo a", "echo b");
        Assert.Equal(Convert.ToInt32("751", 8), ground.Scope.Files.Stat(ground.Scope.Files.Resolve(path, "/"))!.UnixMode & 0xFFF);
        Assert.Contains("echo b", ground.Text("run.sh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_shows_what_would_change_and_changes_nothing()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "one\n");
        var touch = (await ground.Read("a.txt")).Files[0];
        var preview = await new EditTool().PreviewAsync(ground.Scope, "a.txt", "one", "two", cancellationToken: CancellationToken.None);
        Assert.Equal(new CallPreview("--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-one\n+two\n", touch.Hash), preview);
        Assert.Equal("one\n", ground.Text("a.txt"));
        Assert.True((await ground.Edit("a.txt", "one", "two")).Diff == preview!.Diff);
    }

    [Fact]
    public async Task A_preview_of_a_new_file_leaves_no_folder_behind()
    {
        await using var ground = new Playground();
        var preview = await new WriteTool().PreviewAsync(ground.Scope, "sub/dir/new.txt", "one\ntwo\n");
        Assert.Equal(new CallPreview("--- /dev/null\n+++ b/sub/dir/new.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n", null), preview);
        Assert.False(Directory.Exists(Path.Combine(ground.Root, "sub")));
    }

    [Fact]
    public async Task The_result_names_the_file_with_its_new_hash()
    {
        await using var ground = new Playground();
        var path = ground.Put("a.txt", "one\n");
        await ground.Read("a.txt");
        var touch = Assert.Single((await ground.Edit("a.txt", "one", "two")).Files);
        Assert.Equal(new FileTouch(path, ground.Seen[path], Written: true), touch);
    }
}
