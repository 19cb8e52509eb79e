using Bridle.Context.Compaction;
using Bridle.Hosting.Providers;
using Bridle.Hosting.Settings;
using Bridle.Models;
using Bridle.Permissions;
using Bridle.Events;

namespace Bridle.Hosting.Assembly;

/// <summary>What flags, settings and the administrator's settings make of the mode and the limits of a start. What the administrator sets, a flag can only make stricter.</summary>
internal static class StartLimits
{
    /// <summary>The mode, or why the one that was asked for cannot be had.</summary>
    public static (ModeChoice? Mode, HarnessRefused? Problem) Mode(HarnessRequest request, LayeredSettings layers, List<string> notices)
    {
        var set = layers.Mode is { } mode ? PermissionModes.Parse(mode.Name)! with { Strict = mode.Strict } : new ModeChoice(PermissionMode.Default);
        if (request.Mode is not { } flag)
        {
            return (set, null);
        }

        if (ModeName.Parse(flag) is not { } wanted)
        {
            return (null, new("usage", $"There is no mode '{flag}'.", $"The modes are {string.Join(", ", ModeName.Names)}."));
        }

        if (WhyNot(layers, wanted) is not { } why)
        {
            // A mode that lets less through than settings ask for takes nothing of what they ask for away: plan ends in strict again.
            return (PermissionModes.Parse(flag)! with { Strict = wanted.Strict || (set.Strict && wanted.Tightens) }, null);
        }

        if (wanted.Name == "bypass")
        {
            return (null, new("settings", why, "Start in another mode."));
        }

        notices.Add(why);
        return (set, null);
    }

    /// <summary>Why settings keep anybody from choosing a mode, or null.</summary>
    public static string? WhyNot(LayeredSettings layers, ModeName wanted) =>
        wanted.Name == "bypass" && layers.BypassForbiddenBy is { } file ? $"The mode 'bypass' is forbidden by {file}."
        : layers is { ModeIsManaged: true, Mode: { } managed } && (wanted.Rank > managed.Rank || (managed.Strict && !wanted.Strict && wanted.Rank == managed.Rank))
            ? $"The administrator's settings fix the mode '{managed.Name}'; only a stricter one can be chosen, so '{wanted.Name}' is not used."
            : null;

    /// <summary>What a turn may take.</summary>
    public static RunLimits Limits(HarnessRequest request, LayeredSettings layers) => new(
        MaxSteps(request, layers),
        null,
        MaxCost(request, layers),
        Lower(request.MaxTime?.TotalSeconds, layers, settings => settings.MaxTime));

    /// <summary>US dollars that a turn may cost.</summary>
    public static decimal? MaxCost(HarnessRequest request, LayeredSettings layers) => Lower(request.MaxCost, layers, settings => settings.MaxCost);

    /// <summary>Tokens that one reply may have.</summary>
    public static int? MaxTokens(HarnessRequest request, LayeredSettings layers) => Lower(request.MaxTokens, layers, settings => settings.MaxTokens);

    /// <summary>That a model gives less in one reply than somebody asked for, in words; or null.</summary>
    public static string? LoweredTokens(HarnessRequest request, LayeredSettings layers, ModelInfo model) =>
        (request.MaxTokens ?? layers.Effective.MaxTokens) is { } wanted && model.MaxOutputTokens is { } most && most < wanted
            ? $"{model.FullName} {(most is ModelMaking.MostReply ? "is asked for" : "gives")} at most {most} tokens in one reply; the limit of {wanted} is lowered to that."
            : null;

    /// <summary>When a conversation is made shorter, and who writes the summary.</summary>
    public static CompactionOptions Compaction(LayeredSettings layers) =>
        new CompactionOptions { Auto = layers.Effective.AutoCompactEnabled ?? true, ByModel = layers.Effective.CompactSummary is "model" || layers.Effective is { CompactSummary: null, Roles.Compactor: not null } } is var options && layers.Effective.AutoCompactAt is { } at
            ? options with { At = at, To = at - 0.2 }
            : options;

    // 0 asks for no limit, which only an administrator's limit refuses.
    private static int? MaxSteps(HarnessRequest request, LayeredSettings layers) =>
        (Lower(request.MaxSteps is 0 ? int.MaxValue : request.MaxSteps, layers, settings => settings.MaxSteps) ?? Composition.DefaultMaxSteps) is var steps and < int.MaxValue ? steps : null;

    /// <summary>What a flag and settings make of a limit: the flag decides, but for what the administrator has set.</summary>
    public static T? Lower<T>(T? flag, LayeredSettings layers, Func<BridleSettings, T?> of)
        where T : struct, IComparable<T>
    {
        var managed = layers.Layers.FirstOrDefault(layer => layer.IsManaged && of(layer.Counts) is not null) is { } layer ? of(layer.Counts) : null;
        return flag is { } wanted && managed is { } most && wanted.CompareTo(most) > 0 ? most : flag ?? of(layers.Effective);
    }
}
