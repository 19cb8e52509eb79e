using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace Bridle.Generators.Tests;

/// <summary>A small program with tools, run through the generator.</summary>
internal sealed class Compiled
{
    private const string Usings = "using System; using System.Collections.Generic; using System.ComponentModel; using System.Threading; using System.Threading.Tasks; using Bridle.Events; using Bridle.Tools;\n";

    private static readonly IReadOnlyList<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "Bridle.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static readonly CSharpParseOptions s_parsing = new(LanguageVersion.CSharp13, DocumentationMode.Diagnose);

    private Compiled(CSharpCompilation compilation, GeneratorDriver driver, IReadOnlyList<Prose> prose)
    {
        Driver = driver.RunGeneratorsAndUpdateCompilation(compilation, out var output, out var diagnostics, TestContext.Current.CancellationToken);
        (Source, Problems, Prose) = (compilation, diagnostics, prose);
        Errors = [.. output.GetDiagnostics(TestContext.Current.CancellationToken).Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning && !IsMissingRemark(diagnostic))];
    }

    public CSharpCompilation Source { get; }

    public IReadOnlyList<Prose> Prose { get; }

    public GeneratorDriver Driver { get; }

    /// <summary>What the generator reported.</summary>
    public ImmutableArray<Diagnostic> Problems { get; }

    /// <summary>What the compiler says about all sources together.</summary>
    public ImmutableArray<Diagnostic> Errors { get; }

    public GeneratorRunResult Result => Driver.GetRunResult().Results[0];

    /// <summary>Compiles one file, with <c>T.md</c> beside it.</summary>
    public static Compiled Of(string source, string? description = "Does a thing.") =>
        Of([("/src/T.cs", source)], description is null ? [] : [new Prose("/src/T.md", description)]);

    public static Compiled Of(IReadOnlyList<(string Path, string Text)> sources, IReadOnlyList<Prose> prose)
    {
        var compilation = CSharpCompilation.Create(
            "Sample",
            sources.Select(source => Parse(source.Path, source.Text)),
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        var driver = CSharpGeneratorDriver.Create(
            [new ToolGenerator().AsSourceGenerator()], prose, s_parsing, driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true));
        return new Compiled(compilation, driver, prose);
    }

    /// <summary>The same program with one file changed or added, run by the same driver.</summary>
    public Compiled With(string path, string text)
    {
        var old = Source.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == path);
        return new Compiled(old is null ? Source.AddSyntaxTrees(Parse(path, text)) : Source.ReplaceSyntaxTree(old, Parse(path, text)), Driver, Prose);
    }

    /// <summary>The same program with other words in a file of prose.</summary>
    public Compiled WithProse(string path, string text)
    {
        var (old, changed) = (Prose.First(file => file.Path == path), new Prose(path, text));
        return new Compiled(Source, Driver.ReplaceAdditionalText(old, changed), [.. Prose.Select(file => file == old ? changed : file)]);
    }

    public string Generated(string hint) => Result.GeneratedSources.Single(source => source.HintName == hint).SourceText.ToString();

    /// <summary>Why the outputs of a step are as they are, in the last run.</summary>
    public IEnumerable<IncrementalStepRunReason> Reasons(string step) => Result.TrackedSteps[step].SelectMany(one => one.Outputs).Select(output => output.Reason);

    /// <summary>Why the generated files are as they are, in the last run.</summary>
    public IEnumerable<IncrementalStepRunReason> SourceReasons =>
        Result.TrackedOutputSteps["SourceOutput"].SelectMany(one => one.Outputs).Where(output => output.Value is not null).Select(output => output.Reason);

    // The samples need no remarks; what is generated does, for those who demand them.
    private static bool IsMissingRemark(Diagnostic diagnostic) => diagnostic.Id == "CS1591" && diagnostic.Location.SourceTree?.FilePath.StartsWith("/src/", StringComparison.Ordinal) == true;

    private static SyntaxTree Parse(string path, string text) => CSharpSyntaxTree.ParseText(Usings + text, s_parsing, path);
}

/// <summary>A file that is given to the compiler beside the sources.</summary>
internal sealed class Prose(string path, string text) : AdditionalText
{
    public override string Path { get; } = path;

    public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
}
