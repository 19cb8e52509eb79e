using Microsoft.CodeAnalysis;

namespace Bridle.Generators;

/// <summary>What was read from one declaration: a tool, or what is wrong with it, or both.</summary>
internal sealed record ToolReading(string Name, ToolModel? Model, Place? Place, EquatableArray<Problem> Problems);

/// <summary>Reads one symbol marked as a tool.</summary>
internal sealed class ToolDeclaration
{
    private const string Scope = "Bridle.Tools.CallScope";
    private const string Cancellation = "System.Threading.CancellationToken";
    private readonly List<Problem> _problems = [];
    private readonly ISymbol _symbol;
    private readonly AttributeData _mark;
    private readonly string _name;

    private ToolDeclaration(ISymbol symbol, AttributeData mark)
    {
        (_symbol, _mark) = (symbol, mark);
        _name = mark.ConstructorArguments.Length > 0 ? mark.ConstructorArguments[0].Value as string ?? "" : "";
    }

    public static ToolReading Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var declaration = new ToolDeclaration(context.TargetSymbol, context.Attributes[0]);
        var model = declaration.Read(context.TargetNode.SyntaxTree.FilePath);
        return new(declaration._name, model, Place.Of(context.TargetSymbol), new(declaration._problems));
    }

    private ToolModel? Read(string sourcePath)
    {
        if (!Naming.IsToolName(_name))
        {
            Report(Rules.BadName, _name);
        }

        var owner = _symbol as INamedTypeSymbol ?? _symbol.ContainingType;
        if (WhyNot(owner) is { } why)
        {
            Report(Rules.UnsupportedPlace, _symbol.Name, why);
            return null;
        }

        var method = _symbol as IMethodSymbol ?? FindRunAsync(owner);
        if (method is null || !CanBeCalled(method) || ReturnOf(method) is not { } returns || ReadCall(method) is not var (arguments, call))
        {
            return null;
        }

        var form = _symbol is INamedTypeSymbol ? ToolForm.Class : method.IsStatic ? ToolForm.StaticMethod : ToolForm.InstanceMethod;
        var simple = SimpleNameOf(owner);
        var plain = method.Name.Length > 5 && method.Name.EndsWith("Async", StringComparison.Ordinal) ? method.Name.Substring(0, method.Name.Length - 5) : method.Name;
        return new(
            _name,
            Constant(1, "global::Bridle.Tools.ToolKind.Meta"),
            Named("Effect", "global::Bridle.Events.ToolEffect.Once"),
            _mark.NamedArguments.Any(named => named is { Key: "ParallelSafe", Value.Value: true }),
            _mark.NamedArguments.Any(named => named.Key == "Work") ? Named("Work", "") : null,
            form,
            owner.ContainingNamespace.IsGlobalNamespace ? "" : owner.ContainingNamespace.ToDisplayString(),
            owner.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat),
            simple,
            Reach.IsPublic(form == ToolForm.Class ? owner : method),
            method.Name,
            form switch { ToolForm.Class => "AsTool", ToolForm.StaticMethod => plain, _ => plain + "Tool" },
            returns,
            new(arguments),
            new(call),
            form == ToolForm.Class ? FindPreview(owner, arguments) : null,
            form == ToolForm.Class ? null : Marks.DescriptionOf(_symbol),
            new(DescriptionPaths(sourcePath, form == ToolForm.Class ? owner.Name : method.Name)));
    }

    private static string SimpleNameOf(INamedTypeSymbol type) => type.ContainingType is { } outer ? $"{SimpleNameOf(outer)}_{type.Name}" : type.Name;

    private static IEnumerable<string> DescriptionPaths(string sourcePath, string name)
    {
        var source = sourcePath.Replace('\\', '/');
        var folder = source.Substring(0, source.LastIndexOf('/') + 1);
        var file = source.Substring(folder.Length);
        var stem = file.EndsWith(".cs", StringComparison.OrdinalIgnoreCase) ? file.Substring(0, file.Length - 3) : file;
        return new[] { $"{folder}{name}.md", $"{folder}{stem}.md" }.Distinct();
    }

    private string? WhyNot(INamedTypeSymbol owner) =>
        _symbol is IMethodSymbol { MethodKind: not MethodKind.Ordinary } ? "only an ordinary method can be one, not a local function or an operator"
        : Reach.IsGeneric(owner) ? "it is generic, or inside a generic type"
        : !Reach.IsReachable(_symbol) ? "it is private or local to its file, or inside a type that is; make it internal or public"
        : _symbol is INamedTypeSymbol { IsStatic: true } ? "it is a static class; mark its methods instead"
        : _symbol is INamedTypeSymbol { IsAbstract: true } ? "it is abstract"
        : owner.TypeKind == TypeKind.Interface ? "it is in an interface"
        : owner.IsRefLikeType ? "it is in a ref struct"
        : null;

    private IMethodSymbol? FindRunAsync(INamedTypeSymbol type)
    {
        var found = type.GetMembers("RunAsync").OfType<IMethodSymbol>().Where(method => !method.IsStatic).ToList();
        if (found.Count != 1)
        {
            Report(found.Count == 0 ? Rules.NoRunAsync : Rules.TwoRunAsync, type.Name, found.Count.ToString());
            return null;
        }

        return found[0];
    }

    private bool CanBeCalled(IMethodSymbol method)
    {
        var why = method.IsGenericMethod ? "its method is generic" : !Reach.IsReachable(method) ? $"{method.Name} is private; make it internal or public" : null;
        if (why is not null)
        {
            Report(Rules.UnsupportedPlace, _symbol.Name, why);
        }

        return why is null;
    }

    private ReturnForm? ReturnOf(IMethodSymbol method)
    {
        var form = method.ReturnType.WithNullableAnnotation(NullableAnnotation.NotAnnotated).ToDisplayString() switch
        {
            "Bridle.Tools.ToolResult" => ReturnForm.Result,
            "string" => ReturnForm.Text,
            "System.Threading.Tasks.Task<Bridle.Tools.ToolResult>" => ReturnForm.ResultTask,
            "System.Threading.Tasks.Task<string>" => ReturnForm.TextTask,
            "System.Threading.Tasks.ValueTask<Bridle.Tools.ToolResult>" => ReturnForm.ResultValueTask,
            "System.Threading.Tasks.ValueTask<string>" => ReturnForm.TextValueTask,
            _ => (ReturnForm?)null,
        };
        if (form is null)
        {
            Report(Rules.UnsupportedReturn, method.Name, _name, method.ReturnType.ToDisplayString());
        }

        return form;
    }

    private (List<ArgumentModel> Arguments, List<string> Call)? ReadCall(IMethodSymbol method)
    {
        var declarations = new ArgumentDeclarations(_name, _problems);
        var (arguments, call, whole) = (new List<ArgumentModel>(), new List<string>(), true);
        foreach (var parameter in method.Parameters)
        {
            if (PassedThrough(parameter) is { } passed)
            {
                call.Add(passed);
            }
            else if (declarations.OfTool(parameter) is { } argument)
            {
                whole &= IsNew(argument, arguments);
                arguments.Add(argument);
                call.Add($"bound.@{argument.Symbol}");
            }
            else
            {
                whole = false;
            }
        }

        return whole ? (arguments, call) : null;
    }

    private bool IsNew(ArgumentModel argument, List<ArgumentModel> before)
    {
        if (before.All(other => other.Json != argument.Json))
        {
            return true;
        }

        Report(Rules.DuplicateArgument, _name, argument.Json);
        return false;
    }

    private static string? PassedThrough(IParameterSymbol parameter) => parameter.Type.ToDisplayString().TrimEnd('?') switch
    {
        Scope => "scope",
        Cancellation => "cancellationToken",
        _ => null,
    };

    private PreviewModel? FindPreview(INamedTypeSymbol type, List<ArgumentModel> arguments)
    {
        var found = type.GetMembers("PreviewAsync").OfType<IMethodSymbol>().Where(method => !method.IsStatic).ToList();
        if (found.Count == 0)
        {
            return null;
        }

        var method = found[0];
        var returned = method.ReturnType.ToDisplayString().Replace("?", "");
        var isValueTask = returned == "System.Threading.Tasks.ValueTask<Bridle.Tools.CallPreview>";
        var own = method.Parameters.Where(parameter => PassedThrough(parameter) is null).Select(parameter => parameter.Name).ToList();
        var why = found.Count > 1 ? "there are several; keep one"
            : method.IsGenericMethod || !Reach.IsReachable(method) ? "it is generic or private"
            : !isValueTask && returned != "System.Threading.Tasks.Task<Bridle.Tools.CallPreview>" ? "it must return Task<CallPreview?> or ValueTask<CallPreview?>"
            : !own.SequenceEqual(arguments.Select(argument => argument.Symbol)) ? "its parameters must be those of RunAsync, in the same order"
            : null;
        if (why is not null)
        {
            _problems.Add(Problem.At(Rules.PreviewMismatch, Place.Of(method), _name, why));
            return null;
        }

        return new(new(method.Parameters.Select(parameter => PassedThrough(parameter) ?? $"bound.@{parameter.Name}")), isValueTask);
    }

    private string Constant(int index, string otherwise) =>
        _mark.ConstructorArguments.Length > index && _mark.ConstructorArguments[index].Kind == TypedConstantKind.Enum ? Marks.MemberOf(_mark.ConstructorArguments[index]) : otherwise;

    private string Named(string name, string otherwise)
    {
        var value = _mark.NamedArguments.FirstOrDefault(named => named.Key == name).Value;
        return value.Kind == TypedConstantKind.Enum ? Marks.MemberOf(value) : otherwise;
    }

    private void Report(DiagnosticDescriptor rule, params string[] words) => _problems.Add(Problem.At(rule, Place.Of(_symbol), words));
}
