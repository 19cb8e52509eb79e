using System.Collections.Immutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Bridle.Generators;

/// <summary>
/// Makes a <c>Bridle.Tools.Tool</c> of every class and method marked <c>[Tool]</c>: its JSON Schema, its binder, its description.
/// Only data compared by value goes through the pipeline, so that an edit elsewhere does no work here.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ToolGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var readings = context.SyntaxProvider.ForAttributeWithMetadataName(
            Marks.Tool,
            static (node, _) => node is TypeDeclarationSyntax or MethodDeclarationSyntax or LocalFunctionStatementSyntax,
            ToolDeclaration.Read).WithTrackingName("Readings");
        var descriptions = context.AdditionalTextsProvider
            .Where(static file => file.Path.EndsWith(".md", StringComparison.OrdinalIgnoreCase))
            .Select(static (file, cancellationToken) => DescriptionFile.Of(file, cancellationToken))
            .Collect().Select(static (files, _) => new EquatableArray<DescriptionFile>(files)).WithTrackingName("Descriptions");

        var tools = readings.Where(static reading => reading.Model is not null).Select(static (reading, _) => reading.Model!)
            .Combine(descriptions).Select(static (pair, _) => DescriptionFile.Describe(pair.Left, pair.Right))
            .Collect().SelectMany(static (all, _) => all.GroupBy(tool => tool.HintName).Select(same => same.First()))
            .WithTrackingName("Tools");
        context.RegisterSourceOutput(tools, static (output, tool) => output.AddSource(tool.HintName, SourceText.From(ToolSource.Of(tool), Encoding.UTF8)));

        var problems = readings.Combine(descriptions).SelectMany(static (pair, _) => pair.Left.Problems.Concat(DescriptionFile.Problems(pair.Left, pair.Right)));
        context.RegisterSourceOutput(problems, static (output, problem) => output.ReportDiagnostic(problem.ToDiagnostic()));
        context.RegisterSourceOutput(readings.Collect(), static (output, all) => ReportDuplicates(output, all));
    }

    private static void ReportDuplicates(SourceProductionContext output, ImmutableArray<ToolReading> all)
    {
        foreach (var again in all.Where(reading => reading.Name.Length > 0).GroupBy(reading => reading.Name).SelectMany(same => same.Skip(1)))
        {
            output.ReportDiagnostic(Problem.At(Rules.DuplicateTool, again.Place, again.Name).ToDiagnostic());
        }

        foreach (var same in all.Where(reading => reading.Model is not null).GroupBy(reading => Factory(reading.Model!)))
        {
            foreach (var again in same.Skip(1))
            {
                output.ReportDiagnostic(Problem.At(Rules.DuplicateFactory, again.Place, same.Key).ToDiagnostic());
            }
        }
    }

    private static string Factory(ToolModel tool) => tool.Form == ToolForm.StaticMethod ? $"{tool.Namespace}.GeneratedTools.{tool.Factory}".TrimStart('.') : $"{tool.Owner}.{tool.Factory}()";
}
