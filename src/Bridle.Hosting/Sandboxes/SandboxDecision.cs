using Bridle.Hosting.Assembly;
using Bridle.Hosting.Settings;
using Bridle.Hosting.Toolchains;
using Bridle.Sandboxing;
using Bridle.Tools;

namespace Bridle.Hosting.Sandboxes;

/// <summary>Which sandbox a session gets, and why.</summary>
/// <param name="Requested"><c>sandbox</c>, <c>required</c> or <c>off</c>.</param>
/// <param name="Sandbox">The one that works, or null.</param>
/// <param name="Why">Why there is none, or none that is better, in words; else empty.</param>
public sealed record SandboxDecision(string Requested, ISandbox? Sandbox, string Why)
{
    /// <summary>The values of the flag <c>--sandbox</c>.</summary>
    public static IReadOnlyList<string> Flags { get; } = ["auto", "required", "off"];

    /// <summary>The values of the key <c>sandbox.backend</c>.</summary>
    public static IReadOnlyList<string> Backends { get; } = ["auto", "bubblewrap", "container", "landlock", "seatbelt", "none"];

    /// <summary>Why nothing may be started, or null.</summary>
    public HarnessRefused? Refused { get; init; }

    /// <summary>What a person should be told at the start, or null.</summary>
    public string? Notice => Overruled is { } overruled ? $"{overruled}{(Confinement is { } told ? $" {told}" : "")}" : Confinement;

    /// <summary>Which flag does not count, and why; null when each does.</summary>
    public string? Overruled { get; init; }

    private string? Confinement => Refused is not null || Why.Length == 0 || Requested is "off" ? null
        : Sandbox is null ? $"Commands are not confined: {Why}" : $"Commands are confined by {Sandbox.Name} only, which holds less (`bridle sandbox report`): {Why}";

    /// <summary>The backends there are, the one that is taken first when several work first.</summary>
    public static IReadOnlyList<ISandbox> All => [BubblewrapSandbox.Shared, LandlockSandbox.Shared, new SeatbeltSandbox()];

    /// <summary>The same, with the containers that settings describe: they are taken only when settings name them.</summary>
    public static IReadOnlyList<ISandbox> For(HostFiles files) => [.. All, ContainerSetup.Sandbox(files)];

    /// <summary>Decides, trying backends until one works. <paramref name="flag"/> is what <c>--sandbox</c> said, or null.</summary>
    public static SandboxDecision Of(string? flag, LayeredSettings layers, IReadOnlyList<ISandbox> backends) => Of(flag, layers, backends, one => one.Probe());

    /// <summary>
    /// Decides as <see cref="Of(string?, LayeredSettings, IReadOnlyList{ISandbox})"/> does. To try a backend is to start a program and to wait for it: where nothing can come of it that
    /// keeps a session from starting, that happens on a thread of its own, and the session is put together meanwhile.
    /// </summary>
    internal static Task<SandboxDecision> Deciding(string? flag, LayeredSettings layers, IReadOnlyList<ISandbox> backends)
    {
        var settings = layers.Effective.Sandbox;
        var mayRefuse = flag is not (null or "auto") || settings is { Required: true } or { Backend: not (null or "auto") };
        return mayRefuse ? Task.FromResult(Of(flag, layers, backends)) : Task.Factory.StartNew(() => Of(flag, layers, backends), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>What would be decided, by what can be seen without starting anything.</summary>
    internal static SandboxDecision Look(string? flag, LayeredSettings layers, IReadOnlyList<ISandbox> backends) => Of(flag, layers, backends, one => one.Look());

    private static SandboxDecision Of(string? flag, LayeredSettings layers, IReadOnlyList<ISandbox> backends, Func<ISandbox, SandboxProbe> look)
    {
        var settings = layers.Effective.Sandbox ?? new();
        var backend = settings.Backend ?? "auto";
        var forced = layers.Layers.FirstOrDefault(layer => layer.IsManaged && layer.Counts.Sandbox?.Required is true);
        var isRequired = flag is "required" || (settings.Required is true && (flag is not "off" || forced is not null));
        if (flag is "off" && forced is not null)
        {
            return Refuse($"The administrator's settings in {forced.Path} demand a sandbox, so --sandbox off is not possible.", "Leave out --sandbox off.");
        }

        // What the administrator turned on no flag and no other file turns off, as for every other key.
        var turnedOn = layers.Layers.FirstOrDefault(layer => layer.IsManaged && layer.Counts.Sandbox?.Enabled is true);
        var overruled = turnedOn is not null && flag is "off" ? $"--sandbox off does not count: the administrator's settings in {turnedOn.Path} turn the sandbox on (sandbox.enabled)." : null;
        var isOff = turnedOn is null && (flag is "off" || (flag is null && (settings.Enabled is false || backend is "none")));
        if (isOff)
        {
            var why = flag is "off" ? "switched off by --sandbox off; runs as you, on this machine" : "switched off in settings; runs as you, on this machine";
            return isRequired ? Refuse("A sandbox is demanded (sandbox.required) and switched off (sandbox.enabled, sandbox.backend) at the same time.", "Take one of the two out of your settings.") : new("off", null, why);
        }

        var wanted = backends.Where(one => one.Name == backend || (backend is "auto" or "none" && one is not (SeatbeltSandbox or ContainerSandbox))).ToList();
        var failures = new List<string>();
        foreach (var one in wanted)
        {
            var probe = look(one);
            if (probe.Works)
            {
                return new(isRequired ? "required" : "sandbox", one, string.Join(" ", failures)) { Overruled = overruled };
            }

            failures.Add($"{one.Name}: {probe.Detail}");
        }

        var reason = failures.Count > 0 ? string.Join(" ", failures) : $"there is no backend '{backend}' on this machine.";

        // Who names a backend demands it: to run without one would be a silent fall back.
        return isRequired || backend is not ("auto" or "none")
            ? Refuse($"A sandbox is demanded and none can be started. {reason}", "Install bubblewrap, take another sandbox.backend, or see `bridle doctor`.")
            : new("sandbox", null, reason) { Overruled = overruled };
    }

    /// <summary>What is in force for a session.</summary>
    internal SandboxInForce InForce(HostFiles files, string workspace, string privateFolder, SandboxDoors? doors, ToolDefinition? repositoryTool = null, SealedPlaces? sealedPlaces = null, IReadOnlyList<string>? shown = null)
    {
        if (Sandbox is not { } sandbox)
        {
            return new SandboxInForce(Requested, Why);
        }

        var profile = SandboxProfiles.For(files, workspace, privateFolder, sealedPlaces) with { Shown = shown ?? [] };
        return new SandboxInForce(sandbox, doors?.AddTo(profile) ?? profile)
        {
            Refused = doors?.Refused,
            RepositoryTool = repositoryTool,
            Unasked = doors is null ? UnaskedAt(files, workspace) : doors.Unasked,
        };
    }

    // For what only judges and starts nothing.
    private static UnaskedNetwork UnaskedAt(HostFiles files, string workspace) =>
        new(ToolchainPlan.FetchingOf(ToolchainPlan.Chosen(files.Environment, workspace, files.Layers.Effective.Sandbox?.Toolchains)), _ => SandboxNetwork.None);

    private static SandboxDecision Refuse(string message, string advice) => new("required", null, message) { Refused = new("sandbox", message, advice) };
}
