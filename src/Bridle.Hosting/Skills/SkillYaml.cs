using System.Text.RegularExpressions;
using Bridle.Skills;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Bridle.Hosting.Skills;

/// <summary>
/// Reads the head of a <c>SKILL.md</c>. It may come from anybody: it is read as a row of events, because a tree of it can be deeper than the stack and, with references, larger
/// than the memory. What is no YAML is tried again with quotes around values that hold a colon, and then line by line.
/// </summary>
internal static partial class SkillYaml
{
    [GeneratedRegex(@"\A([-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+|[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))\z", RegexOptions.CultureInvariant)]
    private static partial Regex Number { get; }


    private const int MostFields = 200;
    private const int MostItems = 500;

    /// <summary>The head and the text below it.</summary>
    public static SkillHead Read(string text)
    {
        var (head, body, problem) = SkillHead.Split(text);
        if (head is null)
        {
            return new([], body, problem);
        }

        try
        {
            return new(Fields(head), body, null);
        }
        catch (Exception mistake) when (BrokenYaml.Is(mistake))
        {
            return Again(head, body, $"its head is no YAML ({SkillReading.Line(BrokenYaml.Reason(mistake))})");
        }
    }

    private static SkillHead Again(string head, string body, string problem)
    {
        try
        {
            return new(Fields(Quoted(head)), body, problem);
        }
        catch (Exception mistake) when (BrokenYaml.Is(mistake))
        {
            return new(ByLine(head), body, problem);
        }
    }

    private static List<(string, SkillValue)> Fields(string head)
    {
        var parser = new Parser(new StringReader(head));
        var fields = new List<(string, SkillValue)>();
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _) || parser.Accept<DocumentEnd>(out _))
        {
            return fields;
        }

        if (!parser.TryConsume<MappingStart>(out _))
        {
            throw new YamlException("it has no fields");
        }

        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (!parser.TryConsume<Scalar>(out var key))
            {
                parser.SkipThisAndNestedEvents();
                parser.SkipThisAndNestedEvents();
                continue;
            }

            var value = Value(parser);
            if (fields.Count < MostFields)
            {
                fields.Add((key.Value, value));
            }
        }

        parser.Consume<DocumentEnd>();
        return fields;
    }

    private static SkillValue Value(IParser parser)
    {
        if (parser.TryConsume<Scalar>(out var one))
        {
            return new(one.Value) { ReadAs = one.Style is ScalarStyle.Plain ? ReadAs(one.Value) : null };
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var (items, nested) = (new List<string>(), false);
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                nested |= !TryText(parser, items);
            }

            return new((string?)null) { List = items, IsNested = nested };
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var (pairs, nested) = (new List<(string, string)>(), false);
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var both = new List<string>();
                nested |= !TryText(parser, both) | !TryText(parser, both);
                if (both.Count is 2 && pairs.Count < MostItems)
                {
                    pairs.Add((both[0], both[1]));
                }
            }

            return new((string?)null) { Pairs = pairs, IsNested = nested };
        }

        parser.SkipThisAndNestedEvents();
        return new((string?)null) { IsNested = true };
    }

    // The core schema of YAML 1.2.
    private static string? ReadAs(string plain) => plain switch
    {
        "" or "~" or "null" or "Null" or "NULL" => "nothing",
        "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => "true or false",
        _ => Number.IsMatch(plain) ? "a number" : null,
    };

    private static bool TryText(IParser parser, List<string> texts)
    {
        if (parser.TryConsume<Scalar>(out var text))
        {
            if (texts.Count < MostItems)
            {
                texts.Add(text.Value);
            }

            return true;
        }

        parser.SkipThisAndNestedEvents();
        return false;
    }

    // The commonest slip: "description: Use when: something" is no YAML.
    private static string Quoted(string head) => string.Join('\n', head.Split('\n').Select(line =>
        line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var at && !char.IsWhiteSpace(line[0]) && line[0] is not ('#' or '-') && line[(at + 2)..].Trim() is { Length: > 0 } value && value[0] is not ('"' or '\'' or '|' or '>' or '[' or '{')
            ? $"{line[..at]}: '{value.Replace("'", "''", StringComparison.Ordinal)}'"
            : line));

    // What is left when nothing else reads it: lines of a name, a colon and a text.
    private static List<(string, SkillValue)> ByLine(string head) =>
    [
        .. head.Split('\n').Where(line => line.Length > 0 && char.IsLetter(line[0]) && line.Contains(':')).Take(MostFields)
            .Select(line => (line[..line.IndexOf(':')].Trim(), new SkillValue(line[(line.IndexOf(':') + 1)..].Trim().Trim('"', '\'')))).Where(field => field.Item2.Text!.Length > 0),
    ];
}
