using System.Text.Json.Nodes;
using Bridle.Hosting;

namespace Bridle.Cli.Output;

/// <summary>A guide as an object for a program.</summary>
internal static class GuideJson
{
    public static JsonObject Of(ContextGuide guide) => new()
    {
        ["name"] = guide.Name, ["kind"] = guide.Kind, ["when"] = guide.When, ["at"] = guide.At, ["max_tokens"] = guide.MostTokens,
        ["bytes"] = guide.Bytes, ["tokens"] = guide.Tokens, ["source"] = guide.Source, ["why_not"] = guide.WhyNot,
    };
}
