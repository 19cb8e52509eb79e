using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Bridle.Generators;

/// <summary>Turns the type of a parameter into a <see cref="TypeModel"/>, or says why that cannot be done.</summary>
internal sealed class TypeReader(ArgumentDeclarations arguments)
{
    private const string Supported = "supported are string, bool, int, long, double, enums, JsonElement, arrays and lists of these, and records or classes of these";
    private readonly Stack<ISymbol> _inside = new();

    /// <summary>Null with a reason when the type is not supported.</summary>
    public TypeModel? Read(ITypeSymbol type, out string why)
    {
        why = $"{type.ToDisplayString()} is not supported; {Supported}";
        var full = type.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString(Naming.Full);
        switch (type.SpecialType)
        {
            case SpecialType.System_String:
                return Plain(Shape.Text, full);
            case SpecialType.System_Boolean:
                return Plain(Shape.Flag, full);
            case SpecialType.System_Int32:
                return Plain(Shape.Int32, full);
            case SpecialType.System_Int64:
                return Plain(Shape.Int64, full);
            case SpecialType.System_Double:
                return Plain(Shape.Real, full);
        }

        if (type.OriginalDefinition.ToDisplayString() == "System.Text.Json.JsonElement")
        {
            return Plain(Shape.Any, full);
        }

        if (ElementOf(type, out var isList) is { } element)
        {
            return ReadItems(element, full, isList, out why);
        }

        if (!Reach.IsReachable(type))
        {
            why = $"{type.ToDisplayString()} is private or local to its file; make it internal or public";
            return null;
        }

        return type switch
        {
            INamedTypeSymbol { TypeKind: TypeKind.Enum } choice => ReadChoice(choice, full, out why),
            INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct, IsAbstract: false, SpecialType: SpecialType.None } named
                when named.Locations.Any(location => location.IsInSource) => ReadMembers(named, full, ref why),
            _ => null,
        };
    }

    private static TypeModel Plain(Shape shape, string full) => new(shape, full, full, null, false, false, EquatableArray<ChoiceModel>.Empty, EquatableArray<ArgumentModel>.Empty);

    private static ITypeSymbol? ElementOf(ITypeSymbol type, out bool isList)
    {
        isList = false;
        if (type is IArrayTypeSymbol { Rank: 1 } array)
        {
            return array.ElementType;
        }

        if (type is not INamedTypeSymbol { TypeArguments.Length: 1 } named)
        {
            return null;
        }

        var name = named.OriginalDefinition.ToDisplayString();
        isList = name == "System.Collections.Generic.List<T>";
        return isList || name is "System.Collections.Generic.IReadOnlyList<T>" or "System.Collections.Generic.IReadOnlyCollection<T>"
            or "System.Collections.Generic.IReadOnlyList<out T>" or "System.Collections.Generic.IReadOnlyCollection<out T>"
            or "System.Collections.Generic.IEnumerable<T>" or "System.Collections.Generic.IEnumerable<out T>"
            ? named.TypeArguments[0] : null;
    }

    private static TypeModel? ReadChoice(INamedTypeSymbol type, string full, out string why)
    {
        why = $"{type.Name} is a [Flags] enum; take a list of a plain enum";
        if (Marks.Find(type, "System.FlagsAttribute") is not null)
        {
            return null;
        }

        var choices = type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue)
            .Select(field => new ChoiceModel(field.Name, Marks.JsonNameOf(field) ?? Naming.Snake(field.Name))).ToList();
        why = $"{type.Name} has no members, or two of one name in JSON";
        return choices.Count == 0 || choices.Select(choice => choice.Json).Distinct().Count() != choices.Count
            ? null
            : new(Shape.Choice, full, type.Name, null, false, false, new(choices), EquatableArray<ArgumentModel>.Empty);
    }

    private TypeModel? ReadItems(ITypeSymbol element, string full, bool isList, out string why)
    {
        if (element.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            why = "the items of a list cannot be nullable";
            return null;
        }

        return Read(element, out why) is { } item
            ? new(Shape.Items, full, item.SimpleName, item, isList, false, EquatableArray<ChoiceModel>.Empty, EquatableArray<ArgumentModel>.Empty)
            : null;
    }

    private TypeModel? ReadMembers(INamedTypeSymbol type, string full, ref string why)
    {
        if (type.IsGenericType || _inside.Contains(type, SymbolEqualityComparer.Default))
        {
            why = $"{type.Name} {(type.IsGenericType ? "is generic" : "contains itself")}; take a JsonElement";
            return null;
        }

        var constructors = type.InstanceConstructors
            .Where(one => Reach.IsReachable(one) && !(type.TypeKind == TypeKind.Struct && one.IsImplicitlyDeclared)).ToList();
        if (constructors.Count != 1 && !(constructors.Count == 0 && type.TypeKind == TypeKind.Struct))
        {
            why = $"{type.Name} must have exactly one constructor that can be reached";
            return null;
        }

        _inside.Push(type);
        var byConstructor = constructors.Count == 1 && constructors[0].Parameters.Length > 0;
        var members = byConstructor ? ReadParameters(constructors[0], ref why) : ReadProperties(type, ref why);
        _inside.Pop();
        if (members is null)
        {
            return null;
        }

        if (byConstructor && type.GetMembers().OfType<IPropertySymbol>().Any(property => property.IsRequired))
        {
            why = $"{type.Name} has both constructor parameters and required properties; use one of the two";
            return null;
        }

        return new(Shape.Members, full, type.Name, null, false, byConstructor, EquatableArray<ChoiceModel>.Empty, new(members));
    }

    private List<ArgumentModel>? ReadParameters(IMethodSymbol constructor, ref string why)
    {
        var members = new List<ArgumentModel>();
        foreach (var parameter in constructor.Parameters)
        {
            if (arguments.OfParameter(parameter, this) is not { } member)
            {
                why = $"its '{parameter.Name}': {arguments.Reason}";
                return null;
            }

            members.Add(member);
        }

        return members;
    }

    private List<ArgumentModel>? ReadProperties(INamedTypeSymbol type, ref string why)
    {
        var members = new List<ArgumentModel>();
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.IsStatic || property.IsIndexer || property.SetMethod is null || !Reach.IsReachable(property) || !Reach.IsReachable(property.SetMethod))
            {
                continue;
            }

            if (arguments.OfProperty(property, HasInitializer(property), this) is not { } member)
            {
                why = $"its '{property.Name}': {arguments.Reason}";
                return null;
            }

            members.Add(member);
        }

        why = $"{type.Name} has neither constructor parameters nor properties that can be set";
        return members.Count == 0 ? null : members;
    }

    private static bool HasInitializer(IPropertySymbol property) =>
        property.DeclaringSyntaxReferences.Any(at => at.GetSyntax() is PropertyDeclarationSyntax { Initializer: not null });
}
