namespace Bridle.Generators.Tests;

public sealed class GeneratedSourceTests
{
    private const string Everything = """
        namespace Sample;

        /// <summary>Changes a file.</summary>
        [Tool("Change", ToolKind.Write, Effect = ToolEffect.Repeatable, ParallelSafe = true)]
        public sealed class ChangeTool
        {
            public Task<ToolResult> RunAsync(
                [Description("The \"file\".")][Path(FileAccessKind.Write)] string filePath,
                CallScope scope,
                [Description("Others.")][Path(FileAccessKind.Read)] IReadOnlyList<string>? others = null,
                [Description("What to run.")][Command] string? command = null,
                [Description("Where.")][Url] string url = "https://example.org",
                [Description("How many.")][System.ComponentModel.DataAnnotations.Range(1, int.MaxValue)] int limit = 5,
                [Description("How.")] Way way = Way.FastAndLoose,
                [Description("Edits.")] List<Edit>? edits = null,
                [Description("Anything.")] System.Text.Json.JsonElement? extra = null,
                CancellationToken cancellationToken = default) => Task.FromResult(ToolResult.Completed(filePath));

            public Task<CallPreview?> PreviewAsync(
                string filePath, IReadOnlyList<string>? others, string? command, string url, int limit, Way way, List<Edit>? edits, System.Text.Json.JsonElement? extra,
                CallScope scope, CancellationToken cancellationToken) => Task.FromResult<CallPreview?>(null);
        }

        public enum Way { Safe, FastAndLoose }

        public sealed record Edit([Description("Old.")] string OldText, string NewText, Origin? From = null);

        public sealed class Origin
        {
            public required int Line { get; init; }
            public string? Note { get; init; }
        }
        """;

    private const string Methods = """
        namespace Sample;

        internal class Weather
        {
            [Tool("Forecast", ToolKind.Network), Description("Says the weather.")]
            public static async Task<string> ForecastAsync([Description("City.")] string city, CancellationToken cancellationToken) { await Task.Yield(); return city; }

            [Tool("Now", ToolKind.Read), Description("Says it now.")]
            internal ToolResult Now() => ToolResult.Completed("now");
        }
        """;

    [Fact]
    public void A_class_becomes_a_tool_as_approved() => Approve(Compiled.Of(Everything, "  Changes a file.\r\nSay \"why\".\r\n\r\n"), "Sample.ChangeTool.g.cs");

    [Fact]
    public void Methods_become_tools_as_approved()
    {
        var compiled = Compiled.Of(Methods, null);

        Approve(compiled, "Sample.Weather.ForecastAsync.g.cs");
        Approve(compiled, "Sample.Weather.Now.g.cs");
    }

    [Theory]
    [InlineData("[Tool(\"T\", ToolKind.Meta)] public record T { public string RunAsync() => \"\"; }")]
    [InlineData("namespace A.B; public class Outer { [Tool(\"T\", ToolKind.Meta)] internal class T { internal ValueTask<string> RunAsync(CancellationToken c) => new(\"\"); } }")]
    [InlineData("[Tool(\"T\", ToolKind.Meta)] public class T { public ValueTask<ToolResult> RunAsync([Description(\"d\")] string @class, [Description(\"d\")] int reader, [Description(\"d\")] long? @default = 3) => default; }")]
    [InlineData("[Tool(\"T\", ToolKind.Meta)] public class T { public string RunAsync([Description(\"d\")] string[][] a, [Description(\"d\")] List<long> b, [Description(\"d\")] bool c = true, [Description(\"d\")] double d = -1e300, [Description(\"d\")] string e = \"\\\"\\n\\u0001\", [Description(\"d\")] DayOfWeek? f = DayOfWeek.Monday) => \"\"; }")]
    [InlineData("public struct P { public required int X { get; init; } } public readonly record struct Q(int Y, P P); [Tool(\"T\", ToolKind.Meta)] public class T { public string? RunAsync([Description(\"d\")] Q q, [Description(\"d\")] P? p = null, [Description(\"d\")] IEnumerable<Q>? list = null) => null; }")]
    [InlineData("namespace X { public record Same(int A); } namespace Y { public record Same(int B); } [Tool(\"T\", ToolKind.Meta)] public class T { public string RunAsync([Description(\"d\")] X.Same a, [Description(\"d\")] Y.Same b, [Description(\"d\")] X.Same[] c) => \"\"; }")]
    [InlineData("public static class S { [Tool(\"A\", ToolKind.Meta), Description(\"d\")] public static string A() => \"\"; [Tool(\"B\", ToolKind.Meta), Description(\"d\")] internal static string B() => \"\"; } internal class I { [Tool(\"C\", ToolKind.Meta), Description(\"d\")] public string C() => \"\"; }")]
    public void What_is_generated_compiles(string source)
    {
        var compiled = Compiled.Of(source);

        Assert.Empty(compiled.Problems);
        Assert.Empty(compiled.Errors);
        Assert.NotEmpty(compiled.Result.GeneratedSources);
    }

    [Fact]
    public void A_method_may_be_described_by_prose_of_its_name()
    {
        var compiled = Compiled.Of(
            [("/src/Many.cs", "static class Many { [Tool(\"A\", ToolKind.Meta)] internal static string Do() => \"\"; }")],
            [new Prose("/src/Do.md", "Prose.\n"), new Prose("/other/Many.md", "Elsewhere.")]);

        Assert.Empty(compiled.Problems);
        Assert.Contains("\"Prose.\"", compiled.Generated("Many.Do.g.cs"));
    }

    [Fact]
    public void No_tools_give_no_sources() => Assert.Empty(Compiled.Of("class C;").Result.GeneratedSources);

    private static void Approve(Compiled compiled, string hint)
    {
        Assert.Empty(compiled.Problems);
        Assert.Empty(compiled.Errors);
        var approved = Path.Combine(AppContext.BaseDirectory, "Approved", Path.ChangeExtension(hint, ".txt"));
        var received = Path.ChangeExtension(approved, ".received.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(received)!);
        File.WriteAllText(received, compiled.Generated(hint));
        Assert.True(File.Exists(approved) && File.ReadAllText(approved) == File.ReadAllText(received), $"{received} is not what was approved; look at it and copy it to the sources' Approved folder if it is right.");
    }
}
