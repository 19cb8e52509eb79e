using Bridle.Hosting.Trust;
using Bridle.Sandboxing;
using Bridle.Tools.Containers;
using Bridle.Workspaces;

namespace Bridle.Hosting.Sandboxes;

/// <summary>Reads which container commands run in from the three variables of the seed, and the person's settings.</summary>
internal static class ContainerSetup
{
    private const string EngineVariable = "SANDBOX_CONTAINER_RUNTIME_EXECUTABLE";
    private const string ImageVariable = "SANDBOX_CONTAINER_IMAGE";
    private const string VolumeVariable = "SANDBOX_CONTAINER_WORKSPACE_VOLUME_NAME";

    // What the seed calls it.
    private const string UsualVolume = "llm-harness-tool-workspace";

    /// <summary>The variables that are read.</summary>
    public static IReadOnlyList<string> Variables { get; } = [EngineVariable, ImageVariable, VolumeVariable];

    // What engines read to find their daemon, their settings and their storage.
    private static readonly string[] s_passed =
        ["CONTAINERS_CONF", "CONTAINERS_STORAGE_CONF", "CONTAINERS_REGISTRIES_CONF", "CONTAINER_HOST", "DOCKER_HOST", "DOCKER_CONFIG", "DOCKER_CONTEXT", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "DBUS_SESSION_BUS_ADDRESS"];

    /// <summary>The containers that all commands run in when settings name them as the backend.</summary>
    public static ContainerSandbox Sandbox(HostFiles files)
    {
        var (environment, settings) = (files.Environment, files.Layers.Effective.Sandbox?.Container);
        var engine = environment[EngineVariable] ?? ContainerOptions.UsualEngine;
        var (user, group) = UserIds.OfThisProcess;
        return new(new(engine, settings?.Image ?? environment[ImageVariable] ?? ContainerOptions.UsualImage)
        {
            User = $"{user}:{group}",
            KeepUser = user != 0 && Path.GetFileName(engine) == ContainerOptions.UsualEngine,
            MemoryMb = settings?.MemoryMb is > 0 and var memory ? memory : 2048,
            Variables = ForEngine(files),
        });
    }

    /// <summary>The tool, where somebody named the volume or the request wants it anyway; null elsewhere. What was not named then has its usual name.</summary>
    public static ContainerTools? Tools(HarnessRequest request, HostFiles files)
    {
        var environment = files.Environment;
        if ((environment[VolumeVariable] ?? (request.OffersContainer ? UsualVolume : null)) is not { } volume)
        {
            return null;
        }

        var engine = environment[EngineVariable] ?? ContainerOptions.UsualEngine;
        var (user, group) = UserIds.OfThisProcess;
        var options = new ContainerOptions(engine, environment[ImageVariable] ?? ContainerOptions.UsualImage, volume)
        {
            User = $"{user}:{group}",
            KeepUser = user != 0 && Path.GetFileName(engine) == ContainerOptions.UsualEngine,
            HasNetwork = files.Layers.Effective.Sandbox?.Container?.Network is true,
            MemoryMb = files.Layers.Effective.Sandbox?.Container?.MemoryMb is > 0 and var memory ? memory : 2048,
        };
        return new(options, ForEngine(files));
    }

    // The engine runs as the person does, so it is not looked for where a confined program could have put one.
    private static Dictionary<string, string> ForEngine(HostFiles files)
    {
        var all = s_passed.Where(name => files.Environment[name] is not null).ToDictionary(name => name, name => files.Environment[name]!);
        if ((files.Environment[PersonsPath.Name] ?? Environment.GetEnvironmentVariable(PersonsPath.Name)) is { } path)
        {
            all[PersonsPath.Name] = PersonsPath.For(files).Of(path);
        }

        return all;
    }
}
