using Microsoft.CodeAnalysis;

namespace Bridle.Generators.Tests;

public sealed class CachingTests
{
    private const string Tool = "namespace N; [Tool(\"T\", ToolKind.Meta)] public class T { public string RunAsync([Description(\"d\")] Kind kind, [Description(\"d\")] List<string>? more = null) => \"\"; }";
    private const string Other = "namespace N; public enum Kind { A } public class Other { }";

    private readonly Compiled _first = Compiled.Of([("/src/T.cs", Tool), ("/src/Other.cs", Other)], [new Prose("/src/T.md", "Says T."), new Prose("/src/notes.md", "Notes.")]);

    [Fact]
    public void The_first_run_generates()
    {
        Assert.Empty(_first.Errors);
        Assert.Equal([IncrementalStepRunReason.New], _first.Reasons("Tools"));
    }

    [Fact]
    public void An_edit_elsewhere_generates_nothing_again() =>
        AssertUntouched(_first.With("/src/Other.cs", Other + " public class More { void M() { } }"));

    [Fact]
    public void A_new_file_generates_nothing_again() => AssertUntouched(_first.With("/src/New.cs", "class New;"));

    [Fact]
    public void An_edit_that_moves_the_tool_generates_nothing_again() => AssertUntouched(_first.With("/src/T.cs", "// A remark.\n\n" + Tool));

    [Fact]
    public void Prose_of_something_else_generates_nothing_again() => AssertUntouched(_first.WithProse("/src/notes.md", "Other notes."));

    [Fact]
    public void Prose_of_the_tool_generates_it_again()
    {
        var second = _first.WithProse("/src/T.md", "Says more.");

        Assert.Equal([IncrementalStepRunReason.Modified], second.Reasons("Tools"));
        Assert.Contains("Says more.", second.Generated("N.T.g.cs"));
    }

    [Fact]
    public void An_enum_elsewhere_that_the_tool_takes_generates_it_again()
    {
        var second = _first.With("/src/Other.cs", Other.Replace("{ A }", "{ A, B }"));

        Assert.Equal([IncrementalStepRunReason.Modified], second.Reasons("Tools"));
        Assert.Contains("\"enum\":[\"a\",\"b\"]", second.Generated("N.T.g.cs"));
    }

    private static void AssertUntouched(Compiled second)
    {
        Assert.Empty(second.Errors);
        Assert.All(second.Reasons("Tools").Concat(second.SourceReasons), reason =>
            Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged, reason.ToString()));
        Assert.Contains(IncrementalStepRunReason.Cached, second.SourceReasons);
    }
}
