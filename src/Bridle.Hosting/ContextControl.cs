using System.Globalization;
using Bridle.Hosting.Acceptance;
using Bridle.Hosting.Assembly;
using Bridle.Hosting.DryRuns;
using Bridle.Hosting.Sensors;
using Bridle.Hosting.Settings;
using Bridle.Loop.Accepting;
using Bridle.Models;
using Bridle.Permissions;

namespace Bridle.Hosting;

/// <summary>Something that holds a session although the model is not told of it at the beginning.</summary>
/// <param name="Kind"><c>limit</c>, <c>check</c>, <c>sealed</c>, <c>sensor</c> or <c>review</c>.</param>
/// <param name="What">It in words.</param>
/// <param name="Source">The settings files that say so, <c>flag</c> or <c>built in</c>.</param>
public sealed record ContextControl(string Kind, string What, string Source)
{
    /// <summary>All that hold in a session that is started so. Looks at no file of the workspace but for ready-made sensors that settings turn on.</summary>
    internal static IReadOnlyList<ContextControl> Of(HarnessRequest request, HostFiles files, PermissionPolicy policy)
    {
        var layers = files.Layers;
        string From(Func<BridleSettings, object?> field, bool isFlag = false) =>
            isFlag ? "flag" : string.Join(", ", layers.Layers.Where(layer => field(layer.Counts) is not null).Select(layer => layer.Path)) is { Length: > 0 } paths ? paths : "built in";

        return
        [
            .. Limits(request, layers).Where(limit => limit.Value is not null).Select(limit => new ContextControl("limit", $"{limit.Name} {limit.Value}", From(limit.Field, limit.IsFlag))),
            .. AcceptanceReading.Read(layers.Effective.Acceptance).Checks.Select(check => new ContextControl("check", check.Words, From(settings => settings.Acceptance))),
            .. request.AcceptFiles.Select(file => new ContextControl("check", new FileCheck(file).Words, "flag")),
            .. request.AcceptCommands.Select(command => new ContextControl("check", new CommandCheck(command).Words, "flag")),
            .. request.AcceptChecks.Select(check => new ContextControl("check", check.Words, "goal")),
            .. AcceptanceAssembly.Patterns(request, layers).Select(pattern => new ContextControl("sealed", pattern, From(settings => settings.SealedFiles?.Contains(pattern) is true ? pattern : null, request.Seal.Contains(pattern)))),
            .. SensorBook.ForStart(files).All.Where(one => one.Written.Enabled is not false && (!one.IsReadyMade || layers.Effective.Sensors?.Detect is true)).Select(Sensor),
            .. Review(request, files, policy) is { } review ? [new("review", review.Words, From(settings => settings.LearningReview ?? (object?)settings.Roles?.Reviewer))] : Array.Empty<ContextControl>(),
        ];
    }

    private static IEnumerable<(string Name, string? Value, Func<BridleSettings, object?> Field, bool IsFlag)> Limits(HarnessRequest request, LayeredSettings layers)
    {
        var turn = StartLimits.Limits(request, layers);
        var shared = BudgetAssembly.Limits(request, layers);
        static string? Text(object? value) => value is null ? null : string.Create(CultureInfo.InvariantCulture, $"{value}");
        static string? Money(decimal? value) => value is { } dollars ? $"${Dollars.Of(dollars)}" : null;
        return
        [
            ("maxSteps", Text(turn.Steps), settings => settings.MaxSteps, request.MaxSteps is not null),
            ("maxTime", turn.Seconds is { } seconds ? Text(seconds) + " s" : null, settings => settings.MaxTime, request.MaxTime is not null),
            ("maxTokens", Text(StartLimits.MaxTokens(request, layers)), settings => settings.MaxTokens, request.MaxTokens is not null),
            ("maxCost", Money(turn.Cost), settings => settings.MaxCost, request.MaxCost is not null),
            ("maxSessionCost", Money(shared.Session), settings => settings.MaxSessionCost, request.MaxSessionCost is not null),
            ("maxDayCost", Money(shared.Day), settings => settings.MaxDayCost, request.MaxDayCost is not null),
            ("maxMonthCost", Money(shared.Month), settings => settings.MaxMonthCost, request.MaxMonthCost is not null),
        ];
    }

    // Nobody is asked, so that there is nothing to wait for.
    private static DryRunReview? Review(HarnessRequest request, HostFiles files, PermissionPolicy policy) => DryRunReview.OfAsync(request, files, policy, CancellationToken.None).GetAwaiter().GetResult();

    private static ContextControl Sensor(DeclaredSensor one) => new(
        "sensor", $"{one.Name}: {one.Command ?? (one.Server is null ? "asks a model" : "a language server")}{(one.WhyNot is { } why ? $" (does not look: {why})" : "")}", one.From);
}
