using Bridle.Hosting.Sandboxes;
using Bridle.Sandboxing;
using Bridle.Tools;
using Bridle.Workspaces;

namespace Bridle.Hosting.Assembly;

/// <summary>What confines the programs of one session, with the doors and the private folder that are opened for it and go with it.</summary>
internal sealed class SessionConfinement(SandboxInForce inForce, SandboxDoors? doors, PrivatePlace? place) : IAsyncDisposable
{
    /// <summary>What is in force.</summary>
    public SandboxInForce InForce => inForce;

    /// <summary>The files that must not change, or null for none.</summary>
    public SealedPlaces? Sealed { get; private init; }

    /// <summary>Opens it by what was decided; nothing is confined where a session brings a workspace of its own.</summary>
    public static SessionConfinement Open(HarnessRequest request, HostFiles files, SandboxDecision? decision, IFiles workspace, IReadOnlyList<string> shown, List<string> notices)
    {
        var (root, sealedPlaces) = (workspace.Root, SealedPlaces.Of(AcceptanceAssembly.Patterns(request, files.Layers), workspace));
        var place = Path.Combine(request.InMemory ? Path.GetTempPath() : Path.Combine(files.Folders.State, "sandbox"), $"bridle-{Guid.NewGuid():N}");
        var taken = decision?.Sandbox is null ? null : PrivatePlace.Take(place, request.Time);
        var doors = decision?.Sandbox is null ? null : SandboxDoors.Open(request, files, root, notices);
        if (decision?.Notice is { } notice)
        {
            notices.Add(notice);
        }

        return new(decision?.InForce(files, root, place, doors, BuiltInTools.Repository, sealedPlaces, shown) ?? SandboxInForce.Nothing, doors, taken) { Sealed = sealedPlaces };
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await (doors?.DisposeAsync() ?? ValueTask.CompletedTask);
        }
        finally
        {
            place?.Dispose();
        }
    }
}
