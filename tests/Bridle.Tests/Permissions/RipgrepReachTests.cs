using Bridle.Permissions;

namespace Bridle.Tests.Permissions;

/// <summary>Each row was tried with ripgrep itself.</summary>
public sealed class RipgrepReachTests
{
    [Theory]
    [InlineData("rg alpha", false)]
    [InlineData("rg -n alpha -g*.txt", false)]
    [InlineData("rg -in alpha src", false)]
    [InlineData("rg --line-number alpha .", false)]
    [InlineData("rg -g !*.md alpha", false)]
    [InlineData("rg --hidden alpha", true)]
    [InlineData("rg -. alpha", true)]
    [InlineData("rg -nuu alpha", true)]
    [InlineData("rg -g * alpha", true)]
    [InlineData("rg -g .env alpha", true)]
    [InlineData("rg -g*.env alpha", true)]
    [InlineData("rg --iglob=.E* alpha", true)]
    [InlineData("rg alpha .env", true)]
    [InlineData("rg alpha x/.hidden", true)]
    [InlineData("rg --pre cat alpha", true)]
    [InlineData("rg -L alpha", true)]
    public void A_hidden_file_is_printed_by_a_search_that_is_told_to(string command, bool may) => Assert.Equal(may, RipgrepReach.MayPrint(command.Split(' '), "/home/u/.work/ws/.env", "/home/u/.work/ws"));

    [Theory]
    [InlineData(".gitignore", "*.log\n!.env\n", true)]
    [InlineData(".ignore", "  !.e*\n", true)]
    [InlineData(".rgignore", "!x", true)]
    [InlineData(".git/info/exclude", "!.env", true)]
    [InlineData("../.ignore", "!.env", true)]
    [InlineData("src/.gitignore", "!.env", false)]
    [InlineData(".gitignore", "*.log\n#!.env\n", false)]
    public void A_line_that_takes_back_what_is_ignored_shows_what_is_hidden(string file, string text, bool may)
    {
        using var here = new Bridle.Tests.Sandboxing.Confined();
        var root = here.In("around/ws");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Path.Combine(root, file)))!);
        File.WriteAllText(Path.Combine(root, file), text);
        Assert.Equal(may, RipgrepReach.MayPrint(["rg", "alpha"], Path.Combine(root, ".env"), root));
    }

    [Fact]
    public void A_file_that_is_not_hidden_is_printed_by_any() => Assert.True(RipgrepReach.MayPrint(["rg", "alpha"], "/home/u/.work/ws/credentials.json", "/home/u/.work/ws"));
}
