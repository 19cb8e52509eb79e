using System.Text.Json.Serialization;
using Bridle.Permissions;

namespace Bridle.Hosting.Grants;

/// <summary>A grant as it is kept.</summary>
internal sealed record GrantRow(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("actor")] string Actor, [property: JsonPropertyName("capability")] string Capability,
    [property: JsonPropertyName("pattern")] string? Pattern, [property: JsonPropertyName("lifetime")] string Lifetime, [property: JsonPropertyName("folder")] string? Folder,
    [property: JsonPropertyName("given_at")] DateTimeOffset GivenAt)
{
    public static GrantRow Of(PermissionGrant grant) =>
        new(grant.Id, grant.Actor, grant.Capability, grant.Pattern, grant.Lifetime is GrantLifetime.Project ? "project" : "always", grant.Folder, grant.GivenAt);

    /// <summary>The grant, or null when the row says nothing that may be kept.</summary>
    public PermissionGrant? ToGrant()
    {
        if (Id is not { Length: > 0 } || Actor is not { Length: > 0 } || Capability is not { Length: > 0 } || Lifetime is not ("project" or "always") || (Lifetime == "project" && Folder is not ['/' or not '\0', ..]))
        {
            return null;
        }

        var grant = new PermissionGrant(Id, Actor, Capability, Pattern, Lifetime == "project" ? GrantLifetime.Project : GrantLifetime.Always, GivenAt) { Folder = Folder };
        return grant.ToRule() is null ? null : grant;
    }
}

/// <summary>Serialisation made at compile time.</summary>
[JsonSerializable(typeof(GrantRow))]
internal sealed partial class GrantJson : JsonSerializerContext;
