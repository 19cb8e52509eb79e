using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Bridle.Generators;

/// <summary>A place in a source file, compared by value and without a hold on the compilation.</summary>
internal sealed record Place(string Path, TextSpan Span, LinePositionSpan Lines)
{
    public static Place? Of(Location? location) =>
        location is { SourceTree: { } tree } ? new(tree.FilePath, location.SourceSpan, location.GetLineSpan().Span) : null;

    public static Place? Of(ISymbol symbol) => Of(symbol.Locations.FirstOrDefault());

    public Location ToLocation() => Location.Create(Path, Span, Lines);
}

/// <summary>A bad declaration, to be reported.</summary>
internal sealed record Problem(string Rule, Place? Place, EquatableArray<string> Words)
{
    public static Problem At(DiagnosticDescriptor rule, Place? place, params string[] words) => new(rule.Id, place, new(words));

    public Diagnostic ToDiagnostic() => Diagnostic.Create(Rules.ById(Rule), Place?.ToLocation(), [.. Words]);
}
