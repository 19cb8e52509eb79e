using System.Text;

namespace Bridle.Generators;

/// <summary>Writes the JSON Schema of a tool's arguments: compact, in the order of the declaration.</summary>
internal static class SchemaText
{
    public static string Of(IReadOnlyList<ArgumentModel> arguments)
    {
        var json = new StringBuilder();
        WriteObject(json, arguments, null);
        return json.ToString();
    }

    private static void WriteObject(StringBuilder json, IReadOnlyList<ArgumentModel> members, string? description)
    {
        json.Append("{\"type\":\"object\"");
        WriteDescription(json, description);
        json.Append(",\"properties\":{");
        for (var i = 0; i < members.Count; i++)
        {
            json.Append(i == 0 ? "" : ",").Append(JsonText.Quote(members[i].Json)).Append(':');
            Write(json, members[i].Type, members[i]);
        }

        json.Append('}');
        var required = members.Where(member => member.Required).Select(member => JsonText.Quote(member.Json)).ToList();
        if (required.Count > 0)
        {
            json.Append(",\"required\":[").Append(string.Join(",", required)).Append(']');
        }

        json.Append(",\"additionalProperties\":false}");
    }

    private static void Write(StringBuilder json, TypeModel type, ArgumentModel? argument)
    {
        switch (type.Shape)
        {
            case Shape.Members:
                WriteObject(json, type.Members, argument?.Description);
                return;
            case Shape.Items:
                json.Append("{\"type\":\"array\"");
                WriteDescription(json, argument?.Description);
                json.Append(",\"items\":");
                Write(json, type.Element!, null);
                break;
            case Shape.Any:
                json.Append('{');
                WriteDescription(json, argument?.Description, first: true);
                break;
            default:
                json.Append("{\"type\":\"").Append(TypeName(type.Shape)).Append('"');
                WriteDescription(json, argument?.Description);
                break;
        }

        if (type.Shape == Shape.Choice)
        {
            json.Append(",\"enum\":[").Append(string.Join(",", type.Choices.Select(choice => JsonText.Quote(choice.Json)))).Append(']');
        }

        WriteIfAny(json, "minimum", argument?.Minimum);
        WriteIfAny(json, "maximum", argument?.Maximum);
        WriteIfAny(json, "default", argument?.DefaultJson);
        json.Append('}');
    }

    private static string TypeName(Shape shape) => shape switch
    {
        Shape.Flag => "boolean",
        Shape.Int32 or Shape.Int64 => "integer",
        Shape.Real => "number",
        _ => "string",
    };

    private static void WriteDescription(StringBuilder json, string? description, bool first = false)
    {
        if (description is not null)
        {
            json.Append(first ? "" : ",").Append("\"description\":").Append(JsonText.Quote(description));
        }
    }

    private static void WriteIfAny(StringBuilder json, string name, string? value)
    {
        if (value is not null)
        {
            json.Append(",\"").Append(name).Append("\":").Append(value);
        }
    }
}
