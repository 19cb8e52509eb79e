using System.Text.Json.Nodes;

namespace Bridle.Hosting.Goals;

/// <summary>The goals of a folder: <c>.bridle/goals/ID.json</c>.</summary>
/// <param name="Folder">The folder that is worked in.</param>
public sealed record GoalShelf(string Folder)
{
    private const string Ending = ".json";

    /// <summary>Where its goals lie.</summary>
    public string Place => Path.Combine(Folder, ".bridle", "goals");

    /// <summary>The file that a person means by a path or an id, or null. A name without a slash that a goal of the folder has is that goal.</summary>
    /// <param name="named">What the person typed.</param>
    /// <param name="from">The folder that paths begin at.</param>
    public string? Find(string named, string from)
    {
        ArgumentNullException.ThrowIfNull(named);
        var own = GoalReading.WhyNotId(named) is null ? Path.Combine(Place, named + Ending) : null;
        return own is not null && File.Exists(own) ? own : Path.GetFullPath(named, from) is var path && File.Exists(path) ? path : null;
    }

    /// <summary>The files, by name.</summary>
    public IReadOnlyList<string> All => Directory.Exists(Place) ? [.. Directory.EnumerateFiles(Place, "*" + Ending, new EnumerationOptions { IgnoreInaccessible = true }).Order(StringComparer.Ordinal)] : [];

    /// <summary>Makes a goal and gives its file, or says why not. Nothing that is there is changed.</summary>
    public (string? File, string? Problem) Make(NewGoal wanted, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (GoalReading.WhyNotId(wanted.Id) is { } wrong)
        {
            return (null, $"The id '{wanted.Id}' {wrong}");
        }

        var fields = wanted.Fields(now);
        if (GoalReading.Read(System.Text.Encoding.UTF8.GetBytes(fields.ToJsonString())).Problems is { Count: > 0 } problems)
        {
            return (null, string.Join(' ', problems));
        }

        var file = Path.Combine(Place, wanted.Id + Ending);
        try
        {
            return GoalFile.Make(file, fields) ? (file, null) : (null, $"There is a goal '{wanted.Id}' already: {file}.");
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException)
        {
            return (null, $"It cannot be written: {unusable.Message}");
        }
    }
}

/// <summary>What a person says of a goal that is to be made.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Objective">What is to be reached.</param>
/// <param name="Phases">The titles of its phases.</param>
public sealed record NewGoal(string Id, string Objective, IReadOnlyList<string> Phases)
{
    /// <summary>Paths to read first.</summary>
    public IReadOnlyList<string> Context { get; init; } = [];

    /// <summary>Its posture, or null.</summary>
    public string? Posture { get; init; }

    /// <summary>What must hold all the time.</summary>
    public IReadOnlyList<string> Invariants { get; init; } = [];

    /// <summary>Commands that must succeed before the last phase is done.</summary>
    public IReadOnlyList<string> Verify { get; init; } = [];

    /// <summary>Files that no run may change.</summary>
    public IReadOnlyList<string> Seal { get; init; } = [];

    /// <summary>US dollars that all its runs together may cost; null for no limit.</summary>
    public decimal? MaxCost { get; init; }

    internal JsonObject Fields(DateTimeOffset now)
    {
        static JsonArray List(IReadOnlyList<string> texts) => [.. texts.Select(JsonNode (text) => JsonValue.Create(text))];
        var fields = new JsonObject { ["schema"] = GoalReading.Schema, ["id"] = Id, ["objective"] = Objective, ["context"] = List(Context) };
        if (Posture is { } posture)
        {
            fields["posture"] = posture;
        }

        fields["invariants"] = List(Invariants);
        if (Seal.Count > 0)
        {
            fields["seal"] = List(Seal);
        }

        if (MaxCost is { } dollars)
        {
            fields["max_cost"] = dollars;
        }

        fields["verify"] = List(Verify);
        fields["phases"] = new JsonArray([.. Phases.Select(JsonNode (title) => new JsonObject { ["title"] = title, ["status"] = "pending" })]);
        fields["created_ms"] = now.ToUnixTimeMilliseconds();
        return fields;
    }
}
