using Bridle.Events;
using Bridle.Hosting.Assembly;
using Bridle.Journal;
using Bridle.Messages;
using Bridle.Permissions;
using Bridle.Workspaces;

namespace Bridle.Hosting.Grants;

/// <summary>What may run in an open session, and what its person agreed to, for looking and for taking back. Safe to use concurrently.</summary>
public sealed class SessionPermissions
{
    private readonly HarnessRequest _request;
    private readonly HostFiles _files;
    private readonly PermissionsInForce _inForce;
    private readonly SessionEvents _events;
    private readonly IFiles _door;
    private readonly Func<IReadOnlyList<Recorded>> _decided;

    internal SessionPermissions(HarnessRequest request, HostFiles files, PermissionsInForce inForce, SessionEvents events, IFiles door, Func<IReadOnlyList<Recorded>> decided) =>
        (_request, _files, _inForce, _events, _door, _decided) = (request, files, inForce, events, door, decided);

    /// <summary>The rules in force and every grant: the session's own, and what is kept beyond it.</summary>
    public PermissionOverview Read()
    {
        var notices = new List<string>();
        var own = _files.Layers.ManagedAllowOnly ? [] : SessionGrants.From(_decided());
        var kept = _files.Layers.ManagedAllowOnly ? [] : PolicyAssembly.Kept(_request, _files, _door.Root, notices);
        return new(_inForce.Renewed(), [.. own, .. kept], notices) { Files = _door, Folder = _request.Folder };
    }

    /// <summary>
    /// Takes back what was granted under that id, for the session or for longer: from the next call on it is asked about again. Synced before it is reported. What it was, or null
    /// with why nothing was taken back.
    /// </summary>
    public async ValueTask<(PermissionGrant? Revoked, string? Problem)> RevokeAsync(string id, CancellationToken cancellationToken)
    {
        if (SessionGrants.From(_decided()).FirstOrDefault(grant => grant.Id == id) is { } own)
        {
            await _events.RecordAsync(RunId.Session, new GrantRevoked(id, "person"), Durability.Synced, cancellationToken);
            _inForce.Revoke(own);
            return (own, null);
        }

        var found = PolicyAssembly.Kept(_request, _files, _door.Root, []).FirstOrDefault(grant => grant.Id == id);
        var (removed, problem) = found is null ? (false, null) : new KeptGrants(_files.Folders.Grants).Remove(id);
        return removed ? (found, null) : (null, problem ?? "nothing was granted under that name here");
    }
}
