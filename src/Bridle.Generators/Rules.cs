using Microsoft.CodeAnalysis;

namespace Bridle.Generators;

/// <summary>What the generator refuses, each with what to do about it.</summary>
internal static class Rules
{
    public static readonly DiagnosticDescriptor ParameterWithoutDescription = Rule(
        "BRDL001", "Parameter without a description", "Parameter '{0}' of tool '{1}' has no description: the model reads it, so add [Description(\"...\")]");

    public static readonly DiagnosticDescriptor ToolWithoutDescription = Rule(
        "BRDL002", "Tool without a description", "Tool '{0}' has no description: {1}");

    public static readonly DiagnosticDescriptor UnsupportedType = Rule(
        "BRDL003", "Unsupported parameter type", "'{0}' of tool '{1}' cannot be made from JSON: {2}");

    public static readonly DiagnosticDescriptor NoRunAsync = Rule(
        "BRDL004", "Tool without RunAsync", "Tool class '{0}' has no instance method RunAsync: add the one method that carries the call out");

    public static readonly DiagnosticDescriptor TwoRunAsync = Rule(
        "BRDL005", "Tool with several RunAsync", "Tool class '{0}' has {1} methods named RunAsync: keep one, because its parameters are the tool's arguments");

    public static readonly DiagnosticDescriptor TargetNotText = Rule(
        "BRDL006", "Target that is no text", "'{0}' of tool '{1}' is marked [{2}], which goes with a string or a list of strings only");

    public static readonly DiagnosticDescriptor DuplicateTool = Rule(
        "BRDL007", "Duplicate tool name", "Tool name '{0}' is used more than once in this assembly: give each tool a name of its own");

    public static readonly DiagnosticDescriptor UnsupportedReturn = Rule(
        "BRDL008", "Unsupported return type", "'{0}' of tool '{1}' returns '{2}': it must return ToolResult or string, or a Task or ValueTask of those");

    public static readonly DiagnosticDescriptor UnsupportedPlace = Rule(
        "BRDL009", "Unsupported declaration", "'{0}' cannot be a tool: {1}");

    public static readonly DiagnosticDescriptor PreviewMismatch = Rule(
        "BRDL010", "PreviewAsync does not fit", "PreviewAsync of tool '{0}' does not fit: {1}");

    public static readonly DiagnosticDescriptor BadName = Rule(
        "BRDL011", "Bad tool name", "'{0}' is no tool name: use a letter, then up to 63 letters, digits, underscores or hyphens");

    public static readonly DiagnosticDescriptor DuplicateFactory = Rule(
        "BRDL012", "Tool methods of one name", "More than one tool method would be made by '{0}': rename one of them");

    public static readonly DiagnosticDescriptor BadRange = Rule(
        "BRDL013", "Bad range", "[Range] on '{0}' of tool '{1}' has no effect: it needs two numbers, the smaller first, on an int, long or double");

    public static readonly DiagnosticDescriptor DuplicateArgument = Rule(
        "BRDL014", "Two arguments of one name", "Tool '{0}' has two arguments whose name in JSON is '{1}': rename one");

    private static readonly Dictionary<string, DiagnosticDescriptor> s_all = new[]
    {
        ParameterWithoutDescription, ToolWithoutDescription, UnsupportedType, NoRunAsync, TwoRunAsync, TargetNotText, DuplicateTool,
        UnsupportedReturn, UnsupportedPlace, PreviewMismatch, BadName, DuplicateFactory, BadRange, DuplicateArgument,
    }.ToDictionary(rule => rule.Id);

    public static DiagnosticDescriptor ById(string id) => s_all[id];

    private static DiagnosticDescriptor Rule(string id, string title, string message) =>
        new(id, title, message, "Bridle.Tools", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
