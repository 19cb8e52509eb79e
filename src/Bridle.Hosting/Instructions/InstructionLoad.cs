using System.Text.Json.Nodes;
using Bridle.Hooks;

namespace Bridle.Hosting.Instructions;

/// <summary>That a file of instructions is told to the model, as hooks hear of it.</summary>
/// <param name="Path">The file.</param>
/// <param name="Scope">Who it speaks for.</param>
/// <param name="Reason">Why it is told now.</param>
internal sealed record InstructionLoad(string Path, string Scope, string Reason)
{
    /// <summary>The patterns of the files that it is about, or null.</summary>
    public IReadOnlyList<string>? Patterns { get; init; }

    /// <summary>The file that was seen, or null.</summary>
    public string? Trigger { get; init; }

    /// <summary>The file that imports it, or null.</summary>
    public string? Parent { get; init; }

    /// <summary>A file and all that it imports.</summary>
    public static IEnumerable<InstructionLoad> Of(InstructionFile file, string reason, string? trigger) =>
    [
        new(file.Path, file.Scope, reason) { Patterns = file.Patterns, Trigger = trigger },
        .. file.Imports.Select(import => new InstructionLoad(import.Path, file.Scope, "include") { Trigger = trigger, Parent = import.By }),
    ];

    /// <summary>What hooks hear.</summary>
    public HookOccasion Occasion
    {
        get
        {
            var facts = new JsonObject { ["file_path"] = Path, ["memory_type"] = $"{char.ToUpperInvariant(Scope[0])}{Scope[1..]}", ["load_reason"] = Reason };
            if (Patterns is { } patterns)
            {
                facts["globs"] = new JsonArray([.. patterns.Select(JsonNode (pattern) => JsonValue.Create(pattern))]);
            }

            if (Trigger is { } trigger)
            {
                facts["trigger_file_path"] = trigger;
            }

            if (Parent is { } parent)
            {
                facts["parent_file_path"] = parent;
            }

            return new(HookEvents.InstructionsLoaded) { Subject = Reason, Facts = facts };
        }
    }
}
