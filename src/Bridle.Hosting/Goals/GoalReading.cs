using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bridle.Hosting.Goals;

/// <summary>Reads a goal from the text of its file, and says what is wrong with it, each with the field's name. What it does not know it leaves alone.</summary>
internal static class GoalReading
{
    /// <summary>What the field <c>schema</c> says.</summary>
    public const string Schema = "harness.goal.v1";

    /// <summary>Characters that one text may have.</summary>
    public const int MostText = 8_000;

    /// <summary>Characters that an id may have.</summary>
    public const int MostId = 40;

    private const int MostTitle = 200;

    /// <summary>The goal with the text as nodes; or what is wrong with it, and then no goal.</summary>
    public static (Goal? Goal, JsonObject? Root, IReadOnlyList<string> Problems) Read(ReadOnlySpan<byte> text)
    {
        JsonObject root;
        try
        {
            if (JsonNode.Parse(text) is not JsonObject found)
            {
                return (null, null, ["It is not a JSON object."]);
            }

            // What stands there twice is only found by looking.
            (root, _) = (found, found.ToJsonString());
            Touch(found);
        }
        catch (JsonException broken)
        {
            return (null, null, [$"It is not valid JSON (line {broken.LineNumber + 1})."]);
        }
        catch (ArgumentException)
        {
            return (null, null, ["An object in it has a field twice."]);
        }

        var problems = new List<string>();
        var goal = Of(new(root, "", problems), problems);
        return problems.Count > 0 ? (null, root, problems) : (goal, root, []);
    }

    /// <summary>Why an id cannot be used, or null.</summary>
    public static string? WhyNotId(string id) =>
        id.Length is 0 or > MostId || !char.IsAsciiLetterOrDigit(id[0]) || id.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter is not ('.' or '-' or '_'))
            ? $"must be 1 to {MostId} lower-case letters, digits, dots, hyphens and underscores, and begin with a letter or digit." : null;

    private static Goal Of(GoalFields fields, List<string> problems)
    {
        if (fields.Text("schema", 100) is { Length: > 0 } schema and not Schema)
        {
            fields.Wrong("schema", $"is '{schema}', but this version reads {Schema}.");
        }

        var goal = new Goal(fields.Text("id", 1_000), fields.Text("objective", MostText))
        {
            Context = fields.Texts("context"),
            Posture = fields.Optional("posture", MostText),
            Invariants = [.. fields.Entries("invariants").Select(entry => fields.Invariant(entry.Node, entry.Name)).OfType<GoalInvariant>()],
            Verify = fields.Demand("verify"),
            Seal = fields.Texts("seal"),
            Deny = fields.Texts("deny"),
            MaxCost = fields.Dollars("max_cost"),
            Phases = Phases(fields, problems),
        };
        if (goal.Id.Length > 0 && WhyNotId(goal.Id) is { } wrong)
        {
            fields.Wrong("id", wrong);
        }

        if (goal.Posture is { } posture && GoalPosture.WhyNot(posture) is { } why)
        {
            fields.Wrong("posture", why);
        }

        Together(goal, fields);
        return goal;
    }

    private static List<GoalPhase> Phases(GoalFields fields, List<string> problems)
    {
        var phases = new List<GoalPhase>();
        foreach (var (node, name) in fields.Entries("phases"))
        {
            if (node is JsonObject one)
            {
                phases.Add(Phase(new(one, name, problems), phases.Count + 1, one, phases));
            }
            else
            {
                problems.Add($"'{name}' must be an object.");
            }
        }

        if (phases.Count == 0 && problems.Count == 0)
        {
            fields.Wrong("phases", "has no phase: nothing would be done.");
        }

        return phases;
    }

    private static GoalPhase Phase(GoalFields fields, int number, JsonObject one, List<GoalPhase> before)
    {
        var title = fields.Text("title", MostTitle);
        if (before.Exists(other => other.Title == title))
        {
            fields.Wrong("title", $"is '{title}', as that of another phase.");
        }

        var posture = fields.Optional("posture", MostText);
        if (posture is not null && GoalPosture.WhyNot(posture) is { } why)
        {
            fields.Wrong("posture", why);
        }

        var written = fields.Optional("status", 100) ?? "pending";
        if (!Enum.TryParse<PhaseStatus>(written, ignoreCase: true, out var status) || written != Word(status))
        {
            fields.Wrong("status", $"is '{written}', but must be one of pending, running, done, failed.");
        }

        return new GoalPhase(number, title)
        {
            Task = fields.Optional("task", MostText),
            Posture = posture,
            Verify = fields.Demand("verify"),
            Status = status,
            Note = fields.Optional("note", int.MaxValue),
            Session = fields.Optional("session", MostTitle),
            Tries = one["tries"] is JsonArray tries ? tries.Count : 0,
            Took = [.. GoalSpending.TookOf(one)],
            Runs = [.. RunsOf(one)],
        };
    }

    private static IEnumerable<string> RunsOf(JsonObject phase) =>
        (phase["tries"] as JsonArray ?? []).OfType<JsonObject>().SelectMany(one => one["runs"] as JsonArray ?? []).OfType<JsonValue>().Where(run => run.GetValueKind() is JsonValueKind.String).Select(run => run.GetValue<string>());

    // Where nothing may be changed nothing is demanded, so that nothing would ever be checked.
    private static void Together(Goal goal, GoalFields fields)
    {
        foreach (var phase in goal.Phases.Where(phase => GoalPosture.OnlyLooks(goal, phase)))
        {
            if (phase.Verify.Checks.Count > 0 || (phase.Number == goal.Phases.Count && goal.Verify.Checks.Count > 0))
            {
                fields.Wrong(phase.Verify.Checks.Count > 0 ? $"phases[{phase.Number - 1}].verify" : "verify", $"would never be looked at: the posture of the phase '{phase.Title}' is look, which changes nothing.");
            }
        }
    }

    /// <summary>The word of a status.</summary>
    public static string Word(PhaseStatus status) => JsonNamingPolicy.SnakeCaseLower.ConvertName(status.ToString());

    private static void Touch(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject whole:
                foreach (var (_, value) in whole)
                {
                    Touch(value);
                }

                break;
            case JsonArray list:
                foreach (var entry in list)
                {
                    Touch(entry);
                }

                break;
        }
    }

    /// <summary>Text of a file made harmless: nothing in it hides, moves or reorders what stands around it.</summary>
    public static string Harmless(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            var isOdd = (Rune.IsControl(rune) && rune.Value is not ('\n' or '\t')) || Bridle.Permissions.HiddenCharacters.IsNeverText(rune);
            shown.Append(isOdd ? "?" : rune.ToString());
        }

        return shown.ToString();
    }
}
