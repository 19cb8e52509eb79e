using System.Text.Json;

namespace Bridle.Tools;

/// <summary>
/// Calls of a Grep that takes ripgrep's options by their names. What has no equal here and would change what is found (<c>multiline</c>, <c>offset</c>, a <c>type</c> beside a
/// <c>glob</c> or one that is not listed) is left for binding to refuse.
/// </summary>
internal static class ForeignSearch
{
    // The most that Grep shows: elsewhere 0 means that all is shown.
    private const int All = 2000;

    // ripgrep's types by their first words, for what people write most.
    private static readonly Dictionary<string, string> s_types = new(StringComparer.Ordinal)
    {
        ["c"] = "*.{c,h,H}", ["cpp"] = "*.{C,H,cc,cpp,cxx,c++,h,hh,hpp,hxx,inl}", ["cs"] = "*.cs", ["csharp"] = "*.cs", ["css"] = "*.{css,scss}", ["go"] = "*.go",
        ["html"] = "*.{htm,html,ejs}", ["java"] = "*.{java,jsp,jspx,properties}", ["js"] = "*.{js,jsx,vue,cjs,mjs}", ["json"] = "*.{json,sarif}", ["kotlin"] = "*.{kt,kts}", ["lua"] = "*.lua",
        ["markdown"] = "*.{markdown,md,mdown,mdwn,mdx,mkd,mkdn}", ["md"] = "*.{markdown,md,mdown,mdwn,mdx,mkd,mkdn}", ["php"] = "*.{php,php3,php4,php5,php7,php8,pht,phtml}", ["py"] = "*.{py,pyi}",
        ["python"] = "*.{py,pyi}", ["rust"] = "*.rs", ["sql"] = "*.{sql,psql}", ["swift"] = "*.swift", ["ts"] = "*.{ts,tsx,cts,mts}", ["typescript"] = "*.{ts,tsx,cts,mts}", ["xml"] = "*.{xml,dtd,xsl,xslt,xsd,xjb,rng,sch,xhtml}",
        ["yaml"] = "*.{yaml,yml}",
    };

    /// <summary>What it means here.</summary>
    public static JsonElement Grep(JsonElement arguments, JsonElement known, CallScope scope)
    {
        var fields = arguments.EnumerateObject().ToList();
        var around = fields.Where(one => one.Name is "-A" or "-B" or "-C" or "context" && Coerce.Whole(one.Value) is not null).ToList();
        bool Knows(string name) => known.TryGetProperty(name, out _);
        bool IsAround(JsonProperty one) => Knows("context") && !Knows(one.Name) && around.Exists(number => number.Name == one.Name);
        if (fields.DistinctBy(one => one.Name).Count() < fields.Count || !fields.Exists(one => !Knows(one.Name) || one.Name is "output_mode"))
        {
            return arguments;
        }

        return ForeignCalls.Json(writer =>
        {
            foreach (var one in fields)
            {
                if (IsAround(one) || (one.Name is "context" && around.Exists(IsAround)) || (!Knows(one.Name) && IsNothing(one)))
                {
                    continue;
                }

                if (Of(one, arguments, known) is var (name, value))
                {
                    writer.WriteString(name, value);
                }
                else if (one.Name is "head_limit" && !Knows(one.Name) && Coerce.Whole(one.Value) is 0)
                {
                    writer.WriteNumber(one.Name, All);
                }
                else
                {
                    one.WriteTo(writer);
                }
            }

            // Lines before and after are shown together here, so that none that was asked for is missing.
            if (around.Exists(IsAround))
            {
                writer.WriteNumber("context", around.Max(one => Coerce.Whole(one.Value) ?? 0));
            }
        });
    }

    private static (string Name, string Value)? Of(JsonProperty one, JsonElement arguments, JsonElement known) => one switch
    {
        { Name: "output_mode", Value: { ValueKind: JsonValueKind.String } value } when value.ValueEquals("files_with_matches") => (one.Name, "files"),
        { Name: "type", Value: { ValueKind: JsonValueKind.String } value } when !known.TryGetProperty("type", out _) && known.TryGetProperty("glob", out _)
            && !arguments.TryGetProperty("glob", out _) && s_types.GetValueOrDefault(value.GetString()!) is { } glob => ("glob", glob),
        _ => null,
    };

    // Asked for what happens anyway.
    private static bool IsNothing(JsonProperty one) => one.Name is "multiline" && Coerce.Flag(one.Value) is false || one.Name is "offset" && Coerce.Whole(one.Value) is 0;
}
