using Bridle.Messages;
using Bridle.Models.Rehearsal;

namespace Bridle.Models.Tests.Rehearsal;

public sealed class RehearsalRequestTests
{
    public static TheoryData<string, string> Requests => new()
    {
        { "Which files mention TODO, and what does each want?", "SearchFor { Text = TODO, Read = True }" },
        { "search for \"dead code\" in this folder", "SearchFor { Text = dead code, Read = False }" },
        { "Where is ParseArguments?", "SearchFor { Text = ParseArguments, Read = False }" },
        { "grep for FIXME", "SearchFor { Text = FIXME, Read = False }" },
        { "Look at README.md", "LookAt { Path = README.md, Summarise = False }" },
        { "Summarise docs/guide.md.", "LookAt { Path = docs/guide.md, Summarise = True }" },
        { "What is in src/?", "LookAround { Path = src/ }" },
        { "What is in the folder pkg?", "LookInto { Path = pkg }" },
        { "look at pkg", "LookInto { Path = pkg }" },
        { "list pkg", "LookInto { Path = pkg }" },
        { "show me the directory src", "LookInto { Path = src }" },
        { "list the pkg folder", "LookInto { Path = pkg }" },
        { "List everything in this folder", "LookAround { Path = . }" },
        { "what is in the folder?", "LookAround { Path = . }" },
        { "look around", "LookAround { Path = . }" },
        { "show me the files in the folder here", "LookAround { Path = . }" },
        { "find all python files", "FindFiles { Pattern = **/*.py, What = python files }" },
        { "Find *.md files", "FindFiles { Pattern = **/*.md, What = *.md files }" },
        { "which .cs files are there?", "FindFiles { Pattern = **/*.cs, What = .cs files }" },
        { "find files with hello", "SearchFor { Text = hello, Read = False }" },
        { "List the files here", "LookAround { Path = . }" },
        { "Summarize this project", "SummariseFolder { Path = . }" },
        { "Run `dotnet --version`", "RunCommand { Command = dotnet --version }" },
        { "run ls -la", "RunCommand { Command = ls -la }" },
        { "Write 'hello world' to notes/a.txt", "WriteFile { Path = notes/a.txt, Content = hello world }" },
        { "Create a file b.txt containing three words here", "WriteFile { Path = b.txt, Content = three words here }" },
        { "Replace \"red\" with \"blue\" in colours.css", "ChangeFile { Path = colours.css, Old = red, New = blue }" },
        { "rename Foo to Bar in src/Foo.cs", "ChangeFile { Path = src/Foo.cs, Old = Foo, New = Bar }" },
        { "change 'a; b' to 'c. d' in x.txt", "ChangeFile { Path = x.txt, Old = a; b, New = c. d }" },
        { "Replace \"red\" with \"blue\"", "ChangeFile { Path = , Old = red, New = blue }" },
        { "Plan how to add a login page", "MakePlan { Goal = add a login page }" },
        { "Write \"x\" to a.txt, then run `cat a.txt`", "WriteFile { Path = a.txt, Content = x } + RunCommand { Command = cat a.txt }" },
        { "Read a.txt and summarise b.md", "LookAt { Path = a.txt, Summarise = False } + LookAt { Path = b.md, Summarise = True }" },
        { "Why is the sky blue?", "Unclear { Text = Why is the sky blue? }" },
        { "", "Unclear { Text =  }" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_is_read_as_wishes(string request, string wishes) =>
        Assert.Equal(wishes, string.Join(" + ", RehearsalRequest.Parse(request)));

    [Theory]
    [InlineData("replace \"TODO: fix\" with \"DONE\"", "Looking for TODO: fix failed: the engine said no")]
    [InlineData("search for hello world", "Searching for hello world failed: the engine said no")]
    [InlineData("find all python files", "Looking for python files failed: the engine said no")]
    public void A_search_that_failed_is_not_reported_as_one_that_found_nothing(string request, string report)
    {
        var scene = new RehearsalScene(["Grep", "Glob", "Read", "Edit"]);
        foreach (var _ in RehearsalPlay.Play(RehearsalRequest.Parse(request), scene))
        {
            scene.Last = [new Outcome("the engine said no", IsError: true)];
        }

        Assert.Equal([report], scene.Report);
    }

    [Fact]
    public void A_search_escapes_what_means_something_and_nothing_else()
    {
        Assert.Equal("the lighthouse # 1", SearchText.Literal("the lighthouse # 1"));
        const string hard = @"a.b*c?d+e(f)g[h]i{j}k|l^m$n\o -p'";
        Assert.Matches("^" + SearchText.Literal(hard) + "$", hard);
        Assert.DoesNotMatch("^" + SearchText.Literal(hard) + "$", hard.Replace('.', 'x'));
    }

    [Fact]
    public void Any_text_is_read_without_an_exception()
    {
        var random = new Random(7);
        const string letters = "abc .;'\"`?!\n\\/{}[]()*plan run write to in TODO then and \u202E\0é";
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(80)).Select(_ => letters[random.Next(letters.Length)])]);
            Assert.NotEmpty(RehearsalRequest.Parse(text));
        }
    }

    [Theory]
    [InlineData("hello world, what is here?", 26 / 4)]
    [InlineData("这个文件夹里有什么文件呢", 12)]
    public async Task Tokens_are_estimated_as_everywhere(string request, long input)
    {
        var asked = new ModelRequest { System = "", Messages = [new(Role.User, [new TextPart(request)])], Tools = [] };
        var reply = await new RehearsalModel().StreamAsync(asked, TestContext.Current.CancellationToken).OfType<ReplyFinished>().SingleAsync(TestContext.Current.CancellationToken);
        Assert.Equal((input, TokenEstimate.QuartersOf(reply.Reply.Text) / 4), (reply.Reply.Usage!.Input, reply.Reply.Usage.Output));
    }
}
