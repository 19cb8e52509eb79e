using Microsoft.CodeAnalysis;

namespace Bridle.Generators;

/// <summary>The attributes that the generator reads.</summary>
internal static class Marks
{
    public const string Tool = "Bridle.Tools.ToolAttribute";
    private const string Description = "System.ComponentModel.DescriptionAttribute";
    private const string Range = "System.ComponentModel.DataAnnotations.RangeAttribute";
    private const string JsonName = "System.Text.Json.Serialization.JsonStringEnumMemberNameAttribute";

    public static AttributeData? Find(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(mark => mark.AttributeClass?.ToDisplayString() == name);

    public static string? DescriptionOf(ISymbol symbol)
    {
        var text = (FirstArgument(Find(symbol, Description)) as string)?.Trim();
        return text is { Length: > 0 } ? text : null;
    }

    public static string? JsonNameOf(ISymbol symbol) => FirstArgument(Find(symbol, JsonName)) as string;

    public static AttributeData? RangeOf(ISymbol symbol) => Find(symbol, Range);

    public static TargetModel? TargetOf(ISymbol symbol)
    {
        if (Find(symbol, "Bridle.Tools.PathAttribute") is { } path)
        {
            return new("Path", path.ConstructorArguments.Length == 1 ? MemberOf(path.ConstructorArguments[0]) : null);
        }

        return Find(symbol, "Bridle.Tools.CommandAttribute") is not null ? new("Command", null)
            : Find(symbol, "Bridle.Tools.UrlAttribute") is not null ? new("Url", null)
            : null;
    }

    /// <summary>The fully qualified enum member that a constant stands for.</summary>
    public static string MemberOf(TypedConstant constant)
    {
        var type = constant.Type!;
        var member = type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(field => field.HasConstantValue && Equals(field.ConstantValue, constant.Value));
        var name = type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
        return member is null ? $"({name})({constant.Value})" : $"{name}.{member.Name}";
    }

    private static object? FirstArgument(AttributeData? mark) =>
        mark is { ConstructorArguments: { Length: > 0 } arguments } && arguments[0].Kind != TypedConstantKind.Array ? arguments[0].Value : null;
}
