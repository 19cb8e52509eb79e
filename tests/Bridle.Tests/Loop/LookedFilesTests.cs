using Bridle.Loop;
using Bridle.Testing;

namespace Bridle.Tests.Loop;

public sealed class LookedFilesTests
{
    private static readonly InMemoryWorkspace s_world = World();

    [Theory]
    [InlineData("cat *.cs", "a.cs b.cs")]
    [InlineData("cat src/*/{c,d}.cs", "src/core/c.cs src/core/d.cs")]
    [InlineData("grep -n class a.cs", "a.cs")]
    [InlineData("grep --line-number class a.cs src/core/*.cs | head -3", "a.cs src/core/c.cs src/core/d.cs")]
    [InlineData("grep -e class a.cs", "a.cs")]
    [InlineData("grep a.cs b.cs", "b.cs")]
    [InlineData("grep -A2 -B 2 class b.cs", "b.cs")]
    [InlineData("rg --no-heading class a.cs", "a.cs")]
    [InlineData("git grep -n class -- src/core/c.cs", "src/core/c.cs")]
    [InlineData("awk '{ print $1 }' a.cs", "a.cs")]
    [InlineData("awk -f b.cs a.cs", "b.cs a.cs")]
    [InlineData("sed -n 1,20p a.cs", "a.cs")]
    [InlineData("sed -ne 1,20p -e 3d a.cs", "a.cs")]
    [InlineData("wc -l < a.cs", "a.cs")]
    [InlineData("while read -r line; do echo \"$line\"; done < src/core/c.cs", "src/core/c.cs")]
    [InlineData("less a.cs; nl b.cs", "a.cs b.cs")]
    [InlineData("diff a.cs b.cs", "a.cs b.cs")]
    [InlineData("cut -d, -f1 a.cs | sort | uniq -c", "a.cs")]
    [InlineData("sort a.cs b.cs", "a.cs b.cs")]
    [InlineData("ls | uniq a.cs", "a.cs")]
    [InlineData("cat < a.cs | tee b.cs", "a.cs")]
    [InlineData("cd src && cat core/c.cs", "src/core/c.cs")]
    [InlineData("cd src; cd core; grep class *.cs", "src/core/c.cs src/core/d.cs")]
    [InlineData("cd src/core && wc -l < d.cs", "src/core/d.cs")]
    [InlineData("pushd src/core > /dev/null; cat c.cs", "src/core/c.cs")]
    [InlineData("(cd src/core && cat c.cs); cat a.cs", "src/core/c.cs a.cs")]
    [InlineData("cd src | cat a.cs", "a.cs")]
    [InlineData("cd src && echo $(cd core; cat c.cs) && cat core/d.cs", "src/core/c.cs src/core/d.cs")]
    [InlineData("cd src; bash -c 'cd core; cat c.cs'; cat core/d.cs", "src/core/c.cs src/core/d.cs")]
    [InlineData("timeout 5 cat a.cs", "a.cs")]
    [InlineData("for f in a.cs src/core/*.cs; do head -5 \"$f\"; done", "a.cs src/core/c.cs src/core/d.cs")]
    [InlineData("git blame -L1,3 a.cs", "a.cs")]
    [InlineData("git -C src blame HEAD -- core/c.cs", "src/core/c.cs")]
    [InlineData("git show HEAD~1:src/core/c.cs", "src/core/c.cs")]
    [InlineData("cd src/core && git show HEAD:a.cs", "a.cs")]
    [InlineData("git diff -- a.cs", "a.cs")]
    [InlineData("git diff HEAD~1 a.cs", "a.cs")]
    [InlineData("git --no-pager diff main -- src/core/*.cs", "src/core/c.cs src/core/d.cs")]
    [InlineData("git log -p -3 -- b.cs", "b.cs")]
    [InlineData("cat \"$PWD/a.cs\"", "a.cs")]
    [InlineData("cd src && cat $PWD/core/c.cs", "src/core/c.cs")]
    [InlineData("f=a.cs; cat \"$f\"", "a.cs")]
    [InlineData("d=src/core; head -3 \"$d/c.cs\" ${d}/d.cs", "src/core/c.cs src/core/d.cs")]
    [InlineData("pushd src/core; cat c.cs; popd; cat a.cs", "src/core/c.cs a.cs")]
    [InlineData("find src -name '*.cs' -exec cat {} +", "src/core/c.cs src/core/d.cs")]
    [InlineData("find src/core -name 'c*' -exec head -3 {} \\;", "src/core/c.cs")]
    [InlineData("find src -type f | xargs cat", "src/core/c.cs src/core/d.cs")]
    [InlineData("git ls-files src | xargs -n1 head", "src/core/c.cs src/core/d.cs")]
    [InlineData("grep -rl class src | xargs cat", "src/core/c.cs src/core/d.cs")]
    [InlineData("ls a.cs | xargs cat", "a.cs")]
    [InlineData("find src -name '*.cs'", "")]
    [InlineData("find src -name '*.cs' -exec rm {} +", "")]
    [InlineData("find src -name '*.cs' | xargs rm", "")]
    [InlineData("find / -name 'a.cs' -exec cat {} +", "")]
    [InlineData("f=a.cs; f=b.cs; cat \"$f\"", "")]
    [InlineData("f=$(ls); cat \"$f\"", "")]
    [InlineData("git diff --stat -- a.cs", "")]
    [InlineData("git log -- a.cs", "")]
    [InlineData("ls *.cs", "")]
    [InlineData("grep -l class *.cs", "")]
    [InlineData("grep -rc class .", "")]
    [InlineData("rg --files", "")]
    [InlineData("cat \"*.cs\" $x \"$y\"", "")]
    [InlineData("cat nobody.cs src", "")]
    [InlineData("cat /etc/passwd", "")]
    [InlineData("echo a.cs > b.cs", "")]
    [InlineData("cat > b.cs << END\na.cs\nEND", "")]
    [InlineData("", "")]
    public void The_files_that_a_command_shows_by_its_words(string command, string files) => Assert.Equal(files, Of(command, 0, "src/core/c.cs:3\n"));

