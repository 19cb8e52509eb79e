namespace Bridle.Generators;

/// <summary>Writes the code that turns JSON arguments into typed ones, as straight calls of <c>Bridle.Tools.ArgumentReader</c>.</summary>
internal sealed class BinderSource(CodeLines source)
{
    private const string Reader = "global::Bridle.Tools.ArgumentReader";
    private readonly List<(TypeModel Type, string Method)> _methods = [];

    /// <summary>Writes the Bind override and the methods that it calls.</summary>
    public void Write(IReadOnlyList<ArgumentModel> arguments)
    {
        source.Open("public override global::Bridle.Tools.BindOutcome Bind(global::System.Text.Json.JsonElement arguments)");
        source.Line($"var reader = new {Reader}(arguments);");
        WriteObject(arguments);
        source.Line($"return reader.EndObject() ? reader.Bound(new Bound({Values(arguments)})) : reader.Refused();");
        source.Close();

        // Writing a method may ask for more of them.
        for (var i = 0; i < _methods.Count; i++)
        {
            source.Line();
            WriteMethod(_methods[i].Type, _methods[i].Method);
        }
    }

    private static string Values(IEnumerable<ArgumentModel> members) => string.Join(", ", members.Select(Value));

    private static string Value(ArgumentModel member) => "v_" + member.Symbol;

    private void WriteObject(IReadOnlyList<ArgumentModel> members)
    {
        source.Line($"reader.BeginObject({string.Join(", ", members.Select(member => JsonText.Quote(member.Json)))});");
        foreach (var member in members)
        {
            var name = JsonText.Quote(member.Json);
            source.Line(member.Required && member.Type.Shape == Shape.Any
                ? $"var {Value(member)} = reader.RequiredAny({name});"
                : member.Required
                    ? $"var {Value(member)} = reader.Required<{member.Declared}>({name}, static reader => {Read(member.Type, member)});"
                    : $"var {Value(member)} = reader.Optional<{member.Declared}>({name}, static reader => {Read(member.Type, member)}, {member.DefaultCode});");
            if (member.Target is { } target)
            {
                var access = target.Access is null ? "" : ", " + target.Access;
                source.Line($"reader.Add{target.Kind}{(member.Type.Shape == Shape.Items ? "s" : "")}({Value(member)}{access});");
            }
        }
    }

    private string Read(TypeModel type, ArgumentModel? member = null)
    {
        switch (type.Shape)
        {
            case Shape.Text:
                return "reader.AsString()";
            case Shape.Flag:
                return "reader.AsBoolean()";
            case Shape.Any:
                return "reader.AsAny()";
            case Shape.Int32 or Shape.Int64 or Shape.Real:
                var name = type.Shape == Shape.Real ? "Double" : type.Shape.ToString();
                return $"reader.As{name}({Bounds(member?.Minimum, member?.Maximum)})";
            case Shape.Items:
                var items = $"reader.AsArray<{type.Element!.Name}>(static reader => {Read(type.Element)})";
                return type.IsList ? $"new {type.Name}({items})" : items;
            default:
                return MethodFor(type) + "(reader)";
        }
    }

    private static string Bounds(string? minimum, string? maximum) =>
        string.Join(", ", new[] { minimum is null ? null : "min: " + minimum, maximum is null ? null : "max: " + maximum }.Where(bound => bound is not null));

    private string MethodFor(TypeModel type)
    {
        var known = _methods.FirstOrDefault(method => method.Type.Name == type.Name).Method;
        if (known is null)
        {
            known = "Read" + type.SimpleName;
            if (_methods.Any(method => method.Method == known))
            {
                known += _methods.Count;
            }

            _methods.Add((type, known));
        }

        return known;
    }

    private void WriteMethod(TypeModel type, string method)
    {
        source.Open($"private static {type.Name} {method}({Reader} reader)");
        if (type.Shape == Shape.Choice)
        {
            source.Open($"return reader.AsChoice({string.Join(", ", type.Choices.Select(choice => JsonText.Quote(choice.Json)))}) switch");
            for (var i = 0; i < type.Choices.Count - 1; i++)
            {
                source.Line($"{i} => {type.Name}.@{type.Choices[i].Member},");
            }

            source.Line($"_ => {type.Name}.@{type.Choices[type.Choices.Count - 1].Member},");
            source.CloseWith("};");
        }
        else
        {
            WriteObject(type.Members);
            var made = type.ByConstructor
                ? $"new {type.Name}({Values(type.Members)})"
                : $"new {type.Name} {{ {string.Join(", ", type.Members.Select(member => $"@{member.Symbol} = {Value(member)}"))} }}";
            source.Line($"return reader.EndObject() ? {made} : default!;");
        }

        source.Close();
    }
}
