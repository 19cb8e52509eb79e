using System.Text;
using Bridle.Events;
using Bridle.Tools.Search;

namespace Bridle.Tools.Tests.Search;

public sealed class GrepToolTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Hits_name_path_line_and_text(bool own)
    {
        await using var ground = new Playground();
        ground.Put("b/two.cs", "x\n// TODO: second\r\n");
        ground.Put("a.cs", "// TODO first\n");
        ground.Put("a/z.cs", "todo small\n");
        Assert.Equal("a.cs:1: // TODO first\nb/two.cs:2: // TODO: second", (await ground.Grep("TODO", own: own)).Text);
        Assert.Equal("a/z.cs:1: todo small\na.cs:1: // TODO first\nb/two.cs:2: // TODO: second", (await ground.Grep("todo", ignoreCase: true, own: own)).Text);
        Assert.Equal("b/two.cs", (await ground.Grep("second", output: GrepOutput.Files, own: own)).Text);
        Assert.Equal("a.cs:1\nb/two.cs:1\n2 in 2 files", (await ground.Grep("TODO", output: GrepOutput.Count, own: own)).Text);
        Assert.Equal("b/two.cs:2: // TODO: second", (await ground.Grep("TODO", "b", own: own)).Text);
        Assert.Equal("b/two.cs:2: // TODO: second", (await ground.Grep("TODO", "b/two.cs", own: own)).Text);
        Assert.Equal("No matches for NOWHERE.", (await ground.Grep("NOWHERE", own: own)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Lines_around_a_match_are_shown_on_demand(bool own)
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "1\n2\nhit 3\n4\nhit 5\n6\n7\n8\n9\nhit 10\n");
        Assert.Equal(
            "a.txt-2- 2\na.txt:3: hit 3\na.txt-4- 4\na.txt:5: hit 5\na.txt-6- 6\n--\na.txt-9- 9\na.txt:10: hit 10",
            (await ground.Grep("hit", context: 1, own: own)).Text);
        Assert.Equal(
            "a.txt-2- 2\na.txt:3: hit 3\na.txt-4- 4\n[The first 1 results; there are more. Narrow the pattern, path or glob, or raise max_results.]",
            (await ground.Grep("hit", context: 1, max: 1, own: own)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Invalid_patterns_globs_and_roots_are_failures(bool own)
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "x");
        Assert.StartsWith("Invalid regular expression: ", await Playground.Failure(ground.Grep("(", own: own)), StringComparison.Ordinal);
        Assert.StartsWith("Invalid regular expression: ", await Playground.Failure(ground.Grep("(?=x)", own: own)), StringComparison.Ordinal);
        Assert.StartsWith("Invalid glob [: ", await Playground.Failure(ground.Grep("x", glob: "[", own: own)), StringComparison.Ordinal);
        Assert.Contains("does not exist", await Playground.Failure(ground.Grep("x", "none", own: own)), StringComparison.Ordinal);
        Assert.Contains("may not be searched", await Playground.Failure(ground.Grep("x", "/dev/null", own: own)), StringComparison.Ordinal);
        Assert.Contains("max_results", await Playground.Failure(ground.Grep("x", max: 0, own: own)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Results_are_bounded(bool own)
    {
        await using var ground = new Playground();
        ground.Put("many.txt", string.Concat(Enumerable.Range(1, 5000).Select(i => $"hit {i}\n")));
        ground.Put("wide.txt", "hit " + new string('x', 100_000) + "\nhit short\n");
        var lines = (await ground.Grep("hit", own: own)).Text.Split('\n');
        Assert.Equal(201, lines.Length);
        Assert.Equal("many.txt:200: hit 200", lines[199]);
        Assert.Contains("there are more", lines[200], StringComparison.Ordinal);
        var wide = (await ground.Grep("hit", "wide.txt", own: own)).Text;
        Assert.Equal($"wide.txt:1: hit {new string('x', 496)}… [cut: 100004 characters]\nwide.txt:2: hit short", wide);
        Assert.InRange((await ground.Grep("hit", max: 2000, own: own)).Text.Length, 10_000, 32_000);
        Assert.Equal("many.txt:5000\nwide.txt:2\n5002 in 2 files", (await ground.Grep("hit", output: GrepOutput.Count, own: own)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_may_not_be_read_is_never_shown(bool own)
    {
        await using var ground = new Playground();
        ground.Put("secrets/key.txt", "token 1\n");
        ground.Put("open.txt", "token 2\n");
        ground.Guard = files => new RefusingFiles(files, path => path.Contains("/secrets", StringComparison.Ordinal));
        Assert.Equal("open.txt:1: token 2", (await ground.Grep("token", own: own)).Text);
        Assert.Equal("open.txt", (await ground.Grep("token", output: GrepOutput.Files, own: own)).Text);
        Assert.Contains("may not be searched", await Playground.Failure(ground.Grep("token", "secrets", own: own)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Paths_outside_the_working_directory_are_absolute_and_dashes_are_no_options(bool own)
    {
        await using var ground = new Playground();
        ground.Put("sub/-x.txt", "--pre=evil\n");
        Directory.CreateDirectory(Path.Combine(ground.Root, "elsewhere"));
        ground.WorkingDirectory = Path.Combine(ground.Root, "elsewhere");
        Assert.Equal($"{ground.Root}/sub/-x.txt:1: --pre=evil", (await ground.Grep("--pre", "../sub", own: own)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Links_are_not_followed_and_their_loops_do_no_harm(bool own)
    {
        await using var ground = new Playground();
        ground.Put("real/a.txt", "hit\n");
        File.CreateSymbolicLink(Path.Combine(ground.Root, "real", "loop"), "..");
        File.CreateSymbolicLink(Path.Combine(ground.Root, "link.txt"), "real/a.txt");
        Assert.Equal("real/a.txt:1: hit", (await ground.Grep("hit", own: own)).Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_with_two_names_is_found_like_any_other(bool own)
    {
        await using var ground = new Playground();
        await ground.Bash("echo token > ../outside; ln ../outside inside; echo token > mine");
        Assert.Equal("inside:1: token\nmine:1: token", (await ground.Grep("token", own: own)).Text);
    }

    [Fact]
    public async Task Without_ripgrep_the_same_is_found()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "hit\n");
        ground.Programs = programs => new OtherPrograms(programs, _ => null);
        var result = await ground.Grep("hit");
        Assert.Equal((CallOutcome.Completed, "a.txt:1: hit"), (result.Outcome, result.Text));
    }

    [Fact]
    public async Task An_engine_that_does_not_understand_is_replaced()
    {
        await using var ground = new Playground();
        ground.Put("a.txt", "hit\n");
        ground.Programs = programs => new OtherPrograms(programs, spec => spec with { Arguments = ["--no-such-option", .. spec.Arguments] });
        Assert.Equal("a.txt:1: hit", (await ground.Grep("hit")).Text);
    }

    [Fact]
    public async Task A_search_that_writes_many_errors_does_not_hang()
    {
        await using var ground = new Playground();
        ground.Programs = programs => new OtherPrograms(programs, spec => spec with { Program = "sh", Arguments = ["-c", "head -c 3000000 /dev/zero | tr '\\0' e >&2"] });
        Assert.Equal("No matches for hit.", (await ground.Grep("hit")).Text);
    }

    [Fact]
    public async Task A_search_out_of_time_is_an_error()
    {
        await using var ground = new Playground { Time = new HurriedTime() };
        ground.Put("a.txt", "hit\n");
        ground.Programs = programs => new OtherPrograms(programs, spec => spec with { Program = "sleep", Arguments = ["984.5"] });
        var result = await ground.Grep("hit");
        Assert.Equal((CallOutcome.TimedOut, "The search ran out of time before it found anything. Name a smaller path or a glob."), (result.Outcome, result.Text));
        ground.Time = TimeProvider.System;
        ground.Programs = programs => programs;
        Assert.Equal("none", (await ground.Bash("pgrep -f '[s]leep 984.5' || echo none")).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_own_engine_and_Glob_out_of_time_are_errors_too(bool grep)
    {
        var time = new HurriedTime();
        await using var ground = new Playground { Time = time };
        ground.Put("a.txt", "hit\n");
        ground.Guard = files => new RefusingFiles(files, _ => false) { BeforeList = time.WaitUntilOver };
        Assert.Equal(CallOutcome.TimedOut, (await (grep ? ground.Grep("hit", own: true) : ground.Glob("**/*"))).Outcome);
    }
}
