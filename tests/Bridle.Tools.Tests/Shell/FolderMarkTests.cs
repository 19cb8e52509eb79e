using Bridle.Tools.Shell;

namespace Bridle.Tools.Tests.Shell;

public sealed class FolderMarkTests
{
    [Fact]
    public void Wherever_the_output_is_cut_the_mark_is_taken_out_and_nothing_else()
    {
        const string Output = "a\u001eb\u001esec no\u001esecret:/srv/x\u001f\nafter\u001e";
        for (var first = 0; first <= Output.Length; first++)
        {
            for (var second = first; second <= Output.Length; second++)
            {
                var mark = new FolderMark("secret");
                var shown = mark.Take(Output[..first]) + mark.Take(Output[first..second]) + mark.Take(Output[second..]) + mark.Rest();
                Assert.Equal("a\u001eb\u001esec no\nafter\u001e", shown);
                Assert.Equal("/srv/x", mark.Folder);
            }
        }
    }

    [Fact]
    public void What_cannot_be_a_mark_is_shown_at_once()
    {
        var mark = new FolderMark("secret");
        Assert.Equal("line", mark.Take("line\u001ese"));
        Assert.Equal("\u001esex", mark.Take("x"));
    }
}