    [Theory]
    [InlineData("grep -rn class src", "src/core/c.cs:1:class C\nsrc/core/d.cs:1:class D\nsrc/core/d.cs:2:x\n", "src/core/c.cs src/core/d.cs")]
    [InlineData("grep -rn class a.cs src", "a.cs:1:class A\nsrc/core/c.cs:1:class C\n", "a.cs src/core/c.cs")]
    [InlineData("git -C src grep -n class", "core/c.cs:1:class C\n", "src/core/c.cs")]
    [InlineData("git -C src grep class -- core", "core/c.cs:class C\n", "src/core/c.cs")]
    [InlineData("rg class", "a.cs:class A\nno such:file\nb.cs-context\n", "a.cs")]
    [InlineData("cd src && rg class core | head", "core/c.cs:class C\n", "src/core/c.cs")]
    [InlineData("git grep class", "a.cs:class A\n", "a.cs")]
    [InlineData("grep class", "a.cs:class A\n", "")]
    [InlineData("make", "a.cs:1: error\n", "")]
    public void A_search_through_folders_shows_the_files_that_its_output_names(string command, string shown, string files) => Assert.Equal(files, Of(command, 0, shown));

    [Theory]
    [InlineData("diff a.cs b.cs", 1, "a.cs b.cs")]
    [InlineData("cd src/core; diff c.cs d.cs", 1, "src/core/c.cs src/core/d.cs")]
    [InlineData("diff a.cs b.cs", 2, "")]
    [InlineData("cat a.cs | grep nothing", 1, "")]
    public void What_failed_showed_nothing_but_a_comparison_that_found_something(string command, int code, string files) => Assert.Equal(files, Of(command, code, ""));

    [Fact]
    public void A_search_names_five_files_at_most_and_a_command_twenty()
    {
        var many = new InMemoryWorkspace("/many");
        for (var i = 0; i < 30; i++)
        {
            many.Files[$"/many/f{i:00}.cs"] = "x";
        }

        Assert.Equal(5, LookedFiles.Of("rg x", 0, string.Join('\n', Enumerable.Range(0, 30).Select(i => $"f{i:00}.cs:x")), "/many", many.Files).Count);
        Assert.Equal(20, LookedFiles.Of("cat *.cs", 0, "", "/many", many.Files).Count);
    }

    private static string Of(string command, int code, string shown) =>
        string.Join(' ', LookedFiles.Of(command, code, shown, "/work", s_world.Files).Select(path => Path.GetRelativePath("/work", path)));

    private static InMemoryWorkspace World()
    {
        var world = new InMemoryWorkspace();
        foreach (var path in (string[])["a.cs", "b.cs", "c.txt", "src/core/c.cs", "src/core/d.cs"])
        {
            world.Files[$"/work/{path}"] = "class X;\n";
        }

        return world;
    }
}
