using Bridle.Memory;

namespace Bridle.Tests.Memory;

public sealed class NoteNameTests
{
    [Theory]
    [InlineData("build", "build")]
    [InlineData("  Build Commands ", "build-commands")]
    [InlineData("user_role", "user_role")]
    [InlineData("9lives", "9lives")]
    public void A_name_may_be_written_as_people_write(string written, string name) => Assert.Equal(name, NoteName.Read(written).Name);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("a.md")]
    [InlineData(".hidden")]
    [InlineData("-x")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("memory")]
    [InlineData("MEMORY")]
    [InlineData("con")]
    [InlineData("NUL")]
    [InlineData("com1")]
    [InlineData("lpt9")]
    [InlineData("c:stream")]
    [InlineData("~")]
    [InlineData("naïve")]
    [InlineData("раура1")]
    [InlineData("a\u200bb")]
    [InlineData("ａｂｃ")]
    [InlineData("\u202egpj")]
    [InlineData("\u212aelvin")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_could_leave_its_folder_or_look_like_another_is_no_name(string written)
    {
        var (name, problem) = NoteName.Read(written);
        Assert.True(name is null || name == "kelvin", name);
        Assert.True(problem is { Length: > 0 } || name == "kelvin", problem);
        Assert.DoesNotContain(problem ?? "", letter => char.IsControl(letter));
        Assert.False(NoteName.IsName(written));
    }

    [Fact]
    public void Whatever_is_made_a_name_is_one_and_its_file_lies_in_its_folder()
    {
        var random = new Random(5);
        const string Letters = "aZ09-_./\\ :~\0\n\u00e9\u0430\u202e\u3000con";
        for (var i = 0; i < 5_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(0, 12)).Select(_ => Letters[random.Next(Letters.Length)])]);
            if (NoteName.Read(text).Name is { } name)
            {
                Assert.True(NoteName.IsName(name));
                Assert.Equal("/notes", Path.GetDirectoryName(Path.GetFullPath(Path.Combine("/notes", $"{name}.md"))));
            }
        }
    }

    [Fact]
    public void A_refusal_offers_what_was_probably_meant() => Assert.Contains("'build-test'", NoteName.Read("build.test!").Problem, StringComparison.Ordinal);
}
