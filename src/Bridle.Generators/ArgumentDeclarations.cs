using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Bridle.Generators;

/// <summary>Reads parameters and properties of one tool and collects what is wrong with them.</summary>
internal sealed class ArgumentDeclarations(string tool, List<Problem> problems)
{
    /// <summary>Why the last one could not be an argument.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>An argument of the tool. Null when the parameter cannot be one; the problem has been noted then.</summary>
    public ArgumentModel? OfTool(IParameterSymbol parameter)
    {
        var argument = OfParameter(parameter, new TypeReader(this));
        if (argument is null)
        {
            Report(Rules.UnsupportedType, parameter, parameter.Name, tool, Reason);
        }
        else if (argument.Description is null)
        {
            Report(Rules.ParameterWithoutDescription, parameter, parameter.Name, tool);
        }

        return argument;
    }

    /// <summary>Null with a <see cref="Reason"/> when the parameter cannot be an argument or a part of one.</summary>
    public ArgumentModel? OfParameter(IParameterSymbol parameter, TypeReader types)
    {
        Reason = "it is passed by reference";
        if (parameter.RefKind != RefKind.None || Type(parameter.Type, types) is not { } type)
        {
            return null;
        }

        var nullable = IsNullable(parameter.Type);
        var optional = parameter.HasExplicitDefaultValue || nullable;
        var (code, json) = parameter.HasExplicitDefaultValue ? Default(parameter.ExplicitDefaultValue, type, parameter.Type) : ("null", null);
        return Argument(parameter, type, nullable, !optional, optional ? code : null, optional ? json : null);
    }

    /// <summary>Null with a <see cref="Reason"/> when the property cannot be part of an argument.</summary>
    public ArgumentModel? OfProperty(IPropertySymbol property, bool hasInitializer, TypeReader types)
    {
        var nullable = IsNullable(property.Type);
        Reason = "it must be required, or nullable and without an initial value";
        if (!property.IsRequired && (!nullable || hasInitializer))
        {
            return null;
        }

        return Type(property.Type, types) is { } type
            ? Argument(property, type, nullable, !nullable, nullable ? "null" : null, null)
            : null;
    }

    private static bool IsNullable(ITypeSymbol type) =>
        type.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T || type.NullableAnnotation == NullableAnnotation.Annotated;

    private ArgumentModel Argument(ISymbol symbol, TypeModel type, bool nullable, bool required, string? code, string? json)
    {
        var target = Marks.TargetOf(symbol);
        if (target is not null && (type.Element ?? type).Shape != Shape.Text)
        {
            Report(Rules.TargetNotText, symbol, symbol.Name, tool, target.Kind);
            target = null;
        }

        var (minimum, maximum) = Range(symbol, type);
        return new(symbol.Name, Naming.Snake(symbol.Name), type, nullable, required, code, json, Marks.DescriptionOf(symbol), target, minimum, maximum);
    }

    private TypeModel? Type(ITypeSymbol type, TypeReader types)
    {
        var plain = type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable ? nullable.TypeArguments[0] : type;
        var read = types.Read(plain, out var why);
        Reason = why;
        return read;
    }

    private static (string Code, string? Json) Default(object? value, TypeModel type, ITypeSymbol declared)
    {
        if (value is null)
        {
            return (IsNullable(declared) ? "null" : declared.IsValueType ? "default" : "null!", null);
        }

        switch (type.Shape)
        {
            case Shape.Choice:
                var members = (declared is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
                    ? nullable.TypeArguments[0] : declared).GetMembers().OfType<IFieldSymbol>();
                var member = members.FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, value))?.Name;
                return member is null
                    ? ($"({type.Name})({Convert.ToString(value, CultureInfo.InvariantCulture)})", null)
                    : ($"{type.Name}.{member}", JsonText.Quote(type.Choices.First(choice => choice.Member == member).Json));
            case Shape.Text:
                return (SymbolDisplay.FormatLiteral((string)value, true), JsonText.Quote((string)value));
            case Shape.Flag:
                return (bool)value ? ("true", "true") : ("false", "false");
            case Shape.Real when value is double real:
                return JsonText.IsFinite(real)
                    ? (real.ToString("R", CultureInfo.InvariantCulture) + "D", real.ToString("R", CultureInfo.InvariantCulture))
                    : (double.IsNaN(real) ? "double.NaN" : real > 0 ? "double.PositiveInfinity" : "double.NegativeInfinity", null);
            default:
                var number = Convert.ToString(value, CultureInfo.InvariantCulture);
                return (type.Shape == Shape.Int64 ? number + "L" : number, number);
        }
    }

    private (string? Minimum, string? Maximum) Range(ISymbol symbol, TypeModel type)
    {
        if (Marks.RangeOf(symbol) is not { } range)
        {
            return (null, null);
        }

        var ends = range.ConstructorArguments.Select(end => end.Value).ToList();
        var numbers = ends.Count == 2 && ends.All(end => end is int or double) ? ends.Select(end => Convert.ToDouble(end, CultureInfo.InvariantCulture)).ToList() : null;
        if (numbers is null || numbers[0] > numbers[1] || type.Shape is not (Shape.Int32 or Shape.Int64 or Shape.Real)
            || (type.Shape != Shape.Real && ends.Any(end => end is double)))
        {
            Report(Rules.BadRange, symbol, symbol.Name, tool);
            return (null, null);
        }

        return (IsLimit(ends[0]) ? null : Number(ends[0]!), IsLimit(ends[1]) ? null : Number(ends[1]!));
    }

    private static bool IsLimit(object? end) => end is int.MinValue or int.MaxValue or double.MinValue or double.MaxValue || (end is double real && !JsonText.IsFinite(real));

    private static string Number(object end) => end is double real ? real.ToString("R", CultureInfo.InvariantCulture) : Convert.ToString(end, CultureInfo.InvariantCulture);

    private void Report(DiagnosticDescriptor rule, ISymbol symbol, params string[] words) => problems.Add(Problem.At(rule, Place.Of(symbol), words));
}
