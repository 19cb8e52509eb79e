using Microsoft.CodeAnalysis;

namespace Bridle.Generators.Tests;

public sealed class DiagnosticTests
{
    [Theory]
    [InlineData("BRDL001", "Parameter 'a' of tool 'T' has no description", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync(string a) => a; }")]
    [InlineData("BRDL001", "Parameter 'a'", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"  \")] string a) => a; }")]
    [InlineData("BRDL003", "'a' of tool 'T' cannot be made from JSON: System.DateTime is not supported", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] DateTime a) => \"\"; }")]
    [InlineData("BRDL003", "decimal is not supported", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] List<decimal> a) => \"\"; }")]
    [InlineData("BRDL003", "passed by reference", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] ref int a) => \"\"; }")]
    [InlineData("BRDL003", "Node contains itself", "record Node(Node? Next); [Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] Node a) => \"\"; }")]
    [InlineData("BRDL003", "Box is generic", "record Box<X>(int A); [Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] Box<int> a) => \"\"; }")]
    [InlineData("BRDL003", "is private", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] E a) => \"\"; private enum E { A } }")]
    [InlineData("BRDL003", "[Flags]", "[Flags] enum F { A } [Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] F a) => \"\"; }")]
    [InlineData("BRDL003", "items of a list cannot be nullable", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] int?[] a) => \"\"; }")]
    [InlineData("BRDL003", "must be required", "class P { public int X { get; set; } = 5; } [Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] P a) => \"\"; }")]
    [InlineData("BRDL003", "exactly one constructor", "class P { public P(int a) {} public P(string b) {} } [Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] P a) => \"\"; }")]
    [InlineData("BRDL003", "neither constructor parameters nor properties", "class P { } [Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] P a) => \"\"; }")]
    [InlineData("BRDL004", "Tool class 'T' has no instance method RunAsync", "[Tool(\"T\", ToolKind.Meta)] class T { public string Run() => \"\"; }")]
    [InlineData("BRDL004", "no instance method", "[Tool(\"T\", ToolKind.Meta)] class T { public static string RunAsync() => \"\"; }")]
    [InlineData("BRDL005", "has 2 methods named RunAsync", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync() => \"\"; public string RunAsync(int a) => \"\"; }")]
    [InlineData("BRDL006", "'a' of tool 'T' is marked [Path]", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\"), Path(FileAccessKind.Read)] int a) => \"\"; }")]
    [InlineData("BRDL006", "is marked [Command]", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\"), Command] bool a) => \"\"; }")]
    [InlineData("BRDL006", "is marked [Url]", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\"), Url] int[] a) => \"\"; }")]
    [InlineData("BRDL006", "is marked [Path]", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\"), Path(FileAccessKind.Read)] string[][] a) => \"\"; }")]
    [InlineData("BRDL007", "Tool name 'T' is used more than once", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync() => \"\"; } static class S { [Tool(\"T\", ToolKind.Meta), Description(\"d\")] internal static string Other() => \"\"; }")]
    [InlineData("BRDL008", "'RunAsync' of tool 'T' returns 'System.Threading.Tasks.Task'", "[Tool(\"T\", ToolKind.Meta)] class T { public Task RunAsync() => Task.CompletedTask; }")]
    [InlineData("BRDL009", "'T' cannot be a tool: it is generic", "[Tool(\"T\", ToolKind.Meta)] class T<X> { public string RunAsync() => \"\"; }")]
    [InlineData("BRDL009", "inside a generic type", "class O<X> { [Tool(\"T\", ToolKind.Meta)] public class T { public string RunAsync() => \"\"; } }")]
    [InlineData("BRDL009", "it is private", "class O { [Tool(\"T\", ToolKind.Meta)] private class T { public string RunAsync() => \"\"; } }")]
    [InlineData("BRDL009", "local to its file", "[Tool(\"T\", ToolKind.Meta)] file class T { public string RunAsync() => \"\"; }")]
    [InlineData("BRDL009", "RunAsync is private", "[Tool(\"T\", ToolKind.Meta)] class T { string RunAsync() => \"\"; }")]
    [InlineData("BRDL009", "its method is generic", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync<X>() => \"\"; }")]
    [InlineData("BRDL009", "it is a static class", "[Tool(\"T\", ToolKind.Meta)] static class T { }")]
    [InlineData("BRDL009", "it is abstract", "[Tool(\"T\", ToolKind.Meta)] abstract class T { public abstract string RunAsync(); }")]
    [InlineData("BRDL009", "it is private", "class T { [Tool(\"T\", ToolKind.Meta), Description(\"d\")] private static string Do() => \"\"; }")]
    [InlineData("BRDL009", "not a local function", "class T { void M() { Do(); [Tool(\"T\", ToolKind.Meta), Description(\"d\")] static string Do() => \"\"; } }")]
    [InlineData("BRDL009", "in an interface", "interface T { [Tool(\"T\", ToolKind.Meta), Description(\"d\")] string Do(); }")]
    [InlineData("BRDL010", "parameters must be those of RunAsync", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] int a) => \"\"; public Task<CallPreview?> PreviewAsync(int b) => null!; }")]
    [InlineData("BRDL010", "must return Task<CallPreview?>", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync() => \"\"; public Task PreviewAsync() => null!; }")]
    [InlineData("BRDL011", "'no good' is no tool name", "[Tool(\"no good\", ToolKind.Meta)] class T { public string RunAsync() => \"\"; }")]
    [InlineData("BRDL012", "would be made by 'GeneratedTools.Do'", "static class A { [Tool(\"A\", ToolKind.Meta), Description(\"d\")] internal static string Do() => \"\"; } static class B { [Tool(\"B\", ToolKind.Meta), Description(\"d\")] internal static string Do() => \"\"; }")]
    [InlineData("BRDL012", "would be made by", "static class A { [Tool(\"A\", ToolKind.Meta), Description(\"d\")] internal static string Do() => \"\"; [Tool(\"B\", ToolKind.Meta), Description(\"d\")] internal static string Do([Description(\"d\")] int a) => \"\"; }")]
    [InlineData("BRDL013", "[Range] on 'a' of tool 'T' has no effect", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\"), System.ComponentModel.DataAnnotations.Range(1, 2)] string a) => \"\"; }")]
    [InlineData("BRDL013", "has no effect", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\"), System.ComponentModel.DataAnnotations.Range(2, 1)] int a) => \"\"; }")]
    [InlineData("BRDL014", "two arguments whose name in JSON is 'file_path'", "[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync([Description(\"d\")] int filePath, [Description(\"d\")] int file_path) => \"\"; }")]
    public void A_bad_declaration_is_a_compile_error(string id, string words, string source)
    {
        var problem = Assert.Single(Compiled.Of(source).Problems);

        Assert.Equal(id, problem.Id);
        Assert.Contains(words, problem.GetMessage());
        Assert.Equal(DiagnosticSeverity.Error, problem.Severity);
        Assert.Equal("/src/T.cs", problem.Location.GetLineSpan().Path);
    }

    [Theory]
    [InlineData(null, "write T.md beside its source and list it as AdditionalFiles")]
    [InlineData(" \n\t\n", "T.md is empty")]
    public void A_class_without_prose_is_a_compile_error(string? prose, string words)
    {
        var problem = Assert.Single(Compiled.Of("[Tool(\"T\", ToolKind.Meta)] class T { public string RunAsync() => \"\"; }", prose).Problems);

        Assert.Equal(("BRDL002", "/src/T.cs"), (problem.Id, problem.Location.GetLineSpan().Path));
        Assert.Contains(words, problem.GetMessage());
    }

    [Fact]
    public void A_method_without_description_is_a_compile_error()
    {
        var problem = Assert.Single(Compiled.Of("static class S { [Tool(\"T\", ToolKind.Meta)] internal static string Do() => \"\"; }", null).Problems);

        Assert.Equal("BRDL002", problem.Id);
        Assert.Contains("add [Description(\"...\")] to the method", problem.GetMessage());
    }

    [Fact]
    public void Every_rule_is_proved_here()
    {
        var proved = typeof(DiagnosticTests).GetMethod(nameof(A_bad_declaration_is_a_compile_error))!
            .GetCustomAttributes(typeof(InlineDataAttribute), false).Cast<InlineDataAttribute>().Select(row => (string)row.Data[0]!).Append("BRDL002").Distinct().Order();
        var rules = typeof(Rules).GetFields().Select(field => field.GetValue(null)).OfType<DiagnosticDescriptor>().Select(rule => rule.Id).Order();

        Assert.Equal(rules, proved);
    }
}
