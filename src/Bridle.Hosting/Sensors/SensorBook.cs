using Bridle.Hosting.Settings;
using Bridle.Hosting.Trust;

namespace Bridle.Hosting.Sensors;

/// <summary>Every sensor that settings declare or the folder's files suggest, in the order of their names, with what becomes of it.</summary>
/// <param name="All">All of them, also those that do not look.</param>
public sealed record SensorBook(IReadOnlyList<DeclaredSensor> All)
{
    /// <summary>The kind under which the trust of a folder keeps what may run.</summary>
    public const string TrustKind = "sensor";

    /// <summary>Those that look.</summary>
    public IEnumerable<DeclaredSensor> Active => All.Where(one => one.WhyNot is null);

    /// <summary>Reads what is declared and what is there. Runs nothing.</summary>
    public static SensorBook Of(HostFiles files) => Of(files, suggests: true);

    /// <summary>The same for a start, which does not look through the folder for what settings leave off.</summary>
    internal static SensorBook ForStart(HostFiles files) =>
        Of(files, files.Layers.Effective.Sensors is { } settings && (settings.Detect is true || settings.Define?.Values.Any(one => one is { Command: null, Prompt: null }) is true));

    private static SensorBook Of(HostFiles files, bool suggests)
    {
        ArgumentNullException.ThrowIfNull(files);
        var settings = files.Layers.Effective.Sensors;
        var all = new SortedDictionary<string, DeclaredSensor>(StringComparer.Ordinal);
        foreach (var ready in suggests ? ReadyMadeSensors.For(files) : [])
        {
            var missing = files.Trust.IsTrusted ? ready.WhyNot : $"the folder {files.Trust.Folder} is not trusted: it would run what the project says. Look at it, then `bridle trust`.";
            var isOff = settings?.Detect is not true;
            all[ready.Name] = ready with
            {
                IsOnlyOff = isOff && missing is null,
                WhyNot = missing ?? (isOff ? "ready-made sensors are off; \"sensors\": { \"detect\": true } in your settings turns them on." : null),
            };
        }

        foreach (var (name, written) in Defined(files))
        {
            var layers = files.Layers.Layers.Where(layer => layer.Counts.Sensors?.Define?.ContainsKey(name) is true).ToList();
            var known = all.GetValueOrDefault(name);
            all[name] = new(name, known is null ? written : DeclaredSensor.Over(written, known.Written), string.Join(", ", layers.Select(layer => layer.Path)))
            {
                IsOfProject = layers.Any(layer => layer.IsOfProject), IsReadyMade = known is not null && written.Command is null && written.Prompt is null,
                WhyNot = written.Command is null && written.Prompt is null ? known?.WhyNot : null, Folder = written.Command is null ? known?.Folder ?? "" : "",
            };
        }

        return new([.. all.Values.Select(one => one with { WhyNot = WhyNot(one, files) }), .. ServersOf(files.Layers.Layers, layer => layer.Counts).Where(one => !all.ContainsKey(one.Name)).Select(one => one with { WhyNot = WhyNotServer(one, files) })]);
    }

    /// <summary>What a person approves when they trust the folder: each sensor that the project's files declare, as it stands.</summary>
    public static IReadOnlyList<ProjectProgram> ToApprove(HostFiles files)
    {
        // What waits for trust is not among what counts yet.
        var layers = files.Layers.Layers.Where(layer => layer.IsOfProject && layer.Written.Sensors?.Define is not null).ToList();
        var names = layers.SelectMany(layer => layer.Written.Sensors!.Define!.Keys).ToHashSet(StringComparer.Ordinal);
        return [.. names.Order(StringComparer.Ordinal).Select(name => Merged(files.Layers.Layers, name, layer => layer.Written)).OfType<DeclaredSensor>()
            .Where(one => (one.Command ?? one.Fix ?? one.Prompt) is not null)
            .Concat(ServersOf(files.Layers.Layers, layer => layer.Written).Where(one => one.IsOfProject))
            .Select(one => new ProjectProgram(TrustKind, one.Content, $"sensor {one.Name}: {one.Command ?? one.Prompt ?? $"fix: {one.Fix}"} ({one.From})"))];
    }

    // Each server is what the strongest file says that has its parts.
    private static IEnumerable<DeclaredSensor> ServersOf(IReadOnlyList<SettingsLayer> layers, Func<SettingsLayer, BridleSettings> of) =>
        layers.SelectMany(layer => of(layer).LanguageServers?.Keys ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(name =>
        {
            var parts = layers.Where(layer => of(layer).LanguageServers?.ContainsKey(name) is true).ToList();
            var server = parts.Select(layer => of(layer).LanguageServers![name]).Aggregate((strong, weak) => new()
            {
                Command = strong.Command ?? weak.Command, Args = strong.Args ?? (strong.Command is null ? weak.Args : null), Extensions = strong.Extensions ?? weak.Extensions, When = strong.When ?? weak.When,
                Severity = strong.Severity ?? weak.Severity,
            });
            return new DeclaredSensor(name, new() { Command = string.Join(' ', [server.Command ?? "", .. server.Args ?? []]), When = server.When ?? ["edit"], Severity = server.Severity }, string.Join(", ", parts.Select(layer => layer.Path)))
            {
                Server = server, IsOfProject = parts.Any(layer => layer.IsOfProject),
            };
        });

    private static string? WhyNotServer(DeclaredSensor one, HostFiles files) =>
        one.Server is not { Command.Length: > 0, Extensions.Count: > 0 } ? "a language server needs a command and extensions."
        : one.IsOfProject && !files.Trust.MayRun(TrustKind, one.Content) ? "it was not approved as it stands now: it is new or has changed. Look at it, then `bridle trust`." : null;

    private static IEnumerable<(string Name, SensorDefinition Written)> Defined(HostFiles files) =>
        files.Layers.Layers.SelectMany(layer => layer.Counts.Sensors?.Define?.Keys ?? []).Distinct(StringComparer.Ordinal)
            .Select(name => (name, Merged(files.Layers.Layers, name, layer => layer.Counts)!.Written));

    private static DeclaredSensor? Merged(IEnumerable<SettingsLayer> layers, string name, Func<SettingsLayer, BridleSettings> of)
    {
        var parts = layers.Select(layer => (layer.Path, Written: of(layer).Sensors?.Define?.GetValueOrDefault(name))).Where(part => part.Written is not null).ToList();
        return parts.Count == 0 ? null : new(name, parts.Select(part => part.Written!).Aggregate(DeclaredSensor.Over), string.Join(", ", parts.Select(part => part.Path)));
    }

    private static string? WhyNot(DeclaredSensor sensor, HostFiles files)
    {
        if (sensor.Written.Enabled is false)
        {
            return $"switched off in {sensor.From}.";
        }

        if (sensor.WhyNot is { } known)
        {
            return known;
        }

        if (sensor.Command is null && sensor.Prompt is null)
        {
            return "it says neither what to run (command) nor what to ask a model (prompt).";
        }

        return sensor.IsOfProject && !files.Trust.MayRun(TrustKind, Merged(files.Layers.Layers, sensor.Name, layer => layer.Counts)!.Content)
            ? "it was not approved as it stands now: it is new or has changed. Look at it, then `bridle trust`." : null;
    }
}
