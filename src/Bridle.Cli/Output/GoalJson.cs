using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bridle.Hosting.Goals;

namespace Bridle.Cli.Output;

/// <summary>Goals as objects for a program. Their fields are described in docs/reference/goals.md.</summary>
internal static class GoalJson
{
    private static readonly JsonSerializerOptions s_line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How an object for a person to read is written.</summary>
    public static JsonSerializerOptions Plain { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>A goal as it stands.</summary>
    public static JsonObject Of(GoalFile file) => new()
    {
        ["id"] = file.Goal.Id,
        ["file"] = file.Path,
        ["objective"] = file.Goal.Objective,
        ["done"] = file.Goal.IsDone,
        ["next"] = file.Goal.Next?.Number,
        ["max_cost"] = file.Goal.MaxCost,
        ["took"] = file.Goal.Took,
        ["overdrawn"] = file.Goal.IsOverdrawn,
        ["phases"] = new JsonArray([.. file.Goal.Phases.Select(JsonNode (phase) => Phase(phase))]),
    };

    /// <summary>A file that is no goal that can be used.</summary>
    public static JsonObject Broken(string path, IReadOnlyList<string> problems) => new()
    {
        ["file"] = path, ["problems"] = new JsonArray([.. problems.Select(JsonNode (problem) => JsonValue.Create(problem))]),
    };

    /// <summary>Many as one array.</summary>
    public static string List(IReadOnlyList<JsonObject> goals) => new JsonArray([.. goals]).ToJsonString(Plain);

    /// <summary>What a run of phases came to, as the last line of its output.</summary>
    public static string Result(GoalFile file, JsonArray results, int exitCode)
    {
        var fields = new JsonObject { ["type"] = "goal", ["goal"] = Of(file) };
        if (results.Count > 0)
        {
            fields["results"] = results;
        }

        fields["exit_code"] = exitCode;
        return fields.ToJsonString(s_line);
    }

    /// <summary>What the next run would begin with.</summary>
    public static string Look(GoalFile file, GoalTurn turn, string dryRun) => new JsonObject
    {
        ["type"] = "goal_dry_run", ["goal"] = Of(file), ["phase"] = turn.Phase.Number, ["session"] = turn.Session, ["resumes"] = turn.Resumes, ["brief"] = turn.Brief, ["run"] = JsonNode.Parse(dryRun),
    }.ToJsonString(s_line);

    private static JsonObject Phase(GoalPhase phase) => new()
    {
        ["number"] = phase.Number,
        ["title"] = phase.Title,
        ["status"] = phase.Status.ToString().ToLowerInvariant(),
        ["note"] = phase.Note,
        ["session"] = phase.Session,
        ["tries"] = phase.Tries,
        ["runs"] = new JsonArray([.. phase.Runs.Select(JsonNode (run) => JsonValue.Create(run))]),
    };
}
