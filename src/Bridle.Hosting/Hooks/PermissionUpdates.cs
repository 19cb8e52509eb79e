using System.Text.Json.Nodes;
using Bridle.Tools;

namespace Bridle.Hosting.Hooks;

/// <summary>Reads what a hook changes with its yes. Whatever destination it names, it holds for this session: a hook writes no settings.</summary>
internal static class PermissionUpdates
{
    public static (IReadOnlyList<(string Rule, Verdict Verdict)> Rules, string? Mode) Read(JsonArray updates)
    {
        var rules = new List<(string, Verdict)>();
        string? mode = null;
        foreach (var update in updates.OfType<JsonObject>())
        {
            switch (Text(update["type"]))
            {
                case "addRules" when Verdicts(Text(update["behavior"])) is { } verdict:
                    foreach (var rule in (update["rules"] as JsonArray ?? []).OfType<JsonObject>().Where(rule => Text(rule["toolName"]) is { Length: > 0 }))
                    {
                        rules.Add((Text(rule["ruleContent"]) is { Length: > 0 } content ? $"{Text(rule["toolName"])}({content})" : Text(rule["toolName"])!, verdict));
                    }

                    break;
                case "setMode":
                    mode = Text(update["mode"]);
                    break;
            }
        }

        return (rules, mode);
    }

    private static Verdict? Verdicts(string? behaviour) => behaviour switch { "allow" => Verdict.Allow, "ask" => Verdict.Ask, "deny" => Verdict.Deny, _ => null };

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
